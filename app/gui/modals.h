// The few questions that the window asks before it does something: what to do with what was not kept, whether to open a
// link, which file where there is no native dialog.
//
// Thread contract: main thread; draw() within a frame, after all windows. One question at a time; the newest wins.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "gui/frame_view.h"

namespace llmc::gui {

enum class AfterKeeping { quit, clear, open };  // what was asked for while there was something to lose

struct ModalAnswer {
    enum class Kind { save, export_reports, discard, open_link, copy_link, path, cancel };
    Kind kind = Kind::discard;
    AfterKeeping after = AfterKeeping::quit;
    std::string text;  // the link, or the typed path
    FileKind file = FileKind::prompts;
    bool saves = false;  // the path is where to save
};

class Modals {
public:
    void ask_to_keep(AfterKeeping after, bool is_running);
    void ask_about_link(std::string url);
    void ask_for_path(FileKind file, bool saves, std::string proposed);
    bool is_open() const { return open_.has_value(); }

    std::optional<ModalAnswer> draw(const FrameView& frame);

private:
    struct Keep {
        AfterKeeping after;
        bool is_running;
    };
    struct Link {
        std::string url;
    };
    struct Path {
        FileKind file;
        bool saves;
        std::string text;
        bool is_new = true;
    };

    std::optional<ModalAnswer> draw_keep(const FrameView& frame, const Keep& keep);
    std::optional<ModalAnswer> draw_link(const FrameView& frame, const Link& link);
    std::optional<ModalAnswer> draw_path(const FrameView& frame, Path& path);

    std::optional<std::variant<Keep, Link, Path>> open_;
};

}  // namespace llmc::gui
