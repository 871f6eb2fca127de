#include "cast_evidence.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "decide/licence.h"
#include "metrics/recorder.h"
#include "metrics/summary.h"

namespace llmc::decide {
namespace {

using session::Answer;
using session::AnswerState;
using session::Round;
using session::Session;

struct Heard {
    const Round* round = nullptr;
    const Answer* answer = nullptr;
};

bool is_same_saying(const Answer& one, const Answer& other) {
    return one.state == other.state && one.started_at == other.started_at && one.text() == other.text() &&
           one.tool_calls == other.tool_calls;
}

// Of the answers that files of one session hold in one place: whether `one` makes `other` superfluous. Equal answers:
// the one that was judged meanwhile.
bool supersedes(const Heard& one, const Heard& other) {
    if (one.round->prompt != other.round->prompt) return false;
    if (one.answer->attempt != other.answer->attempt) return one.answer->attempt > other.answer->attempt;
    if (!is_same_saying(*one.answer, *other.answer)) return false;
    const auto judged = [](const Answer& answer) {
        return std::tuple(!answer.rating.is_empty(), answer.checks.size());
    };
    return judged(*one.answer) >= judged(*other.answer);
}

// Which answers and rounds of the sources count: all, but for those that another file of the same session has, too.
class Census {
public:
    explicit Census(std::span<const CastSource> sources) {
        for (const CastSource& source : sources) enter(*source.session);
    }

    bool counts(const Answer& answer) const { return !left_out_.contains(&answer); }
    bool votes_count(const Round& round) const { return !without_votes_.contains(&round); }
    bool verdicts_count(const Session& session) const {
        const auto most = judged_.find(session.id);
        return most == judged_.end() || most->second == &session;
    }

private:
    void enter(const Session& session) {
        if (session.id.empty()) return;
        for (const auto& round : session.rounds) {
            for (const Answer& answer : round->answers)
                enter_answer(session, {round.get(), round->counted(answer.candidate)});
            enter_votes(session, *round);
        }
        const Session*& most = judged_[session.id];
        if (!most || verdicts_in(*most) < verdicts_in(session)) most = &session;
    }

    static std::size_t verdicts_in(const Session& session) {
        std::size_t sum = 0;
        for (const session::Judge& judge : session.judges) sum += judge.verdicts.size();
        return sum;
    }

    void enter_answer(const Session& session, Heard heard) {
        std::vector<Heard>& known = answers_[{session.id, heard.round->number, heard.answer->candidate}];
        for (Heard& other : known) {
            if (supersedes(other, heard)) {
                left_out_.insert(heard.answer);
                return;
            }
            if (supersedes(heard, other)) {
                left_out_.insert(other.answer);
                other = heard;
                return;
            }
        }
        known.push_back(heard);
    }

    // Votes are only ever added to a round.
    void enter_votes(const Session& session, const Round& round) {
        const Round*& known = votes_[{session.id, round.number}];
        if (known && known->prompt != round.prompt) return;
        const Round* fewer = !known || known->votes.size() < round.votes.size() ? known : &round;
        if (fewer) without_votes_.insert(fewer);
        if (fewer != &round) known = &round;
    }

    std::map<std::tuple<std::string, int, session::CandidateId>, std::vector<Heard>> answers_;
    std::map<std::tuple<std::string, int>, const Round*> votes_;
    std::map<std::string, const Session*> judged_;  // by its id: the copy with the most verdicts
    std::set<const Answer*> left_out_;
    std::set<const Round*> without_votes_;
};

void add_rating(RatingCounts& counts, const session::Rating& rating) {
    if (rating.thumbs) ++(*rating.thumbs > 0 ? counts.thumbs_up : counts.thumbs_down);
    if (rating.stars) {
        ++counts.starred;
        counts.stars += *rating.stars;
    }
}

// Tokens of reasoning in the output, where both are known.
struct ReasoningSum {
    std::int64_t reasoning = 0, output = 0;

