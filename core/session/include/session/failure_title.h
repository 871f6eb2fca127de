// What kind of failure an answer met with, in a few words: the one place where they are made. The error box, the menu
// bar, the halt line, reports and the command line begin with them; Failure::message tells the rest.
//
// Thread contract: pure.
#pragma once

#include <string>

#include "session/answer.h"

namespace llmc::session {

// "Context limit exceeded", "No token for 6 s", "Connection refused", "Cut off"; empty for an answer that did not fail.
std::string failure_title(const Answer& answer);

// How an answer ended, or where it is, within a sentence: "no token for 6 s", "interrupted", "complete".
std::string outcome_words(const Answer& answer);

}  // namespace llmc::session
