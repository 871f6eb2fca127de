// Having judges look at a session's answers, for `run --judge` and `report --judge`.
//
// Thread contract: blocks until the last verdict.
#pragma once

#include <vector>

#include "cli/platform.h"
#include "cli/terminal.h"
#include "config/config.h"
#include "session/session.h"

namespace llmc::cli {

struct Judging {
    std::vector<config::JudgeModel> judges;
    std::vector<session::Server> servers;
    session::Settings settings;  // of which the timeouts hold
};

struct Judged {
    std::vector<session::Judge> judges;  // with their verdicts; without the ids of `session`'s
    int status = 0;  // kOk; kNoServer: one of them is not there; kInterrupted: the rest were left out
};

// Tells how far they are, and for each in words whether its verdicts count.
Judged judge(const session::Session& session, const Judging& judging, Wakeups& wakeups, Terminal& terminal);

}  // namespace llmc::cli
