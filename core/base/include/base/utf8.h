// UTF-8: checking, repairing, counting; and making text from outside harmless for a terminal.
//
// Thread contract: plain functions and values.
// Source: Unicode 15 table 3-7 (well-formed byte sequences); WHATWG Encoding "UTF-8 decoder": every maximal ill-formed
// part becomes one U+FFFD.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace llmc::base {

bool is_valid_utf8(std::string_view bytes);

// Where the first ill-formed sequence starts (bytes); npos when there is none. An incomplete tail counts as ill-formed.
std::size_t find_invalid_utf8(std::string_view bytes);

// `bytes` with every ill-formed sequence replaced by U+FFFD.
std::string to_valid_utf8(std::string_view bytes);

// The same for bytes that arrive in parts cut anywhere: an unfinished sequence at the end is held back (at most 3
// bytes) until the next part completes it; finish() turns what is still held back into one U+FFFD. Joined output =
// to_valid_utf8(joined input).
class Utf8Repair {
public:
    // Appends the repaired text to `out`.
    void feed(std::string_view bytes, std::string& out);
    void finish(std::string& out);

private:
    char held_[4] = {};
    unsigned held_size_ = 0;
};

// Code points of valid UTF-8.
std::size_t count_code_points(std::string_view utf8);

// The largest size <= `max_bytes` at which valid UTF-8 can be cut between two code points.
std::size_t utf8_cut(std::string_view utf8, std::size_t max_bytes);

// Appends one code point; a surrogate or a value above U+10FFFF becomes U+FFFD.
void append_code_point(std::string& out, char32_t code_point);

// One code point of valid UTF-8 at `pos` (below the size), which is moved behind it; U+FFFD for an ill-formed part.
char32_t next_code_point(std::string_view utf8, std::size_t& pos);

// Columns a terminal needs: 0 for combining and zero-width characters and controls, 2 for wide and emoji, else 1.
int terminal_width(char32_t code_point);
std::size_t terminal_width(std::string_view utf8);

// Text from outside, safe to write to a terminal: C0 but tab and line feed, DEL, C1, and bidi controls (U+061C, U+200E,
// U+200F, U+202A-202E, U+2066-2069) are left out; ill-formed bytes become U+FFFD. Carriage return goes too.
std::string for_terminal(std::string_view text);
// The same on one line: tabs, line breaks (U+2028, U+2029 too) become one blank each.
std::string for_terminal_line(std::string_view text);

}  // namespace llmc::base
