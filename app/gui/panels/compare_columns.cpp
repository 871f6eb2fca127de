// The columns of the Compare window: laid out, scrolled together, drawn.
#include <algorithm>
#include <cmath>

#include "gui/panels/compare_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr std::size_t kLayoutBudget = std::size_t{64} << 10;  // bytes of text per frame beyond what is in view

class Heights final : public CompareHeights {
public:
    explicit Heights(CompareView& view) : view_(view) {}
    double y_of(std::size_t text, std::uint32_t offset) override {
        for (auto& column : view_.columns)
            if (column->number == text) return column->text.y_of(offset);
        return 0;
    }

private:
    CompareView& view_;
};

void lay_out(const FrameView& frame, CompareView& view, ImVec2 size) {
    const std::size_t budget = kLayoutBudget / std::max<std::size_t>(view.columns.size(), 1);
    for (auto& column : view.columns)
        if (column->number) column->text.lay_out(frame, view.fonts, size, budget);
}

// What corresponds to the driver's text stands at the same height; ends meet ends.
void follow(CompareView& view, CompareView::Column& driver) {
    const Comparison* comparison = view.comparison();
    const double most = driver.text.most_scroll(), share = most > 0 ? driver.text.scroll() / most : 0;
    const double line = share * driver.text.view_height(), y = driver.text.scroll() + line;
    const std::uint32_t row_end = driver.text.row_end_at(y);
    Heights heights(view);
    for (auto& column : view.columns) {
        if (column.get() == &driver || !column->number) continue;
        const double peer = comparison
                                ? corresponding_y(*comparison, *driver.number, *column->number, row_end, y, heights)
                                : y / std::max(driver.text.height(), 1.0) * column->text.height();
        // The last lines of all texts are at the end together.
        column->text.scroll_to(share >= 1 ? column->text.most_scroll() : peer - line);
    }
}

// The column that the user has moved; a wheel over one that is short moves the longest.
CompareView::Column* find_driver(CompareView& view) {
    CompareView::Column* driver = nullptr;
    for (auto& column : view.columns)
        if (column->number && column->text.take_scroll()) driver = column.get();
    const float wheel = ImGui::GetIO().MouseWheel;
    if (driver || wheel == 0 || ImGui::GetIO().KeyShift || ImGui::GetIO().KeyCtrl || !view.scrolls_together)
        return driver;
    CompareView::Column* longest = nullptr;
    bool is_over_short = false;
    for (auto& column : view.columns) {
        if (column->text.is_hovered() && (!column->number || column->text.most_scroll() <= 0)) is_over_short = true;
        if (column->number && (!longest || column->text.most_scroll() > longest->text.most_scroll()))
            longest = column.get();
    }
    if (!is_over_short || !longest) return nullptr;
    longest->text.scroll_to(longest->text.scroll() - static_cast<double>(wheel * ImGui::GetFontSize() * 5));
    return longest;
}

// The current difference, in all columns at one height, unless all of it is in view.
void scroll_to_current(const FrameView& frame, CompareView& view, ImVec2 size) {
    const Comparison* comparison = view.comparison();
    if (!comparison || !view.current) return;
    const CompareDifference& difference = comparison->differences[*view.current];
    const double above = frame.theme.px(20), below = frame.theme.px(60);
    const bool is_seen = std::all_of(view.columns.begin(), view.columns.end(), [&](auto& column) {
        if (!column->number) return true;
        const double y = column->text.y_of(difference.at[*column->number].begin) - column->text.scroll();
        return y >= std::min(above, column->text.scroll()) && y <= size.y - below;
    });
    if (is_seen) return;
    // Twice: heights above what was never in view are estimates.
    for (int i = 0; i < 2; ++i) {
        for (auto& column : view.columns)
            if (column->number)
                column->text.scroll_to(column->text.y_of(difference.at[*column->number].begin) -
                                       static_cast<double>(size.y) / 3);
        lay_out(frame, view, size);
    }
}

void draw_header(const FrameView& frame, const CompareView::Column& column, const Choosable& answer, ImVec2 at,
                 float width, Commands& commands) {
    const Theme& theme = frame.theme;
    float right = at.x + width;
    if (column.number) {
        const float wide = measure(frame, "Copy", {.size = theme.text.quiet}).x;
        right -= wide + theme.px(4);
        ImGui::SetCursorScreenPos({right, at.y});
        if (link_button(frame, "Copy", true, "The whole answer"))
            commands.add(CopyText{std::string(column.text.text()), "answer"});
        right -= theme.px(10);
    }
    const session::AnswerState state = answer.answer->state;
    const bool says_state = state != session::AnswerState::complete;
    const TextLook title{.face = Face::semibold, .size = theme.text.row, .keeps_end = true};
    bool was_cut = false;
    const float used = paint_text(frame, at, answer.label, title, right - at.x, &was_cut);
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({std::max(used, 1.0F), theme.text.row});
    if (was_cut) tooltip(frame, answer.label);
    float x = at.x + used + theme.px(10);
    if (says_state) {
        const TextLook look{.size = theme.text.quiet, .role = role_of(state)};
        const float wide = measure(frame, words_of(state), look).x + theme.px(14);
        if (x + wide > right) return;
        paint_dot(frame, {x + theme.dot / 2, at.y + title.size * 0.6F}, dot_of(state));
        paint_text(frame, {x + theme.px(14), at.y + theme.px(1)}, words_of(state), look, wide);
        x += wide + theme.px(10);
    }
    const TextLook figures{.face = Face::mono, .size = theme.text.figure, .role = Role::weak};
    if (x + measure(frame, column.figures, figures).x <= right)
        paint_text(frame, {x, at.y + theme.px(1)}, column.figures, figures, right - x);
}

