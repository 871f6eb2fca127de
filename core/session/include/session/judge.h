// What judge models said of the answers of a session (agents.md section 6).
//
// Thread contract: plain values; verdicts are immutable and shared between copies of a session.
// Invariants: a pair's verdict stands for two questions, one in each order; where they contradict each other, or one of
// them could not be read, `word` is `abstains`. A verdict is of the attempt that counts (Round::counted()).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/shared_list.h"
#include "session/candidate.h"

namespace llmc::session {

struct Verdict {
    enum class Word { abstains, a, b, tie, pass, partly, fail };

    int round = 0;
    CandidateId a;
    CandidateId b;  // empty: `a` alone, by the criteria of its prompt
    Word word = Word::abstains;
    std::optional<Word> in_order, swapped;  // of a pair: which answer it chose with a's first, and with b's first
    std::string reason;                     // the judge's, else why it abstains
    bool operator==(const Verdict&) const = default;
};

using Verdicts = base::SharedList<std::shared_ptr<const Verdict>>;

struct Judge {
    std::string id;            // "j1", "j2", …: given once in a session
    std::string model;         // its id at the server
    std::string display_name;  // empty: the model
    std::string server;        // Server::label()
    int words = 0;             // the version of the questions it was asked (decide/judge_words.h)
    Verdicts verdicts;

    const std::string& name() const { return display_name.empty() ? model : display_name; }
    bool operator==(const Judge&) const = default;  // cheap between copies of a session, which share verdicts
};

}  // namespace llmc::session