    void add(const Answer& answer) {
        const auto& metrics = answer.metrics;
        if (!metrics.output_tokens || (!metrics.reasoning_tokens && !answer.reasoning().empty())) return;
        reasoning += metrics.reasoning_tokens.value_or(0);
        output += *metrics.output_tokens;
    }
    std::optional<double> share() const {
        if (output <= 0) return std::nullopt;
        return std::min(1.0, static_cast<double>(reasoning) / static_cast<double>(output));
    }
};

void add_note(std::vector<std::string>& notes, const std::string& note) {
    if (!note.empty() && std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(note);
}

template <class Key>
Key commonest(const std::map<Key, int>& counts) {
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& one, const auto& other) { return one.second < other.second; });
    return most == counts.end() ? Key() : most->first;
}

Latencies latencies_of(const std::vector<const CountedAnswer*>& answers) {
    std::map<std::string_view, std::vector<double>> all;
    for (const CountedAnswer* counted : answers) {
        const metrics::AnswerMetrics& metrics = counted->answer->metrics;
        if (counted->answer->state != AnswerState::complete || !metrics.end_to_end_latency_s) continue;
        if (metrics.model_warmth == metrics::ModelWarmth::cold) continue;
        all[counted->round->prompt].push_back(*metrics.end_to_end_latency_s);
    }
    Latencies latencies;
    for (auto& [prompt, seconds] : all) latencies[prompt] = *metrics::quantile(std::move(seconds), 0.5);
    return latencies;
}

Contender contender_of(const std::string& label, const std::vector<const CountedAnswer*>& answers) {
    Contender contender{.label = label};
    Evidence& evidence = contender.evidence;
    std::vector<metrics::AnswerMetrics> complete;
    std::map<std::string, int> servers, models;
    ReasoningSum reasoning;
    const Answer* latest = nullptr;
    for (const CountedAnswer* counted : answers) {
        const Answer& answer = *counted->answer;
        for (const session::CheckResult& check : answer.checks) evidence.checks.add(check.passed);
        add_rating(evidence.ratings, answer.rating);
        add_note(contender.notes, answer.rating.note);
        ++models[counted->model];
        if (!answer.server.empty()) ++servers[answer.server];
        if (!latest || answer.started_at >= latest->started_at) latest = &answer;
        if (answer.state != AnswerState::complete) continue;
        complete.push_back(answer.metrics);
        reasoning.add(answer);
    }
    contender.model = commonest(models);
    contender.server = commonest(servers);
    if (latest) contender.settings = latest->settings;
    const metrics::Summary summary = metrics::summarize(complete);
    evidence.answers = summary.answers;
    evidence.cold_answers = summary.cold_answers;
    evidence.time_to_first_token_s = summary.median_time_to_first_token_s ? summary.median_time_to_first_token_s
                                                                          : summary.median_cold_time_to_first_token_s;
    evidence.decode_tokens_per_s = summary.median_decode_tokens_per_s;
    evidence.reasoning_share = reasoning.share();
    return contender;
}

void add_votes(std::vector<Contender>& contenders, const std::vector<CountedVote>& votes) {
    const auto find = [&](const std::string& label) {
        return static_cast<std::size_t>(
            std::find_if(contenders.begin(), contenders.end(),
                         [&](const Contender& contender) { return contender.label == label; }) -
            contenders.begin());
    };
    std::vector<Outcome> outcomes;
    std::vector<bool> has_votes(contenders.size());
    for (const CountedVote& vote : votes) {
        const std::size_t a = find(vote.a), b = find(vote.b);
        if (a == b || a == contenders.size() || b == contenders.size()) continue;
        const auto counts = vote.is_of_judge ? &Evidence::verdicts : &Evidence::votes;
        count_vote(vote.winner, contenders[a].evidence.*counts, contenders[b].evidence.*counts);
        if (const auto outcome = outcome_of({.winner = vote.winner}, a, b)) {
            outcomes.push_back(*outcome);
            has_votes[a] = has_votes[b] = true;
        }
    }
    const Ranking ranking = bradley_terry(contenders.size(), outcomes);
    for (std::size_t i = 0; i < contenders.size(); ++i)
        if (has_votes[i]) contenders[i].evidence.vote_score = ranking.scores[i];
}

}  // namespace

std::string role_of(const Session& session) {
    if (!session.suite) return {};
    return session.suite->role.empty() ? session.suite->name : session.suite->role;
}

Gathered gather(std::span<const CastSource> sources) {
    Gathered gathered;
    const Census census(sources);
    for (const CastSource& source : sources) {
        const Session& session = *source.session;
        const std::string role = role_of(session);
        if (role.empty()) {
            gathered.without_role.push_back(source.name);
            continue;
        }
        RoleEvidence& evidence = gathered.roles[role];
        const std::vector<std::string> labels = session::unique_labels(session.candidates);
        std::map<session::CandidateId, std::size_t> places;
        for (std::size_t i = 0; i < labels.size(); ++i) places[session.candidates[i].id] = i;
        const auto add_vote = [&](const session::Vote& vote, bool is_of_judge) {
            const auto a = places.find(vote.a), b = places.find(vote.b);
            if (a != places.end() && b != places.end())
                evidence.votes.push_back({labels[a->second], labels[b->second], vote.winner, is_of_judge});
        };
        for (const auto& round : session.rounds) {
            for (const Answer& current : round->answers) {
                const Answer& answer = *round->counted(current.candidate);
                if (const auto place = places.find(answer.candidate); place != places.end() && census.counts(answer))
                    evidence.answers.push_back({&session, &answer, round.get(), labels[place->second],
                                                session.candidates[place->second].model_id});
            }
            if (census.votes_count(*round))
                for (const session::Vote& vote : round->votes) add_vote(vote, false);
        }
        if (!census.verdicts_count(session)) continue;
        for (const auto& [round, votes] : licensed_votes(session))
            for (const session::Vote& vote : votes) add_vote(vote, true);
        for (const session::Judge& judge : session.judges)
            if (!is_licensed(session, judge)) evidence.unlicensed.insert(judge.name());
    }
    return gathered;
}

std::optional<double> median_latency(const Latencies& of, const Latencies& and_of) {
    std::vector<double> seconds;
    for (const auto& [prompt, took] : of)
        if (and_of.contains(prompt)) seconds.push_back(took);
    return metrics::quantile(std::move(seconds), 0.5);
}

std::vector<Contender> contenders_of(const RoleEvidence& evidence, std::map<std::string, Latencies>& latencies) {
    std::map<std::string, std::vector<const CountedAnswer*>> by_label;
    for (const CountedAnswer& answer : evidence.answers) by_label[answer.label].push_back(&answer);
    std::vector<Contender> contenders;
    for (const auto& [label, answers] : by_label) {
        contenders.push_back(contender_of(label, answers));
        latencies[label] = latencies_of(answers);
    }
    add_votes(contenders, evidence.votes);
    return contenders;
}

std::vector<EvidenceAnswer> evidence_answers(std::span<const CastSource> sources, std::string_view role) {
    std::vector<EvidenceAnswer> answers;
    const Gathered gathered = gather(sources);
    if (const auto found = gathered.roles.find(std::string(role)); found != gathered.roles.end())
        for (const CountedAnswer& one : found->second.answers)
            answers.push_back({one.session, one.round, one.answer, one.label});
    return answers;
}

}  // namespace llmc::decide
