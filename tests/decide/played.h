// Sessions that were played, for casts.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "decide/cast.h"

namespace llmc::decide_test {

using decide::CastRole;
using decide::CastSheet;
using decide::CastSource;
using session::AnswerState;
using session::Vote;

inline const base::WallTime kNow{std::chrono::milliseconds{1'763'820'000'000}};

// Builds a session of one suite: a round per call of answer(), for one candidate.
class Played {
public:
    explicit Played(std::string id, std::string role = "planner", std::string suite = "basics") {
        session_.id = std::move(id);
        if (!suite.empty())
            session_.suite = std::make_shared<const session::SuiteRun>(
                session::SuiteRun{.name = std::move(suite), .role = std::move(role)});
    }

    // "+" passed, "-" failed, one per check.
    Played& answer(const std::string& label, std::string_view checks, double tokens_per_s = 0, double ttft_s = 0,
                   const std::function<void(session::Answer&)>& change = {}) {
        session::Answer made;
        made.candidate = candidate(label);
        made.state = AnswerState::complete;
        made.server = "rack";
        made.attempt = 1;
        made.stream = *session::AnswerStream::holding(fmt::format("{} {}", label, session_.rounds.size()), "");
        for (const char check : checks) made.checks.push_back({.type = "contains", .passed = check == '+'});
        if (tokens_per_s > 0) made.metrics.decode_tokens_per_s = tokens_per_s;
        if (ttft_s > 0) made.metrics.time_to_first_token_s = ttft_s;
        made.metrics.model_warmth = metrics::ModelWarmth::warm;
        if (change) change(made);
        auto round = std::make_shared<session::Round>();
        round->number = made.round = static_cast<int>(session_.rounds.size()) + 1;
        round->prompt = prompt_;
        round->prompt_id = "p";
        round->answers.push_back(std::move(made));
        session_.rounds.push_back(std::move(round));
        return *this;
    }
    Played& ask(std::string prompt) {
        prompt_ = std::move(prompt);
        return *this;
    }
    Played& vote(const std::string& a, const std::string& b, Vote::Winner winner) {
        auto round = std::make_shared<session::Round>(*session_.rounds.back());
        round->votes.push_back({candidate(a), candidate(b), winner});
        session_.rounds.set(session_.rounds.size() - 1, std::move(round));
        return *this;
    }
    Played& pick(const std::string& role, const std::string& label, std::string note = {}) {
        session_.casting.push_back({role, candidate(label), std::move(note)});
        return *this;
    }
    session::Session& session() { return session_; }

private:
    session::CandidateId candidate(const std::string& label) {
        for (const session::Candidate& known : session_.candidates)
            if (known.display_name == label) return known.id;
        session::Candidate made;
        made.id = fmt::format("c{}", session_.candidates.size() + 1);
        made.model_id = "model-" + label;
        made.display_name = label;
        session_.candidates.push_back(made);
        return made.id;
    }

    session::Session session_;
    std::string prompt_ = "p";
};

inline CastSheet sheet_of(std::vector<Played> all) {
    std::vector<CastSource> sources;
    for (std::size_t i = 0; i < all.size(); ++i) sources.push_back({fmt::format("{}.json", i), &all[i].session()});
    return decide::cast_sheet(sources);
}

inline std::function<void(session::Answer&)> took(double seconds,
                                                  metrics::ModelWarmth warmth = metrics::ModelWarmth::warm) {
    return [=](session::Answer& answer) {
        answer.metrics.end_to_end_latency_s = seconds;
        answer.metrics.model_warmth = warmth;
    };
}

// "planner: b a"
inline std::string order(const CastSheet& sheet) {
    std::string text;
    for (const CastRole& role : sheet.roles) {
        text += fmt::format("{}{}:", text.empty() ? "" : "; ", role.name);
        for (const auto& contender : role.contenders) text += " " + contender.label;
    }
    return text;
}

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace llmc::decide_test
