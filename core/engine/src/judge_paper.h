// The questions that a judge is asked about a session, and what its answers come to.
//
// Thread contract: one thread; the session has to outlive it unchanged.
// Cost: a question's text is made when it is asked for, so that only those that are under way take memory.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "decide/judge_words.h"
#include "session/session.h"
#include "suite/suite.h"

namespace llmc::engine {

struct JudgeQuestion {
    int round = 0;
    session::CandidateId a, b;  // b empty: a alone, by criteria
    bool is_swapped = false;    // b's answer stands first; right behind the same question in order
    bool may_be_partly = false;
};

// What came of one: a reading, or why there is none.
struct JudgeReading {
    decide::ReadVerdict read;
    std::string fault;
    bool is_done = false;  // it was asked, and is not to be asked again
};

class JudgePaper {
public:
    // `known`: verdicts that were given, which are not asked for again.
    JudgePaper(const session::Session& session, const std::string& model, const session::Verdicts& known = {});

    const std::vector<JudgeQuestion>& questions() const { return questions_; }
    std::string text(const JudgeQuestion& question) const;          // with a marker of its own
    static base::OrderedJson words(const JudgeQuestion& question);  // that the verdict may be
    static decide::ReadVerdict read(const JudgeQuestion& question, std::string_view answer);
    // `readings` beside the questions; a verdict for each whose questions are done, and those that were known, by round.
    session::Verdicts verdicts(const std::vector<JudgeReading>& readings) const;

private:
    decide::Criteria criteria(const session::Round& round) const;
    std::string task(const session::Round& round) const;

    const session::Session& session_;
    const session::Verdicts known_;
    std::optional<suite::Suite> suite_;            // of the session, where its document can be read
    std::map<std::string, std::string> prepared_;  // by prompt and case: what was said before the prompt
    std::vector<JudgeQuestion> questions_;
};

}  // namespace llmc::engine
