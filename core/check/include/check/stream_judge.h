// Judges an answer while it streams: reports a broken check as soon as nothing that may still come can mend it.
//
// An answer with steps has no StreamJudge, for a text or a number may be another in its next step: judge_steps() after
// each step says what is broken.
//
// Thread contract: one thread at a time, the one that receives the answer.
// Invariants: a break that was reported stays one for every continuation of the text: half-finished JSON or a match of
// `yes$` at the end so far is none. All work together is linear in the text, however it is cut; nothing is allocated
// while nothing breaks.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "check/checks.h"
#include "metrics/answer_metrics.h"
#include "session/answer.h"

namespace llmc::check {

// What max_ttft_s says of a wait for the first token, a model load taken off: one that is still on, or is over. Nothing
// while it is kept, and of every other check.
std::optional<session::CheckResult> judge_wait(const Check& check, double waited_s, bool is_over);

struct Break {
    std::size_t check = 0;  // its index
    bool stops = false;     // the check says stop_on_break
    session::CheckResult result;
};

// What the steps so far have broken for good: of the checks that judge_answer() would find so whatever steps may follow
// (forbidden_tools, allowed_tools, arguments_valid, no_cycle, max_steps). In the order of the checks.
std::vector<Break> judge_steps(const std::vector<Check>& checks, const session::Answer& so_far);

class TextWatch;

class StreamJudge {
public:
    explicit StreamJudge(std::shared_ptr<const std::vector<Check>> checks);  // not null
    StreamJudge(StreamJudge&& other) noexcept;
    StreamJudge& operator=(StreamJudge&& other) noexcept;
    ~StreamJudge();

    // Whether nothing that is fed can break any of them.
    bool is_idle() const;

    // The whole text so far, valid UTF-8 that ends on a whole code point; what was there before must not have changed.
    void update(std::string_view text);
    // The numbers so far. Reasoning counts by the server's own count; before there is one, and while there is nothing but
    // reasoning, by the estimate as far as token chunks bear it out.
    void update(const metrics::AnswerMetrics& metrics);

    // What is broken, in the order in which it was found; each check once.
    const std::vector<Break>& breaks() const { return breaks_; }
    // The first that has to stop the answer; null where none has.
    const Break* stop() const;

private:
    void note(std::size_t check, session::CheckResult result);

    std::shared_ptr<const std::vector<Check>> checks_;
    std::vector<std::unique_ptr<TextWatch>> watches_;  // by check; null where nothing is watched any more
    std::vector<Break> breaks_;
};

}  // namespace llmc::check
