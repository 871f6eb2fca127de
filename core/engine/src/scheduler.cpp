#include "engine/scheduler.h"

#include <algorithm>
#include <tuple>

namespace llmc::engine {
namespace {

bool has(const std::vector<std::string>& list, const std::string& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

bool can_take(const Waiting& waiting, const FreeServer& server) {
    return server.slots > 0 &&
           std::find(waiting.servers.begin(), waiting.servers.end(), server.index) != waiting.servers.end();
}

}  // namespace

std::vector<Assignment> assign(std::vector<FreeServer> free, std::vector<Waiting> waiting, session::Order order) {
    const bool knows_loads = order == session::Order::swap_aware || order == session::Order::by_model;
    std::vector<Assignment> made;
    for (;;) {
        // The server's rule first, then the place in the order, then the candidate's rule: smallest wins.
        using Rank = std::tuple<int, int, int, int, int>;
        Rank best_rank;
        FreeServer* best_server = nullptr;
        const Waiting* best_waiting = nullptr;
        for (const Waiting& candidate : waiting) {
            const auto choices = std::count_if(free.begin(), free.end(),
                                               [&](const FreeServer& server) { return can_take(candidate, server); });
            for (FreeServer& server : free) {
                if (!can_take(candidate, server)) continue;
                const bool is_loaded = knows_loads && has(server.loaded, candidate.model);
                const bool goes_on = candidate.is_between_steps && server.index == candidate.last_server;
                const int preference = goes_on ? -1 : candidate.is_pinned ? 0 : is_loaded ? 1 : choices == 1 ? 2 : 3;
                const Rank rank{preference, candidate.position, is_loaded ? 0 : 1,
                                server.index == candidate.last_server ? 0 : 1, server.index};
                if (best_server && best_rank <= rank) continue;
                best_rank = rank, best_server = &server, best_waiting = &candidate;
            }
        }
        if (!best_server) return made;
        made.push_back({best_waiting->key, best_server->index});
        --best_server->slots;
        waiting.erase(waiting.begin() + (best_waiting - waiting.data()));
    }
}

int position_in_round(int index, int count, int round, session::Order order) {
    if (order != session::Order::rotate || count <= 0) return index;
    return ((index - (round - 1)) % count + count) % count;
}

}  // namespace llmc::engine
