#include "block_lines.h"

#include "text/block_splitter.h"

namespace llmc::text {

std::string_view trim_blanks(std::string_view line) {
    while (!line.empty() && is_blank_char(line.front())) line.remove_prefix(1);
    while (!line.empty() && is_blank_char(line.back())) line.remove_suffix(1);
    return line;
}

bool is_blank_line(std::string_view line) {
    for (const char c : line)
        if (!is_blank_char(c)) return false;
    return true;
}

std::uint32_t LineCursor::indent() const {
    std::uint32_t columns = spare_;
    std::uint32_t column = column_;
    for (std::size_t i = at_; i < line_.size(); ++i) {
        if (line_[i] == ' ') {
            ++columns;
            ++column;
        } else if (line_[i] == '\t') {
            const std::uint32_t width = 4 - column % 4;
            columns += width;
            column += width;
        } else {
            break;
        }
    }
    return columns;
}

void LineCursor::skip_columns(std::uint32_t columns) {
    while (columns > 0) {
        if (spare_ > 0) {
            --spare_;
            --columns;
        } else if (at_ < line_.size() && line_[at_] == ' ') {
            ++at_;
            ++column_;
            --columns;
        } else if (at_ < line_.size() && line_[at_] == '\t') {
            ++at_;
            spare_ = 4 - column_ % 4;
            column_ += spare_;
        } else {
            return;
        }
    }
}

char LineCursor::peek() const {
    const std::size_t at = line_.find_first_not_of(" \t", at_);
    return at == std::string_view::npos ? '\0' : line_[at];
}

void LineCursor::skip_signs(std::size_t count) {
    at_ += count;
    column_ += static_cast<std::uint32_t>(count);
}

bool is_thematic_break(std::string_view line) {
    if (line.empty() || (line[0] != '-' && line[0] != '*' && line[0] != '_')) return false;
    std::size_t signs = 0;
    for (const char c : line) {
        if (c == line[0])
            ++signs;
        else if (!is_blank_char(c))
            return false;
    }
    return signs >= 3;
}

std::uint32_t heading_level(std::string_view line) {
    std::size_t level = 0;
    while (level < line.size() && line[level] == '#') ++level;
    if (level == 0 || level > 6) return 0;
    return level == line.size() || is_blank_char(line[level]) ? static_cast<std::uint32_t>(level) : 0;
}

LinePart heading_text(std::string_view line, std::uint32_t level) {
    LinePart part{level, line.size()};
    while (part.begin < part.end && is_blank_char(line[part.begin])) ++part.begin;
    const auto trim = [&] {
        while (part.end > part.begin && is_blank_char(line[part.end - 1])) --part.end;
    };
    trim();
    std::size_t end = part.end;
    while (end > part.begin && line[end - 1] == '#') --end;
    if (end < part.end && (end == part.begin || is_blank_char(line[end - 1]))) {  // a closing row of '#'
        part.end = end;
        trim();
    }
    return part;
}

std::uint32_t setext_level(std::string_view line) {
    line = trim_blanks(line);
    if (line.empty() || (line[0] != '=' && line[0] != '-')) return 0;
    return line.find_first_not_of(line[0]) == std::string_view::npos ? (line[0] == '=' ? 1 : 2) : 0;
}

std::uint32_t fence_size(std::string_view line) {
    if (line.empty() || (line[0] != '`' && line[0] != '~')) return 0;
    std::size_t size = 0;
    while (size < line.size() && line[size] == line[0]) ++size;
    if (size < 3) return 0;
    if (line[0] == '`' && line.find('`', size) != std::string_view::npos) return 0;  // inline code
    return static_cast<std::uint32_t>(size);
}

bool closes_fence(std::string_view line, char sign, std::uint32_t size) {
    std::size_t signs = 0;
    while (signs < line.size() && line[signs] == sign) ++signs;
    return signs >= size && is_blank_line(line.substr(signs));
}

ListMarker list_marker(std::string_view line) {
    ListMarker marker;
    std::size_t size = 0;
    if (!line.empty() && (line[0] == '-' || line[0] == '+' || line[0] == '*')) {
        size = 1;
    } else {
        while (size < line.size() && size < 10 && line[size] >= '0' && line[size] <= '9') ++size;
        if (size == 0 || size > 9 || size == line.size() || (line[size] != '.' && line[size] != ')')) return marker;
        marker.is_ordered = true;
        marker.starts_at_one = line.substr(0, size) == "1";
        ++size;
    }
    if (size < line.size() && !is_blank_char(line[size])) return marker;
    marker.size = static_cast<std::uint32_t>(size);
    return marker;
}

bool next_cell(std::string_view line, std::size_t& at, LinePart& cell) {
    if (at == 0) {  // an outer '|' and blanks before it are no cell
        while (at < line.size() && is_blank_char(line[at])) ++at;
        if (at < line.size() && line[at] == '|') ++at;
    }
    if (is_blank_line(line.substr(at))) return false;
    cell.begin = at;
    while (at < line.size() && line[at] != '|') at += line[at] == '\\' && at + 1 < line.size() ? 2 : 1;
    cell.end = at;
    if (at < line.size()) ++at;
    return true;
}

std::uint32_t count_cells(std::string_view line) {
    std::uint32_t cells = 0;
    std::size_t at = 0;
    for (LinePart cell; next_cell(line, at, cell);) ++cells;
    return cells;
}

Delimiters table_delimiters(std::string_view line) {
    Delimiters row;
    if (line.find_first_of("|:") == std::string_view::npos) return {};  // "---" alone is something else
    std::size_t at = 0;
    for (LinePart part; next_cell(line, at, part); ++row.columns) {
        std::string_view cell = trim_blanks(line.substr(part.begin, part.end - part.begin));
        const bool left = !cell.empty() && cell.front() == ':';
        if (left) cell.remove_prefix(1);
        const bool right = !cell.empty() && cell.back() == ':';
        if (right) cell.remove_suffix(1);
        if (cell.empty() || cell.find_first_not_of('-') != std::string_view::npos) return {};
        if (row.columns == kMaxColumns) return {};
        const Align align = left ? (right ? Align::centre : Align::left) : (right ? Align::right : Align::none);
        row.aligns |= static_cast<std::uint64_t>(align) << (2 * row.columns);
    }
    return row;
}

}  // namespace llmc::text
