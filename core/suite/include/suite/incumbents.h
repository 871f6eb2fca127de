// What other models answered once to a suite's prompts (agents.md section 1): to be shown beside the candidates, in no
// group and no cast.
//
// Thread contract: plain values and functions; one thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "session/session.h"

namespace llmc::suite {

inline constexpr const char* kIncumbent = "incumbent";  // its candidate; given to nobody in a session

// An incumbent's answer as a round of its own, which shares nothing with the session's.
struct Incumbent {
    std::string label;  // "gpt-4 (incumbent)"
    std::shared_ptr<const session::Round> round;
};

// By the prompt's id. Its one answer is complete; its time, where the suite tells it, is that from end to end.
std::map<std::string, Incumbent> incumbents_of(const session::SuiteRun& run);

}  // namespace llmc::suite
