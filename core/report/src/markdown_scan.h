// Whether a text can stand in a Markdown report as it is (see markdown_text.h for what must not).
//
// Thread contract: plain functions.
#pragma once

#include <string>
#include <string_view>

namespace llmc::report {

struct MarkdownScan {
    bool is_harmless = true;
    std::string closing_fence;  // what closes the fence that the text leaves open; empty for none
};

// `text` is clean (plain_text.h).
MarkdownScan scan_markdown(std::string_view text);

// Whether a line could be taken for one of the report's own. `previous` is the line before it: an underline makes a
// heading of it.
bool imitates_report(std::string_view line, std::string_view previous);

}  // namespace llmc::report
