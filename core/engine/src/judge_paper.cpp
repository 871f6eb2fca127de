#include "judge_paper.h"

#include <algorithm>
#include <random>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "suite/criteria.h"

namespace llmc::engine {
namespace {

using session::Answer;
using session::Round;
using session::Verdict;

constexpr std::size_t kMarkerLetters = 12;

std::string marker_for(const std::vector<std::string_view>& quoted) {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::random_device device;
    std::uniform_int_distribution<std::size_t> any(0, kLetters.size() - 1);
    for (;;) {
        std::string marker;
        while (marker.size() < kMarkerLetters) marker += kLetters[any(device)];
        if (decide::is_marker_for(marker, quoted)) return marker;
    }
}

// What it said and did.
std::string shown(const Answer& answer) {
    std::string text(answer.text());
    for (const openai::ToolCall& call : answer.tool_calls)
        text += fmt::format("{}[tool call] {} {}", text.empty() ? "" : "\n", call.name, call.arguments);
    return text;
}

std::vector<std::string> failed_checks(const Answer& answer) {
    std::vector<std::string> failed;
    for (const session::CheckResult& check : answer.checks)
        if (!check.passed) failed.push_back(fmt::format("{}: {}", check.type, check.detail));
    return failed;
}

std::string key_of(const std::string& prompt_id, const base::Json& case_values) {
    return prompt_id + '\0' + base::dump_json(case_values);
}

}  // namespace

JudgePaper::JudgePaper(const session::Session& session, const std::string& model, const session::Verdicts& known)
    : session_(session), known_(known) {
    using Place = std::tuple<int, session::CandidateId, session::CandidateId>;
    std::set<Place> answered;
    for (const auto& verdict : known_) answered.insert(Place(verdict->round, verdict->a, verdict->b));
    const auto is_open = [&](int round, const session::CandidateId& a, const session::CandidateId& b) {
        return !answered.contains(Place(round, a, b)) && !answered.contains(Place(round, b, a));
    };
    if (session.suite && session.suite->source.is_object())
        if (auto read = suite::suite_from_json(session.suite->source)) suite_ = *std::move(read);
    if (suite_)
        for (const suite::Task& task : suite::tasks(*suite_, 1)) {
            std::string& before = prepared_[key_of(task.prompt_id, task.case_values)];
            if (suite_->system_prompt && before.empty()) before = *suite_->system_prompt + "\n\n";
            for (const openai::Message& message : *task.messages)
                before += fmt::format("{}: {}\n\n", message.role, message.content);
        }
    for (const auto& round : session.rounds) {
        std::vector<const session::Candidate*> judged;
        for (const session::Candidate& candidate : session.candidates) {
            const Answer* answer = round->counted(candidate.id);
            if (candidate.model_id != model && answer && answer->state == session::AnswerState::complete)
                judged.push_back(&candidate);
        }
        for (std::size_t i = 0; i < judged.size(); ++i)
            for (std::size_t j = i + 1; j < judged.size(); ++j)
                for (const bool is_swapped : {false, true})
                    if (is_open(round->number, judged[i]->id, judged[j]->id))
                        questions_.push_back({round->number, judged[i]->id, judged[j]->id, is_swapped});
        if (judged.empty() || criteria(*round).is_empty()) continue;
        for (const session::Candidate* one : judged)
            if (is_open(round->number, one->id, {}))
                questions_.push_back({.round = round->number,
                                      .a = one->id,
                                      .b = {},
                                      .may_be_partly = !failed_checks(*round->counted(one->id)).empty()});
    }
}

decide::Criteria JudgePaper::criteria(const Round& round) const {
    if (!suite_) return {};
    const suite::Criteria found = suite::criteria_of(*suite_, round.prompt_id, round.case_values);
    return {found.pass, found.fail};
}

std::string JudgePaper::task(const Round& round) const {
    const auto before = prepared_.find(key_of(round.prompt_id, round.case_values));
    return (before == prepared_.end() ? std::string() : before->second) + round.prompt;
}

std::string JudgePaper::text(const JudgeQuestion& question) const {
    const Round& round = *session_.rounds[static_cast<std::size_t>(question.round) - 1];
    const std::string asked = task(round);
    const decide::Criteria wanted = criteria(round);
    const Answer& a = *round.counted(question.a);
    const std::string one = shown(a);
    if (question.b.empty()) {
        const std::vector<std::string> failed = failed_checks(a);
        std::vector<std::string_view> quoted{asked, one, wanted.pass, wanted.fail};
        quoted.insert(quoted.end(), failed.begin(), failed.end());
        return decide::criteria_question(asked, one, wanted, failed, marker_for(quoted));
    }
    const std::string other = shown(*round.counted(question.b));
    const std::string marker = marker_for({asked, one, other, wanted.pass, wanted.fail});
    return question.is_swapped ? decide::pair_question(asked, other, one, wanted, marker)
                               : decide::pair_question(asked, one, other, wanted, marker);
}

base::OrderedJson JudgePaper::words(const JudgeQuestion& question) {
    const base::OrderedJson schema =
        question.b.empty() ? decide::criteria_schema(question.may_be_partly) : decide::pair_schema();
    return schema.at("properties").at("verdict").at("enum");
}

decide::ReadVerdict JudgePaper::read(const JudgeQuestion& question, std::string_view answer) {
    return question.b.empty() ? decide::read_criteria_verdict(answer, question.may_be_partly)
                              : decide::read_pair_verdict(answer);
}

session::Verdicts JudgePaper::verdicts(const std::vector<JudgeReading>& readings) const {
    std::vector<std::shared_ptr<const Verdict>> all(known_.begin(), known_.end());
    for (std::size_t i = 0; i < questions_.size(); ++i) {
        const JudgeQuestion& question = questions_[i];
        Verdict verdict;
        if (question.b.empty()) {
            if (!readings[i].is_done) continue;
            verdict = {.round = question.round, .a = question.a, .b = {}};
            verdict.word = readings[i].read.word.value_or(Verdict::Word::abstains);
            verdict.reason = readings[i].read.word ? readings[i].read.reason : "its answer cannot be read as a verdict";
            if (!readings[i].fault.empty()) verdict.reason = readings[i].fault;
        } else {
            const JudgeReading &in_order = readings[i], &swapped = readings[++i];
            if (!in_order.is_done || !swapped.is_done) continue;
            verdict = decide::pair_verdict(question.round, question.a, question.b, in_order.read, swapped.read);
            if (const std::string& fault = in_order.fault.empty() ? swapped.fault : in_order.fault; !fault.empty())
                verdict.reason = fault;
        }
        all.push_back(std::make_shared<const Verdict>(std::move(verdict)));
    }
    std::ranges::stable_sort(all, {}, [](const auto& verdict) { return verdict->round; });
    session::Verdicts list;
    list.append(all.begin(), all.end());
    return list;
}

}  // namespace llmc::engine
