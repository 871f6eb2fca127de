// What a judge model is asked about answers, and how what it says is read (agents.md section 6).
//
// Thread contract: pure functions.
// Invariants: what candidates wrote stands between lines with a marker that nobody who wrote it could know, as data;
// nothing in a question names a candidate. What cannot be read is an abstention. Reading costs time linear in the text.
// Source of the pairwise question: Zheng et al., "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena", 2023, fig. 5.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "session/judge.h"

namespace llmc::decide {

inline constexpr int kJudgeWords = 1;  // the version of all questions: another one, another judge

// What a suite says of its prompt for people and judges; empty where it says nothing.
struct Criteria {
    std::string pass, fail;
    bool is_empty() const { return pass.empty() && fail.empty(); }
};

// What holds for every question.
std::string_view judge_system_prompt();

// A line that tells data from words, `marker` in it: letters and digits that no quoted text holds.
bool is_marker_for(std::string_view marker, const std::vector<std::string_view>& quoted);

// Which of two answers is better: "A" is the first, "B" the second. The criteria are quoted where there are any.
std::string pair_question(std::string_view prompt, std::string_view first, std::string_view second,
                          const Criteria& criteria, std::string_view marker);
// Whether an answer fulfils its criteria. `failed_checks`: what it failed already, for which alone a judge may say
// "partly".
std::string criteria_question(std::string_view prompt, std::string_view answer, const Criteria& criteria,
                              const std::vector<std::string>& failed_checks, std::string_view marker);

// What its answer has to fit: {"reason", "verdict"}, the reason first, so that it is thought of first.
base::OrderedJson pair_schema();
base::OrderedJson criteria_schema(bool may_be_partly);

struct ReadVerdict {
    std::optional<session::Verdict::Word> word;  // a: the first, b: the second; nothing: it cannot be read
    std::string reason;
};
// From JSON (the arguments of a call are JSON too), be it with words around it; else from "[[A]]", "[[B]]", "[[C]]".
ReadVerdict read_pair_verdict(std::string_view text);
// "cannot say" is `abstains`; "[[pass]]" and so on where there is no JSON.
ReadVerdict read_criteria_verdict(std::string_view text, bool may_be_partly);

// What a judge says of a pair that it saw in both orders. `swapped` is as it was read: there the first was b.
session::Verdict pair_verdict(int round, session::CandidateId a, session::CandidateId b, const ReadVerdict& in_order,
                              const ReadVerdict& swapped);

}  // namespace llmc::decide
