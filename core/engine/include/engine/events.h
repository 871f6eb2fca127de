// What happens in a session, as it happens: for the log, for `--events` and for notices.
//
// Thread contract: plain values, made by the director, read by the front end in order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "session/session.h"

namespace llmc::engine {

struct Event {
    enum class Kind {
        session,    // a session starts, once for each: candidates and servers are in `session`
        round,      // a round starts
        state,      // an answer's state has changed; `answer` as it is now
        step,       // a step of an answer has ended: the last of `answer`
        anew,       // what came as an answer's text was reasoning; `answer` with the stream that tells both anew
        warning,    // something to know that stops nothing; of an answer where `candidate` is set
        server,     // a server came, went or changed
        refused,    // a start was refused: `text` says why, one reason a line
        halt,       // the session has halted: `text` is the reason
        report,     // a file was written: `path`
        unwritten,  // a file that was asked for could not be written: `text` says why. After `report` of those that
                    // were
        error,      // something else was refused or failed that is no answer
        done        // nothing is left to do: the queue is empty and every round is complete, or everything was stopped
    };
    Kind kind = Kind::warning;
    base::WallTime time{};
    session::CandidateId candidate;  // empty where it does not apply
    std::string label;
    int round = 0;  // 0 where it does not apply
    std::string server;
    std::string text;
    std::string path;
    std::optional<session::Answer> answer;            // of `state`, `step` and `anew`
    std::shared_ptr<const session::Session> session;  // of `session`: as it started
};

}  // namespace llmc::engine
