#include "side_run.h"

#include <algorithm>

namespace llmc::engine {

using namespace std::chrono_literals;

void SideRun::follow(const std::function<bool(const Snapshot&)>& condition,
                     const std::function<void(const Snapshot&)>& say) {
    for (;;) {
        engine_.look();
        const Snapshot& now = engine_.snapshot();
        const bool holds = condition(now);
        say(now);
        if (holds || stop_.stop_requested()) return;
        base::Lock lock(mutex_);
        pause_.wait_for(lock, stop_, 100ms, [] { return false; });
    }
}

void SideRun::wait_for_servers(std::size_t servers, const std::function<void(const Snapshot&)>& say) {
    const auto is_known = [servers](const Snapshot& now) {
        return now.servers.size() == servers &&
               std::ranges::all_of(now.servers, [](const auto& one) { return one.is_asked || one.is_loading; });
    };
    follow(is_known, say);
}

std::vector<std::string> SideRun::follow_to_end(const std::function<void(const Snapshot&)>& say) {
    std::vector<std::string> refused;
    bool is_over = false;
    const auto ends = [&](const Snapshot&) {
        while (auto event = engine_.next_event()) {
            is_over = is_over || event->kind == Event::Kind::done || event->kind == Event::Kind::refused;
            if (event->kind == Event::Kind::refused) refused.push_back(event->text);
        }
        return is_over;
    };
    follow(ends, say);
    return refused;
}

}  // namespace llmc::engine
