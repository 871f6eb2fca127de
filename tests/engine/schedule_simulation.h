// A simulation of batches on servers that hold one model at a time, for judging the scheduler: it calls the same
// assign() as the director.
//
// An instance has servers, candidates with models, a batch of synchronized rounds, times to load a model and to answer.
// The scheduler does not know the times of answers. The optimum knows everything: for each round every assignment of
// candidates to servers is tried, with every model that a server can end with, over all states that the round before
// can leave (dynamic programming over brute force). Within a server answers of one model follow each other and the
// model that is loaded goes first: any other order loads more.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include "engine/scheduler.h"

namespace llmc::test {

struct BatchInstance {
    int models = 0;
    std::vector<double> load_s;                 // by model
    std::vector<std::vector<bool>> has;         // [server][model]
    std::vector<int> model_of;                  // by candidate
    std::vector<std::vector<double>> answer_s;  // [round][candidate]
    std::vector<double> speed;                  // by server: 1 is normal
};

struct BatchResult {
    double makespan_s = 0;
    int loads = 0;
};

inline BatchInstance make_instance(std::mt19937& random, int servers = 0) {
    const auto pick = [&random](int low, int high) {
        return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
    };
    const auto real = [&random](double low, double high) {
        return low + (high - low) * (static_cast<double>(random()) / 4294967295.0);
    };
    BatchInstance made;
    made.models = pick(2, 4);
    for (int m = 0; m < made.models; ++m) made.load_s.push_back(real(2, 20));
    if (servers == 0) servers = pick(1, 3);
    made.has.assign(static_cast<std::size_t>(servers), std::vector<bool>(static_cast<std::size_t>(made.models)));
    for (int m = 0; m < made.models; ++m) {
        for (auto& server : made.has) server[static_cast<std::size_t>(m)] = pick(0, 1) == 1;
        made.has[static_cast<std::size_t>(pick(0, servers - 1))][static_cast<std::size_t>(m)] = true;
    }
    for (int s = 0; s < servers; ++s) made.speed.push_back(1);
    const int candidates = pick(2, 5);
    std::vector<double> typical;
    for (int c = 0; c < candidates; ++c) {
        made.model_of.push_back(pick(0, made.models - 1));
        typical.push_back(real(5, 40));
    }
    for (int r = 0, rounds = pick(2, 5); r < rounds; ++r) {
        made.answer_s.emplace_back();
        for (int c = 0; c < candidates; ++c)
            made.answer_s.back().push_back(typical[static_cast<std::size_t>(c)] * real(0.6, 1.6));
    }
    return made;
}

// What the director does: whenever a server is free, assign().
inline BatchResult simulate(const BatchInstance& batch, session::Order order) {
    const std::size_t servers = batch.has.size(), candidates = batch.model_of.size();
    std::vector<int> loaded(servers, -1), last_server(candidates, -1);
    BatchResult result;
    for (std::size_t round = 0; round < batch.answer_s.size(); ++round) {
        std::vector<double> free_at(servers, 0);
        std::vector<bool> is_served(candidates, false);
        double now = 0;
        for (std::size_t left = candidates; left > 0;) {
            std::vector<engine::FreeServer> free;
            for (std::size_t s = 0; s < servers; ++s)
                if (free_at[s] <= now) {
                    free.push_back({.index = static_cast<int>(s), .slots = 1, .loaded = {}});
                    if (loaded[s] >= 0) free.back().loaded.push_back(std::to_string(loaded[s]));
                }
            std::vector<engine::Waiting> waiting;
            for (std::size_t c = 0; c < candidates; ++c) {
                if (is_served[c]) continue;
                engine::Waiting one{
                    .key = static_cast<int>(c),
                    .position = engine::position_in_round(static_cast<int>(c), static_cast<int>(candidates),
                                                          static_cast<int>(round) + 1, order),
                    .model = std::to_string(batch.model_of[c]),
                    .last_server = last_server[c]};
                for (std::size_t s = 0; s < servers; ++s)
                    if (batch.has[s][static_cast<std::size_t>(batch.model_of[c])])
                        one.servers.push_back(static_cast<int>(s));
                waiting.push_back(std::move(one));
            }
            for (const engine::Assignment& made : engine::assign(free, waiting, order)) {
                const auto c = static_cast<std::size_t>(made.key), s = static_cast<std::size_t>(made.server);
                const int model = batch.model_of[c];
                double time = batch.answer_s[round][c] / batch.speed[s];
                if (loaded[s] != model) time += batch.load_s[static_cast<std::size_t>(model)], ++result.loads;
                loaded[s] = model;
                last_server[c] = made.server;
                free_at[s] = now + time;
                is_served[c] = true;
                --left;
            }
            double next = std::numeric_limits<double>::infinity();
            for (const double at : free_at)
                if (at > now) next = std::min(next, at);
            if (left > 0) now = next;
        }
        result.makespan_s += *std::max_element(free_at.begin(), free_at.end());
    }
    return result;
}

// The least makespan that any schedule with synchronized rounds can have.
inline double optimum(const BatchInstance& batch) {
    const std::size_t servers = batch.has.size(), candidates = batch.model_of.size();
    std::map<std::vector<int>, double> best{{std::vector<int>(servers, -1), 0}};  // by the models that are loaded
    for (const auto& answer_s : batch.answer_s) {
        std::map<std::vector<int>, double> next;
        for (const auto& [loaded, spent] : best) {
            std::vector<int> on(candidates, 0);
            // Every assignment of candidates to servers, as a number with `servers` as its base.
            for (;;) {
                bool is_possible = true;
                for (std::size_t c = 0; c < candidates && is_possible; ++c)
                    is_possible =
                        batch.has[static_cast<std::size_t>(on[c])][static_cast<std::size_t>(batch.model_of[c])];
                if (is_possible) {
                    double makespan = 0;
                    std::vector<std::vector<int>> ends(servers);  // models that each server may end with
                    for (std::size_t s = 0; s < servers; ++s) {
                        std::vector<bool> uses(static_cast<std::size_t>(batch.models));
                        double time = 0;
                        int distinct = 0;
                        for (std::size_t c = 0; c < candidates; ++c) {
                            if (on[c] != static_cast<int>(s)) continue;
                            const auto model = static_cast<std::size_t>(batch.model_of[c]);
                            time += answer_s[c] / batch.speed[s];
                            if (uses[model]) continue;
                            uses[model] = true;
                            ++distinct;
                            if (loaded[s] != batch.model_of[c]) time += batch.load_s[model];
                        }
                        for (int m = 0; m < batch.models; ++m)
                            if (uses[static_cast<std::size_t>(m)] && (distinct == 1 || m != loaded[s]))
                                ends[s].push_back(m);
                        if (ends[s].empty()) ends[s].push_back(loaded[s]);
                        makespan = std::max(makespan, time);
                    }
                    std::vector<std::size_t> choice(servers, 0);
                    for (;;) {
                        std::vector<int> after(servers);
                        for (std::size_t s = 0; s < servers; ++s) after[s] = ends[s][choice[s]];
                        const auto [entry, is_new] = next.try_emplace(after, spent + makespan);
                        if (!is_new) entry->second = std::min(entry->second, spent + makespan);
                        std::size_t s = 0;
                        while (s < servers && ++choice[s] == ends[s].size()) choice[s++] = 0;
                        if (s == servers) break;
                    }
                }
                std::size_t c = 0;
                while (c < candidates && ++on[c] == static_cast<int>(servers)) on[c++] = 0;
                if (c == candidates) break;
            }
        }
        best = std::move(next);
    }
    double least = std::numeric_limits<double>::infinity();
    for (const auto& [loaded, spent] : best) least = std::min(least, spent);
    return least;
}

struct ScheduleFigures {
    int instances = 0;
    double median_over_optimum = 0, p95_over_optimum = 0;
    double geometric_mean_over_listed = 0;
    int more_loads_than_listed = 0;  // of instances with one server
};

inline ScheduleFigures judge_schedules(int instances, unsigned seed = 1) {
    std::mt19937 random(seed);
    std::vector<double> over_optimum;
    double log_over_listed = 0;
    ScheduleFigures figures{.instances = instances};
    for (int i = 0; i < instances; ++i) {
        const BatchInstance batch = make_instance(random);
        const BatchResult ours = simulate(batch, session::Order::swap_aware),
                          listed = simulate(batch, session::Order::listed);
        over_optimum.push_back(ours.makespan_s / optimum(batch));
        log_over_listed += std::log(ours.makespan_s / listed.makespan_s);
        if (batch.has.size() == 1 && ours.loads > listed.loads) ++figures.more_loads_than_listed;
    }
    std::sort(over_optimum.begin(), over_optimum.end());
    figures.median_over_optimum = over_optimum[over_optimum.size() / 2];
    figures.p95_over_optimum = over_optimum[over_optimum.size() * 95 / 100];
    figures.geometric_mean_over_listed = std::exp(log_over_listed / instances);
    return figures;
}

}  // namespace llmc::test
