#include "gui/panels/votes_board.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "gui/widget_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr std::array kCounts{"Won", "Lost", "Tied", "Both bad"};

// Where the columns are, from the left edge; without room for all, the counts are in the rows' tooltips.
struct BoardColumns {
    float bar = 0, bar_width = 0;
    float score_end = 0;  // figures end here
    std::array<float, kCounts.size()> count_ends{};
    float width = 0;
    bool has_counts = false;

    BoardColumns(const Theme& theme, float room) : width(room) {
        const float count = theme.px(46), both_bad = theme.px(58), score = theme.px(54), gap = theme.px(12);
        const float counts = 3 * count + both_bad;
        has_counts = room >= theme.px(230) + score + counts;
        const float rest = room - score - (has_counts ? counts : 0);
        bar = std::floor(std::clamp(rest * 0.4F, theme.px(60), theme.px(190)));
        bar_width = std::max(rest - bar - gap, theme.px(30));
        score_end = bar + bar_width + gap + score - theme.px(6);
        float end = score_end;
        for (std::size_t i = 0; i < count_ends.size(); ++i)
            count_ends[i] = end += i + 1 < count_ends.size() ? count : both_bad;
    }
};

std::array<std::int64_t, kCounts.size()> counts_of(const decide::VoteCounts& votes) {
    return {votes.wins, votes.losses, votes.ties, votes.both_bad};
}

void paint_right(const FrameView& frame, float right, float y, std::string_view text, const TextLook& look) {
    const float width = measure(frame, text, look).x;
    paint_text(frame, {right - width, y}, text, look, width + 1);
}

void draw_heads(const FrameView& frame, const BoardColumns& columns) {
    const Theme& theme = frame.theme;
    const TextLook look{.face = Face::semibold, .size = theme.text.small, .role = Role::weak};
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::Dummy({columns.width, theme.text.small + theme.px(4)});
    paint_text(frame, at, "Candidate", look, columns.bar - theme.px(8));
    // What the ends of the scale are, where there is room for it.
    const TextLook quiet{.size = theme.text.small, .role = Role::weak};
    if (columns.bar_width >= theme.px(150)) {
        const float middle = at.x + columns.bar + std::floor(columns.bar_width / 2);
        paint_text(frame, {at.x + columns.bar, at.y}, "worse", quiet, columns.bar_width);
        paint_right(frame, middle + std::floor(measure(frame, "average", quiet).x / 2), at.y, "average", quiet);
        paint_right(frame, at.x + columns.bar + columns.bar_width, at.y, "better", quiet);
    }
    paint_right(frame, at.x + columns.score_end, at.y, "Score", look);
    if (!columns.has_counts) return;
    for (std::size_t i = 0; i < kCounts.size(); ++i)
        paint_right(frame, at.x + columns.count_ends[i], at.y, kCounts[i], look);
}

// From the middle, which is the average, to the score, where a dot stands; a whisker for the interval.
void paint_score(const FrameView& frame, ImVec2 at, float width, const decide::Score& score, double reach) {
    const Theme& theme = frame.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float thick = theme.px(4), round = thick / 2, cap = theme.px(9), line = theme.px(1.5F);
    const auto x = [&](double value) {
        const double share = std::isfinite(value) ? std::clamp(value / reach, -1.0, 1.0) : 0;
        return at.x + std::floor((width - line) * static_cast<float>(share + 1) / 2);
    };
    const float zero = x(0), here = x(score.score);
    const ImU32 color = theme[score.score >= 0 ? Role::good : Role::warn];
    list.AddRectFilled({std::min(zero, here), at.y - round}, {std::max(zero, here) + line, at.y + round}, color, round);
    const ImU32 ink = theme[Role::text];
    const float low = x(score.low), high = x(score.high) + line;
    list.AddRectFilled({low, at.y - line / 2}, {high, at.y + line / 2}, ink);
    list.AddRectFilled({low, at.y - cap / 2}, {low + line, at.y + cap / 2}, ink);
    list.AddRectFilled({high - line, at.y - cap / 2}, {high, at.y + cap / 2}, ink);
    list.AddCircleFilled({here, at.y}, theme.px(4.5F), color);
}

