// Draws the turns of a conversation that are in view.
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <imgui_internal.h>  // how far to the right items reach

#include "gui/conversation/conversation.h"
#include "gui/conversation/side_scroll.h"
#include "gui/conversation/turn_widgets.h"
#include "gui/widgets.h"
#include "session/failure_title.h"

namespace llmc::gui {
namespace {

using session::AnswerState;

// What find has found in a part of a text: results are in order, so the visible ones are neighbours.
std::span<const text::SourceRange> within(const std::vector<text::SourceRange>& results, std::uint32_t begin,
                                          std::uint32_t end) {
    const auto first = std::lower_bound(results.begin(), results.end(), begin,
                                        [](const text::SourceRange& one, std::uint32_t at) { return one.end < at; });
    const auto last = std::upper_bound(first, results.end(), end,
                                       [](std::uint32_t at, const text::SourceRange& one) { return at < one.begin; });
    return {first, last};
}

}  // namespace

void Conversation::draw_turn(const FrameView& frame, std::size_t index, const session::Candidate& candidate, ImVec2 at,
                             double top, float width, double view_height, Commands& commands) {
    Turn& turn = *turns_[index].turn;
    const bool was_open = turn.is_open, was_reasoning_open = turn.is_reasoning_open;
    ImGui::PushID(static_cast<int>(index));
    const float left = at.x + text_left_;
    const auto screen = [&](double y) { return static_cast<float>(at.y + top + y); };
    if (turn.is_shown(Part::prompt)) draw_prompt(frame, index, {left, screen(0)}, width, -top, view_height, commands);
    draw_heading(frame, index, {left, screen(turn.place().label)}, width, commands);
    // What is unfolded in this frame has no layout yet.
    if (!turn.is_earlier() || was_open)
        draw_said(frame, index, candidate, {left, at.y}, top, width, view_height, commands);
    const float rating = screen(turn.place().rating);
    if (session::is_final(turn.answer().state) && turn.is_last() && !turn.is_earlier() && rating < at.y + view_height &&
        screen(turn.place().end) > at.y)
        draw_rating(frame, turn, left, rating, width, commands);
    ImGui::PopID();
    if (turn.is_open == was_open && turn.is_reasoning_open == was_reasoning_open) return;
    if (turn.is_open != was_open) open_attempt(turn);
    needs_layout_ = true;
    frame.requests.next_frame();
}

// The user's turn: a box with an edge in accent.
void Conversation::draw_prompt(const FrameView& frame, std::size_t index, ImVec2 at, float width, double view_top,
                               double view_height, Commands& commands) {
    const Theme& theme = frame.theme;
    const Turn::Place& place = turns_[index].turn->place();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float box_top = at.y + static_cast<float>(place.prompt_box);
    const float box_end = at.y + static_cast<float>(place.prompt_box_end);
    list.AddRectFilled({at.x, box_top}, {at.x + width, box_end}, theme[Role::user], theme.px(5));
    list.AddRectFilled({at.x, box_top}, {at.x + theme.px(3), box_end}, theme[Role::accent], theme.px(2));
    paint_text(frame, {at.x + theme.px(13), box_top + theme.px(9)}, "[User]",
               {.face = Face::semibold, .size = theme.text.small, .role = Role::weak}, width);
    draw_text(frame, index, Part::prompt, at.x, at.y, view_top, view_height, commands);
}

// Who speaks and when, and which step it is; of an earlier attempt the line that opens it.
void Conversation::draw_heading(const FrameView& frame, std::size_t index, ImVec2 at, float width, Commands& commands) {
    const Theme& theme = frame.theme;
    Turn& turn = *turns_[index].turn;
    const TextLook quiet{.face = Face::regular, .size = theme.text.small, .role = Role::weak};
    // While the mouse button is down on it too: what vanishes when it is pressed cannot be clicked.
    const float end = at.y + static_cast<float>(turn.height() - turn.place().label);
    const bool has_said = turn.step() > 0 ? turn.ended() != nullptr : !turn.answer().text().empty();
    const bool can_copy =
        has_said && ImGui::GetMousePos().y >= at.y && ImGui::GetMousePos().y < end &&
        ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows | ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
    float left = at.x + turn.indent(), right = at.x + width;
    if (turn.is_earlier() && turn.is_head()) {
        const float room = can_copy ? width - theme.px(120) : width;
        if (fold(frame, fmt::format("attempt {}", turn.answer().attempt).c_str(), turn.caption(), Face::regular,
                 turn.is_open, at, room))
            turn.is_open = !turn.is_open;
    } else {
        if (turn.is_head() || turn.has_prompt())
            left += paint_text(frame, {left, at.y}, "[Assistant]",
                               {.face = Face::semibold, .size = theme.text.small, .role = Role::weak}, width) +
                    theme.px(8);
        paint_text(frame, {left, at.y}, turn.step_words(), quiet, right - left);
        const float caption = measure(frame, turn.caption(), quiet).x;
        paint_text(frame, {right - caption, at.y}, turn.caption(), quiet, caption + 1);
        if (caption > 0) right -= caption + theme.px(14);
    }
    if (can_copy && quiet_action(frame, "Copy", {right, at.y}, Role::accent)) {
        if (turn.is_head())
            commands.add(CopyText{turn.step() == 0 ? std::string(turn.answer().text()) : answer_text(index), "answer"});
        else
            commands.add(CopyText{text_of({{index, Part::reasoning, 0}, end_of(index)}, false), "step"});
    }
    if (!can_copy || !turn.is_earlier() || !turn.is_head()) return;
    const session::Answer& answer = turn.answer();
    right -= measure(frame, "Copy", quiet).x + theme.px(14);
    if (quiet_action(frame, "Compare", {right, at.y}, Role::accent))
        commands.add(CompareAnswers{answer.round, {answer.candidate}, answer.attempt});
}

void Conversation::draw_said(const FrameView& frame, std::size_t index, const session::Candidate& candidate, ImVec2 at,
                             double top, float width, double view_height, Commands& commands) {
    const Theme& theme = frame.theme;
    Turn& turn = *turns_[index].turn;
    const Turn::Place& place = turn.place();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float left = at.x + turn.indent();
    const double origin = at.y + top;
    const auto screen = [&](double y) { return static_cast<float>(origin + y); };
    width -= turn.indent();
    if (turn.is_earlier())
        list.AddRectFilled({at.x + theme.px(2), screen(place.thought)},
                           {at.x + theme.px(4), screen(place.end - theme.px(8))}, theme[Role::line]);

    bool toggles_reasoning = false;  // after all is drawn: what is unfolded has no layout yet
    if (turn.has_reasoning()) {
        std::array<char, 96> buffer{};
        toggles_reasoning = fold(frame, "thought", turn.thought(buffer), Face::italic, turn.is_reasoning_open,
                                 {left, screen(place.thought)}, width);
        if (turn.is_shown(Part::reasoning)) {
            list.AddRectFilled({left + theme.px(2), screen(turn.text_y(Part::reasoning))},
                               {left + theme.px(4), screen(turn.text_y(Part::answer) - theme.px(8))},
                               theme[Role::line]);
            draw_text(frame, index, Part::reasoning, at.x, origin, -top, view_height, commands);
        }
    }
    if (!turn.source(Part::answer).empty())
        draw_text(frame, index, Part::answer, at.x, origin, -top, view_height, commands);
    else if (!turn.status().empty())
        draw_waiting(frame, turn, {left, screen(place.status)}, width);
    if (turn.state() == AnswerState::streaming) draw_caret(frame, turn, at.x, origin);
    if (toggles_reasoning) turn.is_reasoning_open = !turn.is_reasoning_open;

    const auto plain = [&](text::Document& document, double y, float x, Role role) {
        DocumentPaint what;
        what.x = left + x;
        what.y = origin + y;
        what.y0 = -(top + y);
        what.y1 = what.y0 + view_height;
        what.role = role;
        painter_.paint(document, what, theme, fonts_, list);
    };
    draw_calls(frame, index, {at.x, at.y}, top, width, view_height, commands);
    if (turn.has_notes()) {
        paint_dot(frame, {left + theme.px(5), screen(place.notes) + theme.prose_line / 2}, Dot::warn);
        plain(turn.notes(), place.notes, theme.px(18), Role::warn);
    }
    if (!turn.ending().empty())
        paint_text(frame, {left, screen(place.ending)}, turn.ending(),
                   {.face = Face::italic, .size = theme.text.quiet, .role = Role::weak}, width);
    if (turn.has_failure()) draw_failure(frame, turn, candidate, left, origin, width, commands);
}

// What happens while there is no text yet.
void Conversation::draw_waiting(const FrameView& frame, Turn& turn, ImVec2 at, float width) {
    const Theme& theme = frame.theme;
    const session::AnswerLive& live = turn.answer().stream->live();
    const bool has_clock = live.started != base::TimePoint{} && turn.state() != AnswerState::queued;
    const float used = paint_text(frame, {at.x, at.y + theme.px(2)}, turn.status(),
                                  {.face = Face::italic, .size = theme.text.prose, .role = Role::weak},
                                  width - (has_clock ? theme.px(50) : 0));
    if (!has_clock) return;
    std::array<char, 32> buffer{};
    const auto end =
        fmt::format_to_n(buffer.data(), buffer.size(), "{:.0f} s", base::seconds(frame.now - live.started));
    paint_text(frame, {at.x + used + theme.px(8), at.y + theme.px(3)}, {buffer.data(), end.size},
               {.face = Face::mono, .size = theme.text.figure, .role = Role::weak}, theme.px(60));
}

void Conversation::draw_caret(const FrameView& frame, Turn& turn, float x, double y) {
    const Theme& theme = frame.theme;
    const Part part = turn.source(Part::answer).empty() ? Part::reasoning : Part::answer;
    if (!turn.is_shown(part) || turn.source(part).empty()) return;
    const auto end = static_cast<std::uint32_t>(turn.source(part).size());
    const text::Rect caret = turn.document(part).caret(end);
    const float left = x + turn.text_x(part) + caret.x + theme.px(2);
    const float top = static_cast<float>(y + turn.text_y(part) + caret.y);
    ImGui::GetWindowDrawList()->AddRectFilled(
        {left, top + theme.px(3)}, {left + theme.px(2), top + caret.height - theme.px(3)}, theme[Role::accent]);
}

void Conversation::draw_rating(const FrameView& frame, Turn& turn, float x, float y, float width, Commands& commands) {
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    const float work = window->WorkRect.Max.x, content = window->ContentRegionRect.Max.x;
    window->WorkRect.Max.x = window->ContentRegionRect.Max.x = x + width;
    ImGui::SetCursorScreenPos({x, y});
    draw_rating_row(frame, turn.answer(), turn.rating_edit, commands);
    window->WorkRect.Max.x = work;
    window->ContentRegionRect.Max.x = content;
}

void Conversation::draw_failure(const FrameView& frame, Turn& turn, const session::Candidate& candidate, float x,
                                double y, float width, Commands& commands) {
    const Theme& theme = frame.theme;
    const Turn::Place& place = turn.place();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const auto screen = [&](double at) { return static_cast<float>(y + at); };
    const float from = screen(place.failure), to = screen(place.failure_end);
    list.AddRectFilled({x, from}, {x + width, to}, theme[Role::user], theme.px(5));
    list.AddRectFilled({x, from}, {x + theme.px(3), to}, theme[Role::bad], theme.px(2));

    std::string title = session::failure_title(turn.answer());
    if (const auto& failure = turn.answer().failure; failure && failure->status >= 400)
        title += fmt::format(" · HTTP {}", failure->status);
    paint_text(frame, {x + theme.px(13), from + theme.px(9)}, title,
               {.face = Face::semibold, .size = theme.text.row, .role = Role::bad}, width - theme.px(24));
    DocumentPaint what;
    what.x = x + theme.px(13);
    what.y = y + place.failure_text;
    what.y1 = turn.failure_text().height();
    painter_.paint(turn.failure_text(), what, theme, fonts_, list);

    if (!turn.can_retry()) return;
    ImGui::SetCursorScreenPos({x + theme.px(13), screen(place.failure_actions)});
    const bool is_halted = frame.snapshot.activity == engine::Activity::halted;
    if (link_button(frame, "Retry", true,
                    is_halted ? "Tries the answers of this round again that are not complete, then goes on"
                              : "Tries this answer again; the others go on"))
        commands.engine(engine::RetryAnswer{turn.round().number, candidate.id});
    ImGui::SameLine(0, theme.px(18));
    if (link_button(frame, "Skip model", true, "Goes on without this model; what it said stays in the reports"))
        commands.engine(engine::SkipCandidate{turn.round().number, candidate.id});
    if (!turn.can_forget()) return;
    ImGui::SameLine(0, theme.px(18));
    if (link_button(frame, "Forget the oldest rounds", true,
                    "Leaves the older half of the rounds out of what this model is sent, then tries again"))
        commands.engine(engine::ForgetOldest{turn.round().number, candidate.id});
}

void Conversation::draw_text(const FrameView& frame, std::size_t index, Part part, float x, double y, double view_top,
                             double view_height, Commands& commands) {
    Turn& turn = *turns_[index].turn;
    text::Document& document = turn.document(part);
    const double at = turn.text_y(part);
    DocumentPaint what;
    what.x = x + turn.text_x(part);
    what.y = y + at;
    what.y0 = std::max(view_top - at, 0.0);
    what.y1 = std::min(view_top + view_height - at, document.height());
    if (what.y0 >= what.y1) return;
    const CallPassage* call = turn.call(part);
    const bool is_quiet = part == Part::reasoning || (call && call->is_result && call->own.empty());
    what.role = is_quiet ? Role::weak : Role::text;
    what.surface = part == Part::prompt ? Role::user : Role::bg1;
    what.side_scroll = &turn.side_scroll(part);
    if (has_selection()) what.selection = view_.selection()->within(index, part, document.source().size());
    if (pattern_) {
        const std::uint32_t first = document.hit_test(0, what.y0);
        const std::uint32_t last = document.hit_test(1e6F, what.y1);
        what.found = within(turn.find(part).results(), first, last);
        if (found_ && found_->first.turn == index && found_->first.part == part) what.found_current = found_->second;
    }
    painter_.paint(document, what, frame.theme, fonts_, *ImGui::GetWindowDrawList());
    draw_side_scroll(frame, turn, part, what.x, what.y, commands);
}

// What can be done with boxes: code is copied, what is wider than its box is scrolled.
void Conversation::draw_side_scroll(const FrameView& frame, Turn& turn, Part part, float x, double y,
                                    Commands& commands) {
    const Theme& theme = frame.theme;
    for (const DocumentPainter::SeenBox& box : painter_.boxes()) {
        const float top = static_cast<float>(y + box.y);
        ImGui::PushID(static_cast<int>(part));
        ImGui::PushID(static_cast<int>(box.id));
        if (box.kind == text::BlockKind::code && box.header > 0 &&
            quiet_action(
                frame, "Copy",
                {x + box.x + box.width - theme.px(12), top + (box.header - theme.text.small) / 2 - theme.px(1)},
                Role::accent))
            commands.add(CopyText{std::string(turn.source(part).substr(box.begin, box.end - box.begin)), "code"});
        draw_side_scroll_bar(frame, box, turn.side_scroll(part), {x, static_cast<float>(y)});
        ImGui::PopID();
        ImGui::PopID();
    }
}

}  // namespace llmc::gui
