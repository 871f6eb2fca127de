// The program's own list of files, where the desktop has no dialog for them: folders, a filter, a path that is typed
// and completed.
//
// Thread contract: main thread; folders are read by Background. Invariants: a folder that cannot be read says so and
// leaves the list as it was; what is chosen depends on what is typed or marked, never on how far a folder was read; a file that is there is only replaced after the button has said so.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gui/folder.h"
#include "gui/frame_view.h"

namespace llmc::gui {

class FileList {
public:
    struct Wanted {
        bool saves = false;
        std::string patterns;                                               // "*.txt *.md"
        std::filesystem::path start;                                        // a folder, or the file that is proposed
        std::filesystem::path home;                                         // what "~" is
        std::vector<std::pair<std::string, std::filesystem::path>> places;  // "Reports"
    };
    explicit FileList(Wanted wanted);

    enum class Outcome { none, chosen, cancelled };
    Outcome draw(const FrameView& frame, Commands& commands);
    std::filesystem::path chosen() const;  // after Outcome::chosen

private:
    // Of the folder that was read last; shared with the job that reads another.
    struct Listing {
        std::filesystem::path folder;
        std::vector<FolderEntry> entries;
        std::string trouble;
        std::filesystem::path asked;                   // read last, or being read
        std::optional<std::filesystem::path> instead;  // the next folder above it that is there
        int changes = 0;
    };

    TypedPath typed() const { return typed_path(typed_, folder_, wanted_.home); }
    void read(const std::filesystem::path& folder, Commands& commands);
    void go_to(std::filesystem::path folder);
    void follow(Commands& commands);
    void take_keys();
    void draw_places(const FrameView& frame);
    bool draw_rows(const FrameView& frame);  // true where the chosen one is opened
    bool enter();                            // true where it is a file: that is chosen
    const FolderEntry* chosen_entry() const;
    bool replaces() const;

    Wanted wanted_;
    std::filesystem::path folder_;  // what is typed is meant from here
    std::string typed_;
    std::shared_ptr<Listing> listing_ = std::make_shared<Listing>();
    bool shows_all_ = false;

    // Of the listing, for these words.
    std::vector<std::size_t> shown_;
    std::optional<std::size_t> row_;  // of shown_, the chosen one
    std::string shown_for_;
    int shown_changes_ = 0;
    bool moves_view_ = false, takes_keys_ = true;
};

}  // namespace llmc::gui
