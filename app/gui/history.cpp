#include "gui/history.h"

#include <algorithm>
#include <utility>

namespace llmc::gui {

History::History(WindowState& state) : state_(state) {
    list_recent();
}

void History::typed(std::string prompt) {
    if (state_.keeps_history) typed_.push_back(std::move(prompt));
}

void History::kept() {
    for (const std::string& prompt : std::exchange(typed_, {})) state_.remember_prompt(prompt);
}

void History::used(const std::filesystem::path& path) {
    if (!state_.keeps_history) return;
    state_.remember_session(path);
    list_recent();
    note(path, true);
}

void History::note(const std::filesystem::path& path, bool is_there) {
    const auto found = std::ranges::find(recent_, path, &RecentSession::path);
    if (found != recent_.end()) found->is_there = is_there;
}

void History::list_recent() {
    const std::vector<RecentSession> before = std::exchange(recent_, {});
    for (const std::string& path : state_.sessions) {
        const auto known = std::ranges::find(before, std::filesystem::path(path), &RecentSession::path);
        recent_.push_back(known == before.end() ? RecentSession{path, true} : *known);
    }
}

void History::set_keeps(bool is_on) {
    state_.keeps_history = is_on;
    if (!is_on) forget();
}

void History::forget() {
    typed_.clear();
    recent_.clear();
    state_.prompts.clear();
    state_.sessions.clear();
}

}  // namespace llmc::gui
