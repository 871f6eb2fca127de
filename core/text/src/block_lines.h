// What a single line of Markdown is, by its own text; pure functions for block_splitter.cpp and inline_parser.cpp.
//
// Thread contract: plain functions and values.
#pragma once

#include <cstdint>
#include <string_view>

namespace llmc::text {

inline constexpr std::uint32_t kNowhere = 0xFFFFFFFF;  // no place in a text

inline bool is_blank_char(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}
std::string_view trim_blanks(std::string_view line);
bool is_blank_line(std::string_view line);

// A place in a line that counts columns as CommonMark does: a tab goes to the next multiple of four.
class LineCursor {
public:
    explicit LineCursor(std::string_view line) : line_(line) {}

    std::size_t position() const { return at_; }
    std::string_view rest() const { return line_.substr(at_); }
    bool is_at_blank() const { return is_blank_line(rest()); }
    // The columns of blanks ahead.
    std::uint32_t indent() const;
    // Moves over up to `columns` of blanks; a tab may be used up in part.
    void skip_columns(std::uint32_t columns);
    void skip_blanks() { skip_columns(indent()); }
    // The character behind the blanks, 0 at the end.
    char peek() const;
    // Moves over `count` bytes that are no blanks.
    void skip_signs(std::size_t count);

private:
    std::string_view line_;
    std::size_t at_ = 0;
    std::uint32_t column_ = 0;
    std::uint32_t spare_ = 0;  // columns of a tab that was used up in part
};

// Each looks at a line without its indentation (which is below four columns).
bool is_thematic_break(std::string_view line);
std::uint32_t heading_level(std::string_view line);  // of "# …"; 0: none
// The text of an ATX heading without its marks: [begin, end) in `line`.
struct LinePart {
    std::size_t begin = 0;
    std::size_t end = 0;
};
LinePart heading_text(std::string_view line, std::uint32_t level);
std::uint32_t setext_level(std::string_view line);  // of "===" and "---"; 0: none
std::uint32_t fence_size(std::string_view line);    // of an opening fence; 0: none
bool closes_fence(std::string_view line, char sign, std::uint32_t size);

struct ListMarker {
    std::uint32_t size = 0;  // bytes; 0: none
    bool is_ordered = false;
    bool starts_at_one = false;
};
ListMarker list_marker(std::string_view line);

// The columns of a table's delimiter row, with two bits per column (enum Align); 0 columns: it is none.
struct Delimiters {
    std::uint32_t columns = 0;
    std::uint64_t aligns = 0;
};
Delimiters table_delimiters(std::string_view line);
std::uint32_t count_cells(std::string_view line);
// The next cell of a row from `at` on, with blanks; `at` moves behind its '|'. False: no more.
bool next_cell(std::string_view line, std::size_t& at, LinePart& cell);

}  // namespace llmc::text
