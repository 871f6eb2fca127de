#include "yaml_lines.h"

#include <algorithm>

namespace llmc::interop {
namespace {

constexpr std::string_view kLineBlanks = " \t\r";
constexpr std::size_t kNone = std::string_view::npos;

bool is_line_blank(char c) {
    return kLineBlanks.find(c) != kNone;
}

// Behind the closing quote.
std::size_t quoted_end(std::string_view line, std::size_t pos) {
    const char quote = line[pos];
    for (std::size_t i = pos + 1; i < line.size(); ++i) {
        if (quote == '"' && line[i] == '\\') {
            ++i;
        } else if (line[i] == quote) {
            if (quote != '\'' || i + 1 >= line.size() || line[i + 1] != '\'') return i + 1;
            ++i;
        }
    }
    return kNone;
}

// Behind the closing bracket of a list.
std::size_t bracket_end(std::string_view line, std::size_t pos) {
    int depth = 0;
    for (std::size_t i = pos; i < line.size(); ++i) {
        const char c = line[i];
        const bool may_begin = is_line_blank(line[i - (i > 0)]) || line[i - (i > 0)] == '[' || line[i - (i > 0)] == ',';
        if ((c == '"' || c == '\'') && may_begin) {
            i = quoted_end(line, i);
            if (i == kNone) return kNone;
            --i;
        } else if (c == '#' && is_line_blank(line[i - (i > 0)])) {
            return kNone;
        } else if (c == '[') {
            ++depth;
        } else if (c == ']' && --depth == 0) {
            return i + 1;
        }
    }
    return kNone;
}

std::size_t plain_end(std::string_view line, std::size_t pos) {
    std::size_t end = pos + 1;
    while (end < line.size() && !(line[end] == '#' && is_line_blank(line[end - 1]))) ++end;
    while (end > pos && is_line_blank(line[end - 1])) --end;
    return end;
}

}  // namespace

YamlLines::YamlLines(const std::string& text) : text_(text) {
    for (std::size_t pos = 0; pos < text.size();) {
        starts_.push_back(pos);
        const std::size_t end = text.find('\n', pos);
        pos = end == std::string::npos ? text.size() : end + 1;
    }
    starts_.push_back(text.size());
}

std::size_t YamlLines::at(std::size_t pos) const {
    const auto after = std::upper_bound(starts_.begin(), starts_.end() - 1, pos);
    return after == starts_.begin() ? 0 : static_cast<std::size_t>(after - starts_.begin()) - 1;
}

std::string_view YamlLines::whole(std::size_t line) const {
    return text_.substr(starts_[line], starts_[line + 1] - starts_[line]);
}

std::string_view YamlLines::content(std::size_t line) const {
    std::string_view text = whole(line);
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
}

bool YamlLines::is_blank(std::size_t line) const {
    return content(line).find_first_not_of(kLineBlanks) == kNone;
}

bool YamlLines::is_comment(std::size_t line) const {
    const std::string_view text = content(line);
    const std::size_t first = text.find_first_not_of(kLineBlanks);
    return first != kNone && text[first] == '#';
}

std::size_t YamlLines::indentation(std::size_t line) const {
    const std::string_view text = content(line);
    return std::min(text.find_first_not_of(' '), text.size());
}

std::string_view YamlLines::line_end(std::size_t line) const {
    for (std::size_t i = std::min(line + 1, count()); i-- > 0;)
        if (const std::string_view text = whole(i); text.ends_with('\n')) return text.ends_with("\r\n") ? "\r\n" : "\n";
    return "\n";
}

std::size_t yaml_token_end(std::string_view line, std::size_t pos) {
    constexpr std::string_view kNoToken = "|>{}&*!%@`]#,";
    if (pos >= line.size() || kNoToken.find(line[pos]) != kNone) return kNone;
    if (line[pos] == '"' || line[pos] == '\'') return quoted_end(line, pos);
    return line[pos] == '[' ? bracket_end(line, pos) : plain_end(line, pos);
}

bool is_rest_of_line(std::string_view line, std::size_t pos) {
    const std::size_t first = line.find_first_not_of(kLineBlanks, pos);
    return first == kNone || (line[first] == '#' && first > 0 && is_line_blank(line[first - 1]));
}

std::size_t yaml_comment_begin(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char before = i > 0 ? line[i - 1] : ' ';
        if (line[i] == '#' && is_line_blank(before)) return i;
        if ((line[i] != '"' && line[i] != '\'') ||
            !(is_line_blank(before) || before == '[' || before == '{' || before == ','))
            continue;
        const std::size_t end = quoted_end(line, i);
        if (end != kNone) i = end - 1;
    }
    return kNone;
}

}  // namespace llmc::interop
