#include "engine/probe_run.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "side_run.h"

namespace llmc::engine {
namespace {

class ProbeRun {
public:
    ProbeRun(const ProbeOrder& order, const std::stop_token& stop,
             const std::function<void(const ProbeProgress&)>& tell)
        : order_(order), stop_(stop), tell_(tell), side_(order.options, stop) {}

    ProbeOutcome run() {
        const auto tells = [this](const Snapshot& now) { say(now); };
        engine_.post(configured());
        side_.wait_for_servers(order_.servers.size(), tells);
        if (!stop_.stop_requested()) add_candidates(engine_.snapshot().servers);
        if (asked_.empty() || stop_.stop_requested()) return finished();
        engine_.post(RunSuite{probe::probe_suite(), 1});
        std::ranges::move(side_.follow_to_end(tells), std::back_inserter(outcome_.missing));
        if (outcome_.missing.empty() || !engine_.snapshot().session.rounds.empty()) judge(engine_.snapshot());
        return finished();
    }

private:
    // Of whom a probe is made; the server as its manifest tells it.
    struct Asked {
        session::Candidate candidate;
        probe::Probe probe;
    };

    Configure configured() const {
        Configure configure{.servers = order_.servers,
                            .settings = suite::with_suite(session::Settings(), probe::probe_suite())};
        configure.settings.timeout_s = order_.settings.timeout_s;
        configure.settings.connect_timeout_s = order_.settings.connect_timeout_s;
        configure.settings.on_failure = session::OnFailure::keep_going;
        return configure;
    }

    // Each model at each server that has it, once; what nobody has is told.
    void add_candidates(const std::vector<ServerStatus>& servers) {
        for (const ServerStatus& status : servers)
            if (auto away = unreachable(status)) outcome_.missing.push_back(words(*away));
        for (const session::Candidate& wanted : order_.candidates) {
            const std::vector<int> able = servers_for(servers, wanted);
            if (able.empty()) outcome_.missing.push_back(words(missing_model(servers, wanted)));
            for (const int index : able) {
                const ServerStatus& status = servers[static_cast<std::size_t>(index)];
                Asked asked{.candidate = {.model_id = wanted.model_id, .server = status.server.url.text()}};
                asked.probe.server = status.server.url.text();
                asked.probe.server_version = status.manifest->version;
                if (const openai::ModelInfo* info = status.manifest->find(wanted.model_id))
                    asked.probe.quantization = info->quantization;
                const bool is_known = std::ranges::any_of(asked_, [&](const Asked& one) {
                    return one.candidate.model_id == asked.candidate.model_id &&
                           one.candidate.server == asked.candidate.server;
                });
                if (is_known) continue;
                engine_.post(AddCandidate{asked.candidate, {}});
                asked_.push_back(std::move(asked));
            }
        }
    }

    void say(const Snapshot& now) {
        if (!tell_) return;
        ProbeProgress progress{.answers_done = now.answers_done, .answers_total = now.answers_total};
        for (const session::Candidate& one : now.session.candidates) {
            const session::Answer* answer = answer_now(now, one.id);
            if (!answer || session::is_final(answer->state) || answer->state == session::AnswerState::queued) continue;
            progress.running.push_back(
                fmt::format("{}: {} on {}", now.session.rounds[static_cast<std::size_t>(answer->round) - 1]->prompt_id,
                            one.model_id, answer->server));
        }
        tell_(progress);
    }

    // Candidates stand in the order in which they were added.
    void judge(const Snapshot& ended) {
        const auto& candidates = ended.session.candidates;
        for (std::size_t i = 0; i < asked_.size() && i < candidates.size(); ++i) {
            probe::Probe made = probe::probe_of(ended.session, candidates[i].id);
            made.server = asked_[i].probe.server;
            made.quantization = asked_[i].probe.quantization;
            made.server_version = asked_[i].probe.server_version;
            outcome_.probes.push_back(std::move(made));
        }
        outcome_.all_answered = probe::all_answered(ended.session);
    }

    ProbeOutcome finished() {
        outcome_.is_stopped = stop_.stop_requested();
        if (outcome_.is_stopped) outcome_.probes.clear();
        return std::move(outcome_);
    }

    const ProbeOrder& order_;
    const std::stop_token& stop_;
    const std::function<void(const ProbeProgress&)>& tell_;
    SideRun side_;
    Engine& engine_ = side_.engine();
    std::vector<Asked> asked_;
    ProbeOutcome outcome_;
};

}  // namespace

ProbeOutcome run_probes(const ProbeOrder& order, const std::stop_token& stop,
                        const std::function<void(const ProbeProgress&)>& tell) {
    return ProbeRun(order, stop, tell).run();
}

}  // namespace llmc::engine
