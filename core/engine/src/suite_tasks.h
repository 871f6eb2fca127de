// The tasks of the suite that a session runs, found again by what a round or a waiting prompt knows of them.
//
// Thread contract: one thread, the director's.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "session/session.h"
#include "suite/suite.h"

namespace llmc::engine {

class SuiteTasks {
public:
    SuiteTasks() = default;
    SuiteTasks(const suite::Suite& suite, int repeat);

    const std::vector<suite::Task>& all() const { return tasks_; }
    std::vector<session::QueuedPrompt> queue() const;
    // Of a round or a waiting prompt that comes from the suite; nullptr for any other.
    const suite::Task* find(const session::Round& round) const;
    const suite::Task* find(const session::QueuedPrompt& prompt) const;

private:
    const suite::Task* find(const std::string& prompt_id, const base::Json& case_values, int repeat) const;

    std::vector<suite::Task> tasks_;
    std::map<std::string, std::size_t> by_name_;
};

// An answer of a suite that ended before it could be judged, as after a crash, fails its checks like any that is not
// complete.
void judge_unfinished(session::Session& session);

}  // namespace llmc::engine
