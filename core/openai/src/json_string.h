// A JSON string as it stands in a chunk, and its text.
//
// Thread contract: plain values and functions.
// Why not the JSON library's own unescaping: a character above U+FFFF may be cut in the middle of its surrogate pair,
// "\ud83d" at the end of one chunk's text and "\ude00" at the start of the next; libraries refuse each half.
#pragma once

#include <string>
#include <string_view>

namespace llmc::openai {

struct JsonString {
    std::string_view raw;  // between the quotes, valid UTF-8
    bool has_escapes = false;
};

// Appends the text of `string` to `out`. `half` is the high surrogate that the text before ended with (0: none), and is
// set to the one this text ends with. Halves without a partner become U+FFFD; what is no JSON escape stays as it
// stands.
void append_text(const JsonString& string, char16_t& half, std::string& out);

// The text of a string that stands alone.
std::string to_text(const JsonString& string);

// Whether `text` has the brackets and quotes of one whole JSON object or list and nothing after it; what stands between
// is not looked at.
bool is_balanced_json(std::string_view text);

}  // namespace llmc::openai
