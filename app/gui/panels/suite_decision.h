// What the results of the session's suite can carry, as the Suites window shows it: the verdict above them, and a page
// with groups, pairs, pass^k and what changed since a baseline.
//
// Thread contract: main thread; decisions are made in the background, of copies.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "decide/decision.h"
#include "gui/panels/suite_model.h"

namespace llmc::gui {

struct SuiteParts;
struct SuiteView;

struct SuiteDecision {
    std::shared_ptr<const decide::Decision> made;      // null until there is one
    std::shared_ptr<const session::Session> baseline;  // null: none
    std::string baseline_name;                         // its file's
    std::vector<std::string> baseline_lines;           // what changed since, in words

    // What it was made of.
    SuiteStamp stamp;
    int looks = 0;
    std::vector<std::string> labels;
    std::shared_ptr<const session::Session> made_against;
    base::TimePoint made_at{};
    bool is_deciding = false;
};

// The results are compared with those of `session`.
void take_baseline(SuiteView& view, std::string name, session::Session session);

// Makes it anew where results, names or the baseline changed; while the suite runs every few seconds at most, since with
// repeats it takes a while.
void follow_decision(SuiteParts& parts);

void draw_suite_verdict(SuiteParts& parts);
void draw_suite_decision(SuiteParts& parts, ImVec2 size);

}  // namespace llmc::gui
