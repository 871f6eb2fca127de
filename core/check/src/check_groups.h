// The groups of the table, a file each: the judges of its checks, and a row for each.
//
// Thread contract: plain functions.
#pragma once

#include <string_view>
#include <vector>

#include "check/check_kind.h"
#include "session/answer.h"

namespace llmc::check {

// What is judged: an answer that has ended.
struct Subject {
    const session::Answer& answer;
    std::string_view text;
    const session::WorldFiles* world = nullptr;  // at the end; null without one
};

std::vector<CheckKind> text_checks();
std::vector<CheckKind> json_checks();
std::vector<CheckKind> tool_call_checks();
std::vector<CheckKind> size_checks();
std::vector<CheckKind> figure_checks();

}  // namespace llmc::check
