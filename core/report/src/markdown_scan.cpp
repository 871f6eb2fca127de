#include "markdown_scan.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "plain_text.h"

namespace llmc::report {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kSeparator = 40;  // signs; the report's line has 80

using base::is_letter;
using base::to_lower;

std::size_t run_length(std::string_view text, std::size_t pos) {
    const std::size_t end = text.find_first_not_of(text[pos], pos);
    return (end == kNone ? text.size() : end) - pos;
}

// A heading's words as a reader sees them, in lower case: without emphasis, code and escapes.
std::string seen_title(std::string_view title) {
    std::string seen;
    for (const char c : base::trim(title, " \t#"))
        if (std::string_view("*_`~\\").find(c) == kNone) seen += to_lower(c);
    return std::string(base::trim(seen));
}

bool is_our_title(std::string_view title, std::size_t level) {
    if (title.find("&#") != kNone)
        return true;  // letters written as numbers: who does that wants to be taken for another
    const std::string seen = seen_title(title);
    if (seen.starts_with("model:") || seen == "user" || seen == "assistant" || seen.starts_with("assistant (") ||
        seen == "llm comparison report")
        return true;
    constexpr std::array<std::string_view, 4> kSections{"system prompt", "metrics", "ratings", "checks"};
    return level == 2 && std::find(kSections.begin(), kSections.end(), seen) != kSections.end();
}

bool has_our_mark(std::string_view line) {
    constexpr std::array<std::string_view, 7> kMarks{
        "**Error:**",      "**Session Halted:**", "⚠️ **Session Halted:**", "> ⚠", ">⚠",
        "> **Reasoning**", "**Tool call:**"};
    return std::any_of(kMarks.begin(), kMarks.end(), [&](std::string_view mark) { return line.starts_with(mark); });
}

bool is_underline(std::string_view line) {
    return !line.empty() && (line[0] == '=' || line[0] == '-') && run_length(line, 0) == line.size();
}

// Without what may stand before a block in its line: marks of quotes and lists, blanks.
std::string_view without_containers(std::string_view line) {
    return line.substr(std::min(line.size(), line.find_first_not_of(" \t>*+-0123456789.)")));
}

bool is_fence_run(std::string_view rest) {
    if (rest.empty() || (rest[0] != '`' && rest[0] != '~')) return false;
    const std::size_t length = run_length(rest, 0);
    return length >= 3 && (rest[0] == '~' || rest.find('`', length) == kNone);
}

// The next of some signs in a line. Asked from left to right, it reads the line once, however often it is asked.
class NextSign {
public:
    NextSign(std::string_view line, std::string_view signs)
        : line_(line), signs_(signs), found_(line.find_first_of(signs)) {}

    std::size_t from(std::size_t pos) {
        if (found_ < pos) found_ = line_.find_first_of(signs_, pos);
        return found_;
    }

private:
    std::string_view line_, signs_;
    std::size_t found_;  // kNone is behind every place
};

// The destinations of a line's links. A line may be a megabyte of them, each without an end of its own.
class Destinations {
public:
    // `line` has no blanks at its end.
    explicit Destinations(std::string_view line) : line_(line), ends_(line, "/?#) \t"), doubts_(line, ":&\\<") {}

    // Whether a click on the one at `pos`, from behind "](", leads to the web, a mail or a place nearby, and nowhere
    // else. To be asked from left to right.
    bool is_plain(std::size_t pos) {
        const std::size_t begin = line_.find_first_not_of(" \t", pos);
        if (begin == kNone) return false;
        std::string start;
        for (const char c : line_.substr(begin, 8)) start += to_lower(c);
        for (const std::string_view scheme : {"http://", "https://", "mailto:"})
            if (start.starts_with(scheme)) return true;
        const std::size_t end = ends_.from(begin);
        return end != kNone && end < doubts_.from(begin);
    }

private:
    std::string_view line_;
    NextSign ends_, doubts_;
};

class Scanner {
public:
    MarkdownScan scan(std::string_view text) {
        std::string_view previous;
        for (const std::string_view line : lines_of(text)) {
            if (imitates_report(line, previous)) is_harmless_ = false;
            is_in_fence_ ? read_fenced(line) : read_open(line);
            if (!is_harmless_) return {.is_harmless = false};
            previous = line;
        }
        std::string closing;
        if (is_in_fence_) closing = std::string(fence_indent_, ' ') + std::string(fence_length_, fence_sign_);
        return {.is_harmless = true, .closing_fence = std::move(closing)};
    }

private:
    void read_open(std::string_view line) {
        const std::size_t indent = line.find_first_not_of(' ');
        if (indent == kNone) {
            has_open_code_ = false;  // inline code never reaches over an empty line
            return;
        }
        const std::string_view rest = line.substr(indent);
        if (is_fence_run(rest)) {
            is_in_fence_ = true;
            has_open_code_ = false;
            fence_sign_ = rest[0];
            fence_length_ = run_length(rest, 0);
            fence_indent_ = indent;
            read_if_no_fence(line);
            return;
        }
        // A fence behind the mark of a list or quote, or a tab: where it ends depends on more than we read.
        if (is_fence_run(without_containers(line))) is_harmless_ = false;
        if (without_containers(line).starts_with('[') && line.find("]:") != kNone) is_harmless_ = false;
        read_inline(line);
    }