void draw_line(const FrameView& frame, const VotesModel::BoardLine& line, const BoardColumns& columns, double reach) {
    const Theme& theme = frame.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = theme.px(26), middle = at.y + std::floor(height / 2);
    const decide::VoteCounts& votes = line.row.votes;
    const bool has_score = line.row.is_scored();
    ImGui::Dummy({columns.width, height});
    const bool is_pointed_at = ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip);

    const TextLook name{
        .face = Face::semibold, .size = theme.text.row, .role = has_score ? Role::text : Role::weak, .keeps_end = true};
    paint_text(frame, {at.x, middle - std::floor(name.size * 0.6F)}, line.label, name, columns.bar - theme.px(10));
    const float bar = at.x + columns.bar, round = theme.px(2);
    list.AddRectFilled({bar, middle - round}, {bar + columns.bar_width, middle + round}, theme[Role::bg3], round);
    const float zero = bar + std::floor(columns.bar_width / 2);
    list.AddRectFilled({zero, middle - theme.px(7)}, {zero + theme.px(1), middle + theme.px(7)},
                       blend(theme[Role::bg3], theme[Role::weak], 0.5F));
    const TextLook figure{.face = Face::mono, .size = theme.text.figure, .role = has_score ? Role::text : Role::weak};
    const float figure_y = middle - std::floor(figure.size * 0.6F);
    std::array<char, 32> buffer{};
    const auto write = [&](float right, auto format, auto value, const TextLook& look) {
        const auto end = fmt::format_to_n(buffer.data(), buffer.size(), fmt::runtime(format), value);
        paint_right(frame, right, figure_y, {buffer.data(), std::min(end.size, buffer.size())}, look);
    };
    if (has_score) {
        paint_score(frame, {bar, middle}, columns.bar_width, line.row.score, reach);
        write(at.x + columns.score_end, "{:+.2f}", line.row.score.score, figure);
    } else {
        write(at.x + columns.score_end, "{}", "–", figure);
    }
    const auto counts = counts_of(votes);
    for (std::size_t i = 0; columns.has_counts && i < counts.size(); ++i)
        write(at.x + columns.count_ends[i], "{}", counts[i],
              {.face = Face::mono, .size = theme.text.figure, .role = counts[i] > 0 ? Role::text : Role::weak});
    if (!is_pointed_at) return;
    std::string words = fmt::format("{}\n{} won, {} lost, {} tied, {} both bad", line.label, votes.wins, votes.losses,
                                    votes.ties, votes.both_bad);
    if (const decide::VoteCounts& judged = line.row.verdicts; judged.all() > 0)
        words += fmt::format("\nby licensed judges: {} won, {} lost, {} tied", judged.wins, judged.losses, judged.ties);
    if (has_score)
        words += fmt::format("\nscore {:+.2f}, 95 % interval {:+.2f} to {:+.2f}", line.row.score.score,
                             line.row.score.low, line.row.score.high);
    tooltip(frame, words);
}

}  // namespace

void draw_board(const FrameView& frame, const VotesModel& model) {
    const Theme& theme = frame.theme;
    const float room = std::max(ImGui::GetContentRegionAvail().x, theme.px(140));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    paint_dot(frame, {at.x + theme.px(5), at.y + theme.text.row * 0.6F},
              model.is_board_certain() ? Dot::good : Dot::ring);
    ImGui::Indent(theme.px(17));
    draw_text_wrapped(frame, model.verdict(), {.size = theme.text.row});
    ImGui::Unindent(theme.px(17));
    ImGui::Dummy({0, theme.px(1)});
    const BoardColumns columns(theme, room);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {theme.px(8), theme.px(2)});
    draw_heads(frame, columns);
    for (const VotesModel::BoardLine& line : model.board()) draw_line(frame, line, columns, model.reach());
    ImGui::PopStyleVar();
}

}  // namespace llmc::gui
