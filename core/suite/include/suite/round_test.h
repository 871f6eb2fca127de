// A suite of what happened: a round that went wrong becomes a test that can be asked again.
//
// Thread contract: a plain function.
#pragma once

#include "base/json.h"
#include "session/session.h"

namespace llmc::suite {

// A suite's document with one prompt: what `candidate` was asked in round `number`, with its system prompt, its settings,
// what had been said before and, where the round was a suite's, what that said of the prompt. What the candidate
// answered is its expected_response. `number` is a round of the session, and the candidate has an answer in it.
base::OrderedJson test_of_round(const session::Session& session, int number, const session::CandidateId& candidate);

}  // namespace llmc::suite