    void read_fenced(std::string_view line) {
        const std::size_t indent = line.find_first_not_of(' ');
        if (indent == kNone) return;
        const std::string_view rest = line.substr(indent);
        const bool could_close = rest[0] == fence_sign_ && run_length(rest, 0) >= fence_length_ &&
                                 base::trim(rest.substr(run_length(rest, 0))).empty();
        // Less indented, a line ends the list that the fence may stand in, and the fence with it; more indented, it is
        // not sure to close.
        if (indent < fence_indent_ || (could_close && indent != fence_indent_)) {
            is_harmless_ = false;
        } else if (could_close) {
            is_in_fence_ = false;
        } else {
            read_if_no_fence(line);
        }
    }

    // Indented by more than 3, a fence is one only in a list: its text counts as open.
    void read_if_no_fence(std::string_view line) {
        if (fence_indent_ <= 3) return;
        has_open_code_ = true;
        read_inline(line);
        has_open_code_ = false;
    }

    // Outside of fences. A run of backticks is taken for code only where it ends on its line, no earlier one of its
    // paragraph is still open, and nothing could part it (cells of a table) or make it plain (a backslash): then every
    // renderer pairs them alike.
    // Cost: every sign is read a fixed number of times, whatever the line holds.
    void read_inline(std::string_view line) {
        line = base::trim(line);
        const bool is_table = line.find('|') != kNone;
        Destinations destinations(line);
        for (std::size_t pos = 0; pos < line.size() && is_harmless_; ++pos) {
            const char next = pos + 1 < line.size() ? line[pos + 1] : '\0';
            if (line[pos] == '`') {
                const std::size_t length = run_length(line, pos);
                const bool is_escaped = pos > 0 && line[pos - 1] == '\\';
                has_open_code_ = has_open_code_ || is_escaped || is_table;
                const std::size_t end = has_open_code_ ? kNone : closing_run(line, pos + length, length);
                if (end == kNone) has_open_code_ = true;
                pos = (end == kNone ? pos : end) + length - 1;
            } else if (line[pos] == '<' && (is_letter(next) || next == '/' || next == '!' || next == '?')) {
                is_harmless_ = false;
            } else if (line[pos] == '!' && next == '[') {
                is_harmless_ = false;
            } else if (line[pos] == ']' && next == '(' && !destinations.is_plain(pos + 2)) {
                is_harmless_ = false;
            }
        }
    }

    static std::size_t closing_run(std::string_view line, std::size_t pos, std::size_t length) {
        for (pos = line.find('`', pos); pos != kNone; pos = line.find('`', pos)) {
            const std::size_t run = run_length(line, pos);
            if (run == length) return pos;
            pos += run;
        }
        return kNone;
    }

    bool is_harmless_ = true;
    bool has_open_code_ = false;  // a run of backticks in this paragraph that may reach over its line
    bool is_in_fence_ = false;
    char fence_sign_ = '`';
    std::size_t fence_length_ = 0, fence_indent_ = 0;
};

}  // namespace

bool imitates_report(std::string_view line, std::string_view previous) {
    line = base::trim(line);
    if (line.empty()) return false;
    if (line[0] == '#') {
        const std::size_t level = run_length(line, 0);
        return is_our_title(line.substr(level), level);
    }
    if (is_underline(line)) {
        if (line[0] == '=' && line.size() >= kSeparator) return true;
        return !base::trim(previous).empty() && is_our_title(previous, line[0] == '=' ? 1 : 2);
    }
    return has_our_mark(line);
}

MarkdownScan scan_markdown(std::string_view text) {
    return Scanner().scan(text);
}

}  // namespace llmc::report
