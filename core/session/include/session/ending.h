// Who ended an answer that is not complete, and whether a session has come to its end.
//
// Thread contract: pure functions.
#pragma once

#include <string_view>

#include "session/session.h"

namespace llmc::session {

// How the warning of an answer begins that one of its checks ended.
inline constexpr std::string_view kStoppedByCheck = "stopped by its check";

// A check of it ended the answer: the last word on it, though it was stopped.
bool was_stopped_by_check(const Answer& answer);

// The user or another answer's failure ended it: it says nothing about the model.
bool was_ended_by_others(const Answer& answer);

// Nothing waits, and every answer that counts has ended; further attempts may still run.
bool has_ended(const Session& session);

}  // namespace llmc::session
