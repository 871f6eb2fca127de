// What was judged as tables: checks, votes, judges, the cast. Markdown and HTML show the same.
//
// Thread contract: plain functions.
#pragma once

#include <string>
#include <vector>

#include "outline.h"
#include "tables.h"

namespace llmc::report {

// "planner-basics (role planner, 3 repeats)"; empty without a suite.
std::string suite_text(const session::Session& session);

// What the suite's results can carry, a sentence; empty where nothing was checked.
std::string verdict_text(const session::Session& session);

// Per candidate, prompt by candidate, and every check that failed; none where no answer was checked.
std::vector<TextTable> checks_tables(const session::Session& session, const Outline& outline);

// How each candidate's runs in a loop ended, and how many had only valid calls at each step; none without a loop.
std::vector<TextTable> loop_tables(const session::Session& session, const Outline& outline);

// The answers' ratings and the votes' sums; none where there are none.
std::vector<TextTable> ratings_tables(const session::Session& session, const Outline& outline);

// The judges with their licences, and the sums of their verdicts, apart from the user's votes; none without judges.
std::vector<TextTable> judges_tables(const session::Session& session, const Outline& outline);

// The user's choices for roles; none where there are none.
std::vector<TextTable> casting_tables(const session::Session& session, const Outline& outline);

// "2 of 3 checks passed"; empty where there are none.
std::string checks_text(const session::Answer& answer);
// "max_words: 120 words, 100 are allowed (at character 612)"
std::string failed_check_text(const session::CheckResult& check);

}  // namespace llmc::report
