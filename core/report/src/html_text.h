// Text in the HTML report: nothing of it is markup.
//
// Thread contract: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace llmc::report {

// Cleaned (plain_text.h), and every sign that means something to HTML as a character reference.
std::string escaped(std::string_view text);

// Markdown as its readers mean it: headings, lists, tables, code in its colours. Raw HTML is text, links and images are
// their text with the address beside it, so that nothing can be clicked and nothing is fetched. Output is at most some
// 50 times as long as the text.
// Nothing for a text that would need more than that, or is too long: it has to be shown as it came.
std::optional<std::string> rendered(std::string_view markdown);

}  // namespace llmc::report
