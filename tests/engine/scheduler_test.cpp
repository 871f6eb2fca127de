#include "engine/scheduler.h"

#include <algorithm>
#include <random>
#include <set>

#include <doctest/doctest.h>

using namespace llmc;
using engine::Assignment;
using engine::FreeServer;
using engine::Waiting;
using session::Order;

namespace {

Waiting waiting(int key, std::string model, std::vector<int> servers) {
    return {.key = key, .position = key, .model = std::move(model), .servers = std::move(servers)};
}

}  // namespace

TEST_CASE("a free server takes the candidate that is pinned to it before anybody else") {
    auto pinned = waiting(2, "b", {0});
    pinned.is_pinned = true;
    CHECK(engine::assign({{0, 1, {"a"}}}, {waiting(1, "a", {0}), pinned}, Order::swap_aware) ==
          std::vector<Assignment>{{2, 0}});
}

TEST_CASE("a free server prefers the model that it has loaded, unless the order leaves that out") {
    const std::vector<FreeServer> free{{0, 1, {"b"}}};
    const std::vector<Waiting> line{waiting(1, "a", {0}), waiting(2, "b", {0})};
    CHECK(engine::assign(free, line, Order::swap_aware) == std::vector<Assignment>{{2, 0}});
    CHECK(engine::assign(free, line, Order::by_model) == std::vector<Assignment>{{2, 0}});
    CHECK(engine::assign(free, line, Order::listed) == std::vector<Assignment>{{1, 0}});
    CHECK(engine::assign(free, line, Order::rotate) == std::vector<Assignment>{{1, 0}});
}

TEST_CASE("a candidate that only one free server can take goes there before one that has a choice") {
    CHECK(engine::assign({{0, 1, {}}, {1, 1, {}}}, {waiting(1, "a", {0, 1}), waiting(2, "b", {0})},
                         Order::swap_aware) == std::vector<Assignment>{{2, 0}, {1, 1}});
}

TEST_CASE(
    "of several free servers a candidate gets the one with its model, then that of its last round, then the first "
    "listed") {
    auto candidate = waiting(1, "a", {0, 1, 2});
    candidate.last_server = 1;
    CHECK(engine::assign({{0, 1, {}}, {1, 1, {}}, {2, 1, {"a"}}}, {candidate}, Order::swap_aware) ==
          std::vector<Assignment>{{1, 2}});
    CHECK(engine::assign({{0, 1, {}}, {1, 1, {}}, {2, 1, {"a"}}}, {candidate}, Order::listed) ==
          std::vector<Assignment>{{1, 1}});
    candidate.last_server = -1;
    CHECK(engine::assign({{0, 1, {}}, {1, 1, {}}}, {candidate}, Order::swap_aware) == std::vector<Assignment>{{1, 0}});
}

TEST_CASE("a server takes as many as it has slots, and nobody goes to a server that cannot take it") {
    CHECK(engine::assign({{0, 2, {}}},
                         {waiting(1, "a", {0}), waiting(2, "b", {0}), waiting(3, "c", {0}), waiting(4, "d", {1})},
                         Order::listed) == std::vector<Assignment>{{1, 0}, {2, 0}});
}

TEST_CASE("rotate lets another candidate begin each round") {
    for (int round = 1; round <= 6; ++round) {
        std::set<int> positions;
        for (int index = 0; index < 3; ++index) {
            const int position = engine::position_in_round(index, 3, round, Order::rotate);
            positions.insert(position);
            if (position == 0) CHECK(index == (round - 1) % 3);
        }
        CHECK(positions == std::set<int>{0, 1, 2});
    }
    CHECK(engine::position_in_round(2, 3, 5, Order::listed) == 2);
}

TEST_CASE(
    "whatever waits, assignments respect slots and eligibility, serve nobody twice, and leave no server idle that "
    "could work") {
    std::mt19937 random(7);
    const auto pick = [&random](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    for (int instance = 0; instance < 2000; ++instance) {
        std::vector<FreeServer> free;
        for (int i = 0, n = pick(4); i < n; ++i)
            free.push_back({i, 1 + pick(3), {std::string(1, static_cast<char>('a' + pick(3)))}});
        std::vector<Waiting> line;
        for (int i = 0, n = pick(7); i < n; ++i) {
            auto one = waiting(i, std::string(1, static_cast<char>('a' + pick(3))), {});
            for (int server = 0; server < 4; ++server)
                if (pick(2)) one.servers.push_back(server);
            line.push_back(one);
        }
        const Order order = std::vector{Order::swap_aware, Order::rotate, Order::listed,
                                        Order::by_model}[static_cast<std::size_t>(pick(4))];
        const auto made = engine::assign(free, line, order);
        std::set<int> served;
        std::vector<int> used(4);
        for (const Assignment& one : made) {
            CHECK(served.insert(one.key).second);
            const auto& servers = line[static_cast<std::size_t>(one.key)].servers;
            CHECK(std::find(servers.begin(), servers.end(), one.server) != servers.end());
            ++used[static_cast<std::size_t>(one.server)];
        }
        for (const FreeServer& server : free) {
            CHECK(used[static_cast<std::size_t>(server.index)] <= server.slots);
            if (used[static_cast<std::size_t>(server.index)] == server.slots) continue;
            for (const Waiting& one : line)
                if (!served.contains(one.key))
                    CHECK(std::find(one.servers.begin(), one.servers.end(), server.index) == one.servers.end());
        }
    }
}

TEST_CASE("a loop keeps its server between steps, and nobody starves") {
    std::mt19937 random(7);
    const auto below = [&](int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random); };
    for (int run = 0; run < 500; ++run) {
        const auto order = static_cast<session::Order>(below(4));
        const int candidates = 2 + below(4), servers = 1 + below(2);
        std::vector<int> steps_left(static_cast<std::size_t>(candidates)), last(steps_left.size(), -1);
        std::vector<bool> is_under_way(steps_left.size(), false);
        for (int& steps : steps_left) steps = 1 + below(6);
        std::vector<std::string> loaded(static_cast<std::size_t>(servers));
        int rounds = 0;
        // One request at a time on each server; all of them end together.
        for (; std::ranges::any_of(steps_left, [](int steps) { return steps > 0; }); ++rounds) {
            REQUIRE(rounds <= 6 * candidates);
            std::vector<engine::FreeServer> free;
            for (int i = 0; i < servers; ++i)
                free.push_back({.index = i, .slots = 1, .loaded = {loaded[static_cast<std::size_t>(i)]}});
            std::vector<engine::Waiting> waiting;
            for (int i = 0; i < candidates; ++i) {
                const auto at = static_cast<std::size_t>(i);
                if (steps_left[at] == 0) continue;
                engine::Waiting one{.key = i, .position = i, .model = "m" + std::to_string(i), .last_server = last[at]};
                for (int server = 0; server < servers; ++server) one.servers.push_back(server);
                one.is_between_steps = is_under_way[at];
                waiting.push_back(std::move(one));
            }
            const auto made = engine::assign(free, waiting, order);
            REQUIRE(!made.empty());
            for (const engine::Waiting& one : waiting) {
                if (!one.is_between_steps) continue;
                const auto place = std::ranges::find(made, one.key, &engine::Assignment::key);
                REQUIRE(place != made.end());
                CHECK(place->server == one.last_server);
            }
            for (const auto& [key, server] : made) {
                const auto at = static_cast<std::size_t>(key);
                last[at] = server;
                loaded[static_cast<std::size_t>(server)] = "m" + std::to_string(key);
                is_under_way[at] = --steps_left[at] > 0;
            }
        }
    }
}
