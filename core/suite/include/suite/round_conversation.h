// A conversation of what happened: a suite's answer that is to be talked about.
//
// Thread contract: a plain function.
#pragma once

#include "base/result.h"
#include "session/session.h"

namespace llmc::suite {

// A session without a suite, of `candidate` alone, whose last round is round `number` with all its attempts. The turns
// that the suite had prepared stand before it as rounds; no model said them, so that they have no figures, and a warning
// says so. Tools are not offered any more. `number` is a round of the session, and the candidate has an answer in it.
// Errors: `parse`, where the session's suite cannot be read.
Result<session::Session> conversation_of(const session::Session& session, int number,
                                         const session::CandidateId& candidate);

}  // namespace llmc::suite
