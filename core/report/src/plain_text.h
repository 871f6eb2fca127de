// Text from models, servers and users made safe to stand in a document: nothing in it can move a cursor, reorder a line
// or start a new one unseen.
//
// Thread contract: plain functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace llmc::report {

// The text with every control character made visible: C0 (but tab and line feed) and DEL as their pictures (␛), C1 and
// bidi controls as
// "[U+202E]". All kinds of line breaks (CR LF, CR, U+2028, U+2029) become line feeds; ill-formed UTF-8 becomes U+FFFD.
std::string clean(std::string_view text);

// The same on one line: runs of tabs and line breaks become one blank; no blanks at either end.
std::string one_line(std::string_view text);

// DEL, C1 and bidi controls.
bool acts_on_terminals(char32_t code_point);

// The lines of a clean text; at least one.
std::vector<std::string_view> lines_of(std::string_view text);

// A number as people write it: 0.7, 300. A value that came from a single-precision field (0.699999988) is that field's
// 0.7.
std::string plain_number(double value);
double tidy(double value);  // the same as a number

}  // namespace llmc::report
