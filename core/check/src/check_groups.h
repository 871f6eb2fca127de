// The groups of the table, a file each: the judges of its checks, and a row for each.
//
// Thread contract: plain functions.
#pragma once

#include <string_view>
#include <vector>

#include "check/check_kind.h"
#include "session/answer.h"

namespace llmc::check {

// What a check looks at: an answer, or the part of it that its `turn` and its scope name.
class Subject {
public:
    // Both must outlive it. `world`: all files at the end; null without a world.
    Subject(const Check& check, const session::Answer& answer, const session::WorldFiles* world);
    Subject(const Subject&) = delete;
    Subject& operator=(const Subject&) = delete;

    const session::Answer& answer;
    const session::WorldFiles* world;
    std::vector<const session::Step*> steps;  // of an answer with steps
    std::string_view text;                    // of the last step, or the done tool's response
    std::string_view finish_reason;
    Fault missing;  // why there is nothing to judge: the turn was not reached

private:
    std::string response_;
};

std::vector<CheckKind> text_checks();
std::vector<CheckKind> json_checks();
std::vector<CheckKind> tool_call_checks();
std::vector<CheckKind> size_checks();
std::vector<CheckKind> figure_checks();
std::vector<CheckKind> call_list_checks();
std::vector<CheckKind> trajectory_checks();
std::vector<CheckKind> world_checks();

}  // namespace llmc::check
