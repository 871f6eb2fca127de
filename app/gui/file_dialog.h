// The desktop's own dialogs for files and folders (zenity, kdialog …, another process), without waiting for them.
//
// Thread contract: main thread; one dialog at a time. A thread of its own waits for the dialog and calls `wake` when it
// was closed; no frames are drawn for it. The destructor closes an open dialog.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace llmc::gui {

class FileDialog {
public:
    enum class Purpose { open, open_many, save, folder };
    struct Filter {
        std::string name;      // "Prompts"
        std::string patterns;  // "*.txt *.md"
    };
    struct Request {
        Purpose purpose = Purpose::open;
        std::string title;
        std::filesystem::path start;  // a folder, or the file that is proposed
        std::vector<Filter> filters;  // "All files" comes after them by itself
    };

    explicit FileDialog(std::function<void()> wake);
    ~FileDialog();
    FileDialog(const FileDialog&) = delete;
    FileDialog& operator=(const FileDialog&) = delete;

    // Whether the desktop has one of the programs; else a path is typed.
    static bool is_available();
    // False where a dialog is open already.
    bool open(Request request);
    bool is_open() const;
    // Once after a dialog was closed: what was chosen, absolute; empty where it was cancelled.
    std::optional<std::vector<std::filesystem::path>> take();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace llmc::gui
