// Suites for other programs: promptfoo configurations, and conversations a line.
//
// Thread contract: plain functions of immutable values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "interop/not_taken.h"
#include "suite/suite.h"

namespace llmc::interop {

struct ExportedSuite {
    std::string text;
    std::string extension;  // without its dot: "promptfoo.yaml"
    std::vector<NotTaken> notes;
};

// `format`: "promptfoo" or "chat"; `file` is what notes call the suite. A promptfoo configuration has one prompt and a
// test for each of the suite's, with the values of each case as variables; a line of a conversation is a prompt with a
// case's values. What the format has no room for is in the notes. Errors: `usage`, an unknown format.
Result<ExportedSuite> export_suite(const suite::Suite& suite, std::string_view file, std::string_view format);

// "promptfoo, chat"
std::string suite_export_formats();

}  // namespace llmc::interop
