// The tables at the end of a report, as text cells; Markdown and HTML show the same.
//
// Thread contract: plain functions.
#pragma once

#include <string>
#include <vector>

#include "outline.h"

namespace llmc::report {

struct TextTable {
    std::vector<std::string> titles;
    std::vector<std::vector<std::string>> rows;  // as many cells as titles
};

// One row per answer; one per candidate; one per server, where there is any.
std::vector<TextTable> metrics_tables(const Outline& outline);

// What stands below them.
inline constexpr std::string_view kMetricsLegend =
    "~ estimated, the server did not count · cold: the model may have been loaded within TTFT · buffered: tokens were "
    "held back on their way, no speed was seen.";

TextTable ratings_table(const Outline& outline);

}  // namespace llmc::report
