// `run --resume FILE`: a session from a file or a report that is to go on.
//
// Thread contract: blocks on the disk.
#pragma once

#include "base/result.h"
#include "cli/options.h"
#include "cli/setup.h"
#include "session/session.h"

namespace llmc::cli {

// The session in options.resume. `setup` is what configuration file and command line say, and becomes what the session
// goes on with: its own servers, candidates and settings, but for what the command line names. With --model only these
// candidates go on, the others are skipped; a model that the session does not have joins it. The prompts that waited in
// the session follow its rounds, then those on the command line; a list that begins with what the session was given
// goes on where that ends. Errors: `usage`, `io`, `parse`; where nothing is left to do.
Result<session::Session> resume_session(const Options& options, Setup& setup);

// What the engine is asked for, so that of a session's candidates `wanted` take part and no others; one without an id
// is new.
std::vector<engine::Command> candidate_changes(const std::vector<session::Candidate>& before,
                                               const std::vector<session::Candidate>& wanted);

}  // namespace llmc::cli
