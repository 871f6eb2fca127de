// Text of models and users inside a Markdown report: shown as Markdown where that can do no harm, else as the text it
// is.
//
// The decision: a text stands in the report as it is, so that its lists, tables and code read well, unless rendering it
// could
//   1. run or fetch something: raw HTML, images, links to anything but http, https and mailto,
//   2. reach beyond its place: link definitions (they hold for the whole document), fences that a renderer could see
//   otherwise than we do,
//   3. be taken for the report: its headings ("## Model: x", "### User"), its marks ("**Error:**", "> ⚠️"), its
//   line of "=".
// Such a text is put in a fence longer than any run of backticks in it, unchanged but for lines of kind 3, which get
// one blank in front, so that programs that look for our headings line by line do not find theirs. A fence that the
// text leaves open is closed. When in doubt it is fenced: what HTML and images are inside of code is known only for
// fences and `code` that every renderer reads alike. Control characters are made visible (plain_text.h).
//
// Thread contract: plain functions.
#pragma once

#include <string>
#include <string_view>

namespace llmc::report {

// A text of several lines, without a line break at its end.
std::string markdown_block(std::string_view text);

// The text in a fence longer than any run of backticks in it; `info` stands behind the opening fence.
std::string markdown_fence(std::string_view text, std::string_view info = {});

// "> " before every line.
std::string markdown_quote(std::string_view markdown);

// On one line, for headings and sentences: nothing in it opens a tag, an image or a link.
std::string markdown_inline(std::string_view text);

// The same for a cell of a table.
std::string markdown_cell(std::string_view text);

}  // namespace llmc::report
