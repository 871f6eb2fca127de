// What is remembered of the user's work from one start to the next: prompts that were typed, sessions that were opened
// or saved. Only while the user lets it be remembered, and nothing of a session that was discarded.
//
// Thread contract: main thread. Invariant: a prompt comes into the remembered ones with the file that its session comes
// into, and never before; those of a file are never typed.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "gui/frame_view.h"
#include "gui/window_state.h"

namespace llmc::gui {

class History {
public:
    explicit History(WindowState& state);  // where it is remembered

    void typed(std::string prompt);  // and sent, in the session that is open
    void kept();                     // the session is in a file
    void session_ends() { typed_.clear(); }
    void used(const std::filesystem::path& path);  // a session's file
    void note(const std::filesystem::path& path, bool is_there);
    std::span<const RecentSession> recent() const { return recent_; }

    void set_keeps(bool is_on);
    void forget();

private:
    void list_recent();

    WindowState& state_;
    std::vector<std::string> typed_;
    std::vector<RecentSession> recent_;  // as state_.sessions
};

}  // namespace llmc::gui