void draw_state(const FrameView& frame, const CompareView::Column& column, ImVec2 size) {
    ImGui::BeginChild("state", size);
    draw_text_wrapped(frame, column.state, {.size = frame.theme.text.row, .role = Role::weak});
    if (!column.tool_calls.empty())
        draw_text_wrapped(frame, column.tool_calls, {.face = Face::mono, .size = frame.theme.text.code});
    ImGui::EndChild();
}

void draw_rating(const FrameView& frame, CompareView::Column& column, const session::Answer& answer, ImVec2 size,
                 Commands& commands) {
    ImGui::PushStyleColor(ImGuiCol_ChildBg, frame.theme[Role::bg2]);
    const float above = std::floor((size.y - rating_row_height(frame)) / 2);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {frame.theme.px(10), above});
    ImGui::BeginChild("rating", size, ImGuiChildFlags_AlwaysUseWindowPadding,
                      ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
    draw_rating_row(frame, answer, column.rating, commands);
    ImGui::EndChild();
}

bool can_rate(const Choosable& answer) {
    return answer.pick.place.source == 0 && answer.pick.attempt == 0 && answer.pick.candidate != suite::kIncumbent;
}

// The keyboard is at the column that was clicked, else at the first one.
void take_keys(const FrameView& frame, CompareView& view, Commands& commands) {
    if (!ImGui::IsWindowFocused(ImGuiFocusedFlags_RootAndChildWindows) || ImGui::GetIO().WantTextInput) return;
    const auto has_text = [](const auto& column) { return column->number.has_value(); };
    auto target =
        std::ranges::find_if(view.columns, [](const auto& one) { return one->number && one->text.is_focused(); });
    if (target != view.columns.end()) {
        const Choosable& answer = view.choice.chosen()[static_cast<std::size_t>(target - view.columns.begin())];
        if (can_rate(answer)) take_rating_keys(frame, *answer.answer, commands);
    } else {
        target = std::ranges::find_if(view.columns, has_text);
    }
    if (target != view.columns.end()) (*target)->text.take_keys(frame, commands);
}

}  // namespace

void draw_compare_columns(const FrameView& frame, CompareView& view, Commands& commands) {
    const Theme& theme = frame.theme;
    view.fonts.begin_frame(theme, frame.fonts);
    const std::size_t count = view.columns.size();
    const ImVec2 room = ImGui::GetContentRegionAvail();
    if (room.x < theme.px(40) || room.y < theme.px(40)) return;
    const float gap = theme.px(19);
    const float width =
        std::max(std::floor((room.x - gap * static_cast<float>(count - 1)) / static_cast<float>(count)), theme.px(220));
    const float all = width * static_cast<float>(count) + gap * static_cast<float>(count - 1);

    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::BeginChild("columns", room, ImGuiChildFlags_NavFlattened, ImGuiWindowFlags_HorizontalScrollbar);
    ImGui::PopStyleVar();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float bar = all > room.x + 1 ? ImGui::GetStyle().ScrollbarSize : 0;
    const bool is_low = room.y < theme.px(300);
    const float header = theme.px(25), footer = rating_row_height(frame) + 2 * theme.px(is_low ? 2 : 6);
    const ImVec2 size{width, std::max(room.y - header - footer - bar - theme.px(8), theme.px(30))};

    CompareView::Column* driver = find_driver(view);
    lay_out(frame, view, size);
    if (driver && view.scrolls_together) {
        follow(view, *driver);
        lay_out(frame, view, size);
    }
    if (std::exchange(view.scrolls_to_current, false)) scroll_to_current(frame, view, size);
    take_keys(frame, view, commands);

    const Comparison* comparison = view.comparison();
    for (std::size_t i = 0; i < count; ++i) {
        const float x = at.x + static_cast<float>(i) * (width + gap);
        if (!ImGui::IsRectVisible({x - gap, at.y}, {x + width, at.y + room.y})) continue;
        CompareView::Column& column = *view.columns[i];
        const Choosable& answer = view.choice.chosen()[i];
        ImGui::PushID(answer.id.c_str());
        if (i > 0)
            ImGui::GetWindowDrawList()->AddLine({x - std::floor(gap / 2), at.y},
                                                {x - std::floor(gap / 2), at.y + room.y},
                                                ImGui::GetColorU32(theme[Role::line]));
        draw_header(frame, column, answer, {x, at.y + theme.px(2)}, width, commands);
        ImGui::SetCursorScreenPos({x, at.y + header});
        if (column.number) {
            const ColumnMarks marks{comparison, *column.number, comparison ? view.current : std::nullopt,
                                    compare_color(theme, i)};
            if (const auto clicked = column.text.draw(frame, view.fonts, marks, commands))
                look_at_difference(view, *clicked);
        } else {
            draw_state(frame, column, size);
        }
        if (can_rate(answer) && answer.has_ended()) {
            ImGui::SetCursorScreenPos({x, at.y + header + size.y + theme.px(8)});
            draw_rating(frame, column, *answer.answer, {width, footer}, commands);
        }
        ImGui::PopID();
    }
    ImGui::SetCursorScreenPos({at.x + all - 1, at.y});
    ImGui::Dummy({1, 1});
    ImGui::EndChild();
}

}  // namespace llmc::gui
