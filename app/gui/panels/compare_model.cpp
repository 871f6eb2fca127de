#include "gui/panels/compare_model.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "compare/diff.h"
#include "gui/panels/compare_passages.h"

namespace llmc::gui {
namespace {

using text::SourceRange;

bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

Comparison compare_two(std::span<const std::string_view> texts) {
    Comparison made;
    made.marks.resize(2);
    const compare::TextDiff diff = compare::diff_words(texts[0], texts[1]);
    made.is_by_line = diff.is_by_line;
    made.agreement = diff.similarity;
    for (const compare::DiffPart& part : diff.parts) {
        const SourceRange in_a = trimmed_range(texts[0], part.a_begin, part.a_end);
        const SourceRange in_b = trimmed_range(texts[1], part.b_begin, part.b_end);
        if (part.kind == compare::DiffPart::Kind::same) {
            if (in_a.begin < in_a.end) {
                made.stops.push_back({in_a.begin, in_b.begin, kNowhere, kNowhere, kNowhere, kNowhere});
                made.stops.push_back({in_a.end, in_b.end, kNowhere, kNowhere, kNowhere, kNowhere});
            }
            continue;
        }
        if (in_a.begin == in_a.end && in_b.begin == in_b.end) continue;  // other blanks
        const auto index = static_cast<std::uint32_t>(made.differences.size());
        made.differences.push_back({{in_a, in_b}});
        if (in_a.begin < in_a.end) made.marks[0].push_back({in_a, index, 1U, true});
        if (in_b.begin < in_b.end) made.marks[1].push_back({in_b, index, 2U, true});
    }
    return made;
}

}  // namespace

SourceRange trimmed_range(std::string_view text, std::size_t begin, std::size_t end) {
    std::size_t first = begin, last = end;
    while (first < last && is_blank(text[first])) ++first;
    while (last > first && is_blank(text[last - 1])) --last;
    if (first == last) first = last = begin;
    return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last)};
}

Comparison compare_texts(std::span<const std::string_view> texts, CompareMode mode) {
    texts = texts.first(std::min(texts.size(), kMostCompared));
    CompareStop begin, end;
    begin.fill(0);
    end.fill(kNowhere);
    for (std::size_t i = 0; i < texts.size(); ++i) end[i] = static_cast<std::uint32_t>(texts[i].size());
    Comparison made =
        texts.size() == 2 && mode == CompareMode::words ? compare_two(texts) : compare_passages(texts, mode);
    made.is_identical =
        std::all_of(texts.begin(), texts.end(), [&](std::string_view text) { return text == texts.front(); });
    made.stops.insert(made.stops.begin(), begin);
    made.stops.push_back(end);
    made.stops_of.resize(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i)
        for (std::size_t k = 0; k < made.stops.size(); ++k)
            if (made.stops[k][i] != kNowhere) made.stops_of[i].push_back(static_cast<std::uint32_t>(k));
    return made;
}

int agreement_percent(const Comparison& comparison) {
    const int percent = static_cast<int>(std::floor(comparison.agreement * 100 + 1e-9));
    return std::clamp(percent, 0, comparison.differences.empty() ? 100 : 99);
}

std::string comparison_summary(const Comparison& comparison, std::size_t current) {
    if (comparison.is_identical)
        return comparison.marks.size() == 2 ? "These answers are identical, byte by byte"
                                            : "All these answers are identical, byte by byte";
    const std::size_t count = comparison.differences.size();
    if (count == 0)
        return comparison.is_in_any_order ? "They say the same, in other order or blanks"
                                          : "These answers differ in blanks only";
    const std::string which = current > 0 ? fmt::format("{} of ", current) : std::string();
    return fmt::format("{}{} {} · {} % agree", which, count, count == 1 ? "difference" : "differences",
                       agreement_percent(comparison));
}

std::string differences_text(const Comparison& comparison, std::span<const std::string_view> texts,
                             std::span<const std::string> labels) {
    std::string out = comparison_summary(comparison, 0) + "\n";
    for (std::size_t d = 0; d < comparison.differences.size(); ++d) {
        out += fmt::format("\n{}.\n", d + 1);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const SourceRange range = comparison.differences[d].at[i];
            const std::string_view said = texts[i].substr(range.begin, range.end - range.begin);
            out += fmt::format("{}: {}\n", labels[i], said.empty() ? "(nothing)" : said);
        }
    }
    return out;
}

std::span<const CompareMark> marks_within(std::span<const CompareMark> marks, SourceRange range) {
    const auto first = std::partition_point(marks.begin(), marks.end(),
                                            [&](const CompareMark& mark) { return mark.range.end <= range.begin; });
    const auto last =
        std::partition_point(first, marks.end(), [&](const CompareMark& mark) { return mark.range.begin < range.end; });
    return {first, last};
}

double corresponding_y(const Comparison& comparison, std::size_t from, std::size_t to, std::uint32_t row_end, double y,
                       CompareHeights& heights) {
    const std::vector<std::uint32_t>& own = comparison.stops_of[from];
    const auto place = [&](std::size_t index) { return comparison.stops[own[index]][from]; };
    const auto peer = [&](std::size_t index) { return comparison.stops[own[index]][to]; };
    // The first stop behind the row, and the last one up to its end, of those that the other text has too.
    auto behind = static_cast<std::size_t>(
        std::partition_point(own.begin(), own.end(),
                             [&](std::uint32_t stop) { return comparison.stops[stop][from] <= row_end; }) -
        own.begin());
    std::size_t before = behind == 0 ? 0 : behind - 1;
    while (before > 0 && peer(before) == kNowhere) --before;
    if (behind >= own.size()) behind = own.size() - 1;
    while (behind + 1 < own.size() && peer(behind) == kNowhere) ++behind;
    // Of several stops in one row the first counts, whichever side the row is come to from.
    const double top = heights.y_of(from, place(before));
    for (std::size_t earlier = before; earlier > 0;) {
        --earlier;
        if (peer(earlier) == kNowhere) continue;
        if (heights.y_of(from, place(earlier)) != top) break;
        before = earlier;
    }
    const double bottom = heights.y_of(from, place(behind));
    const double peer_top = heights.y_of(to, peer(before)), peer_bottom = heights.y_of(to, peer(behind));
    const double share = bottom > top ? std::clamp((y - top) / (bottom - top), 0.0, 1.0) : 0;
    return peer_top + share * (peer_bottom - peer_top);
}

}  // namespace llmc::gui
