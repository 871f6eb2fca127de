#include "compare/line_diff.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sequence_diff.h"

namespace llmc::compare {
namespace {

constexpr std::size_t kAround = 3;  // lines that are the same, before and after a difference

// With their line breaks.
std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return lines;
}

struct Line {
    char sign = ' ';  // '-' of a only, '+' of b only
    std::string_view text;
};

std::vector<Line> compared(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
    std::unordered_map<std::string_view, std::uint32_t> known;
    const auto numbers = [&known](const std::vector<std::string_view>& lines) {
        std::vector<std::uint32_t> out;
        for (const std::string_view line : lines)
            out.push_back(known.try_emplace(line, static_cast<std::uint32_t>(known.size())).first->second);
        return out;
    };
    const std::vector<std::uint32_t> in_a = numbers(a), in_b = numbers(b);
    const SequenceMatch match = match_sequences(in_a, in_b);
    std::vector<Line> lines;
    for (std::size_t i = 0, k = 0; i < a.size() || k < b.size();) {
        for (; i < a.size() && !match.a[i]; ++i) lines.push_back({'-', a[i]});
        for (; k < b.size() && !match.b[k]; ++k) lines.push_back({'+', b[k]});
        for (; i < a.size() && match.a[i] && k < b.size() && match.b[k]; ++i, ++k) lines.push_back({' ', a[i]});
    }
    return lines;
}

// "12,3"; of no lines the place is that of the line before.
std::string range(std::size_t before, std::size_t count) {
    const std::size_t first = count == 0 ? before : before + 1;
    return std::to_string(first) + (count == 1 ? "" : "," + std::to_string(count));
}

void write_hunk(std::string& out, const Line* begin, const Line* end, std::size_t before_a, std::size_t before_b) {
    const auto count = [&](char other) {
        return static_cast<std::size_t>(
            std::count_if(begin, end, [other](const Line& line) { return line.sign != other; }));
    };
    out += "@@ -" + range(before_a, count('+')) + " +" + range(before_b, count('-')) + " @@\n";
    for (const Line* line = begin; line != end; ++line) {
        out += line->sign;
        out += line->text;
        if (!line->text.ends_with('\n')) out += "\n\\ No newline at end of file\n";
    }
}

}  // namespace

std::string unified_diff(std::string_view a, std::string_view b, std::string_view a_name, std::string_view b_name) {
    if (a == b) return {};
    std::string out = "--- " + std::string(a_name) + "\n+++ " + std::string(b_name) + '\n';
    const std::vector<Line> lines = compared(lines_of(a), lines_of(b));
    std::size_t in_a = 0, in_b = 0, at = 0;  // lines before `at`
    const auto go_to = [&](std::size_t to) {
        for (; at < to; ++at) {
            in_a += lines[at].sign != '+';
            in_b += lines[at].sign != '-';
        }
    };
    for (std::size_t i = 0; i < lines.size();) {
        if (lines[i].sign == ' ') {
            ++i;
            continue;
        }
        const std::size_t begin = std::max(at, i < kAround ? 0 : i - kAround);
        std::size_t end = i, same = 0;  // `end`: behind the last difference
        for (; i < lines.size() && same <= 2 * kAround; ++i) {
            same = lines[i].sign == ' ' ? same + 1 : 0;
            if (same == 0) end = i + 1;
        }
        i = end;
        go_to(begin);
        end = std::min(end + kAround, lines.size());
        write_hunk(out, lines.data() + begin, lines.data() + end, in_a, in_b);
        go_to(end);
    }
    return out;
}

}  // namespace llmc::compare
