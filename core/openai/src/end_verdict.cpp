#include "openai/answer_decoder.h"

namespace llmc::openai {

// Only what arrived counts: a connection that closes in order proves nothing (a proxy ends a chunked body properly when
// the server behind it has died), and one that breaks after the end takes nothing away.
EndVerdict judge_end(const AnswerFacts& facts, bool /*transport_ok*/) {
    EndVerdict verdict;
    verdict.warnings = facts.warnings;
    const bool has_answer = facts.has_text || facts.has_reasoning || !facts.tool_calls.empty();
    if (facts.error || facts.broken) {
        verdict.state = EndState::failed;
    } else if (!facts.finish_reason.empty()) {
        verdict.state = has_answer ? EndState::complete : EndState::empty;
        if (facts.finish_reason == "length")
            verdict.warnings.emplace_back("stopped at the token limit (finish reason length)");
    } else if (facts.is_done) {
        verdict.state = has_answer ? EndState::complete : EndState::empty;
        if (has_answer) verdict.warnings.emplace_back("no finish reason");
    } else {
        verdict.state = EndState::cut_off;
    }
    return verdict;
}

}  // namespace llmc::openai
