// The few questions that the window asks before it does something: what to do with what was not kept, whether to open a
// link, whether to end blind mode, what to do with a session that was lost, which file where there is no native dialog.
//
// Thread contract: main thread; draw() within a frame, after all windows. One question at a time; the newest wins.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gui/file_list.h"
#include "gui/frame_view.h"

namespace llmc::gui {

// A session that a program which ended early has left.
struct RecoverableSession {
    std::filesystem::path path;  // of its crash journal
    std::string title;           // when it began, how much there is
    std::string candidates;
    std::string damage;  // what of it cannot be read; empty: nothing, but for an end that was torn by a kill
};

enum class AfterKeeping { quit, clear, open, suite };  // what was asked for while there was something to lose

struct ModalAnswer {
    enum class Kind {
        save,
        export_reports,
        discard,
        open_link,
        copy_link,
        path,
        recover,
        discard_journal,
        reveal,
        cancel
    };
    Kind kind = Kind::discard;
    std::string text;  // the link, the file, or that of a journal
    FileKind file = FileKind::prompts;
    bool saves = false;  // the path is where to save
};

class Modals {
public:
    void ask_to_keep(AfterKeeping after, bool is_running);
    void ask_about_link(std::string url);
    void ask_for_file(FileKind file, FileList::Wanted wanted);
    void ask_to_reveal();  // who is who: blind mode ends
    // One row per session; it stays open until each was recovered or discarded, or the user has put it off.
    void offer_recovery(std::vector<RecoverableSession> sessions);
    bool is_open() const { return open_.has_value(); }

    std::optional<ModalAnswer> draw(const FrameView& frame, Commands& commands);

private:
    struct Keep {
        AfterKeeping after;
        bool is_running;
    };
    struct Link {
        std::string url;
    };
    struct File {
        FileKind file;
        bool saves;
        FileList list;
    };
    struct Reveal {};
    struct Recovery {
        std::vector<RecoverableSession> sessions;
    };

    std::optional<ModalAnswer> draw_keep(const FrameView& frame, const Keep& keep);
    std::optional<ModalAnswer> draw_link(const FrameView& frame, const Link& link);
    std::optional<ModalAnswer> draw_file(const FrameView& frame, File& file, Commands& commands);
    static std::optional<ModalAnswer> draw_reveal(const FrameView& frame);
    std::optional<ModalAnswer> draw_recovery(const FrameView& frame, Recovery& recovery);

    std::optional<std::variant<Keep, Link, File, Reveal, Recovery>> open_;
};

}  // namespace llmc::gui
