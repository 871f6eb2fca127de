#include "gui/panels/rounds_strip.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/utf8.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

using session::AnswerState;

const char* words(RoundState state) {
    switch (state) {
        case RoundState::waiting: return "waits";
        case RoundState::running: return "running";
        case RoundState::done: return "done";
        case RoundState::failed: return "failed";
    }
    return "";
}

// A disc, a triangle, a square, a ring.
void paint_state(const FrameView& frame, ImVec2 center, RoundState state) {
    const Theme& theme = frame.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float r = theme.px(4);
    switch (state) {
        case RoundState::done: list.AddCircleFilled(center, r - 0.5F, theme[Role::good]); break;
        case RoundState::running:
            list.AddTriangleFilled({center.x - r + 1, center.y - r}, {center.x - r + 1, center.y + r},
                                   {center.x + r, center.y}, theme[Role::accent]);
            break;
        case RoundState::failed:
            list.AddRectFilled({center.x - r + 0.5F, center.y - r + 0.5F}, {center.x + r - 0.5F, center.y + r - 0.5F},
                               theme[Role::bad]);
            break;
        case RoundState::waiting: list.AddCircle(center, r - 1, theme[Role::weak], 0, theme.px(1.5F)); break;
    }
}

struct RoundCell {
    int number = 0;
    RoundState state = RoundState::waiting;
    std::string_view prompt;
    bool is_queued = false;  // not to be looked at yet
};

RoundCell cell_at(const session::Session& session, int index) {
    const auto at = static_cast<std::size_t>(index);
    if (at >= session.rounds.size())
        return {index + 1, RoundState::waiting, session.queue[at - session.rounds.size()]->prompt, true};
    const session::Round& round = *session.rounds[at];
    return {round.number, state_of(round), round.prompt, false};
}

// True where it was chosen.
bool draw_cell(const FrameView& frame, const RoundCell& cell, ImVec2 at, ImVec2 size, bool is_in_view) {
    const Theme& theme = frame.theme;
    std::array<char, 32> label{}, digits{};
    *fmt::format_to_n(label.data(), label.size() - 1, "round {}", cell.number).out = '\0';
    const auto number = fmt::format_to_n(digits.data(), digits.size(), "{}", cell.number);
    ImGui::SetCursorScreenPos(at);
    const bool is_clicked = ImGui::InvisibleButton(label.data(), size);
    const bool is_loud = ImGui::IsItemHovered() || ImGui::IsItemFocused();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (is_in_view || is_loud)
        list.AddRectFilled(at, {at.x + size.x, at.y + size.y}, theme[is_in_view ? Role::bg3 : Role::bg2], theme.px(4));
    if (is_in_view)
        list.AddRectFilled({at.x, at.y + size.y - theme.px(2)}, {at.x + size.x, at.y + size.y}, theme[Role::accent]);
    paint_state(frame, {at.x + theme.px(11), at.y + size.y / 2}, cell.state);
    const TextLook look{
        .face = Face::mono, .size = theme.text.figure, .role = is_in_view || is_loud ? Role::text : Role::weak};
    paint_text(frame, {at.x + theme.px(19), at.y + (size.y - look.size) / 2 - theme.px(1)},
               {digits.data(), number.size}, look, size.x);
    if (ImGui::IsItemHovered()) {
        constexpr std::size_t kFirstWords = 160;
        const std::string_view prompt = cell.prompt.substr(0, base::utf8_cut(cell.prompt, kFirstWords));
        tooltip(frame, fmt::format("Round {} · {}\n{}{}", cell.number, words(cell.state), prompt,
                                   prompt.size() < cell.prompt.size() ? "…" : ""));
    }
    return is_clicked && !cell.is_queued;
}

float digits_of(int count) {
    float digits = 1;
    for (; count >= 10; count /= 10) ++digits;
    return digits;
}

// Where more cells than fit are: the wheel moves them, and the one in view is brought back when it changes.
void scroll_cells(RoundsView& view, int count, float width, float cell, int in_view) {
    if (ImGui::IsWindowHovered() &&
        ImGui::IsMouseHoveringRect(ImGui::GetCursorScreenPos(),
                                   {ImGui::GetCursorScreenPos().x + width, ImGui::GetCursorScreenPos().y + cell})) {
        const ImGuiIO& io = ImGui::GetIO();
        view.scroll -= (io.MouseWheel + io.MouseWheelH) * 3 * cell;
    }
    if (in_view > 0 && in_view != view.revealed) {
        view.revealed = in_view;
        const float left = static_cast<float>(in_view - 1) * cell;
        view.scroll = std::max(std::min(view.scroll, left - cell), left + 2 * cell - width);
    }
    view.scroll = std::clamp(view.scroll, 0.0F, std::max(static_cast<float>(count) * cell - width, 0.0F));
}

}  // namespace

RoundState state_of(const session::Round& round) {
    bool is_failed = false, is_open = false;
    for (const session::Answer& answer : round.answers) {
        if (session::is_final(answer.state)) {
            is_failed = is_failed || session::is_failure(answer.state);
        } else {
            if (answer.state != AnswerState::queued) return RoundState::running;
            is_open = true;
        }
    }
    return is_failed ? RoundState::failed : is_open ? RoundState::waiting : RoundState::done;
}

CellRange cells_in_view(int count, float scroll, float width, float cell) {
    const int first = std::clamp(static_cast<int>(std::floor(scroll / cell)), 0, count);
    return {first, std::clamp(static_cast<int>(std::ceil((scroll + width) / cell)), first, count)};
}

bool has_rounds_strip(const engine::Snapshot& snapshot) {
    return snapshot.session.rounds.size() + snapshot.session.queue.size() > 1;
}

int draw_rounds_strip(const FrameView& frame, RoundsView& view, int in_view) {
    const Theme& theme = frame.theme;
    const session::Session& session = frame.snapshot.session;
    const int count = static_cast<int>(session.rounds.size() + session.queue.size());
    const float height = theme.px(30), gap = theme.px(2), inset = theme.px(3);
    const float cell = theme.px(26) + theme.px(8) * digits_of(count) + gap;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float whole = ImGui::GetContentRegionAvail().x;
    const float left = at.x + theme.px(10);
    const float step = measure(frame, "In step", {}).x + theme.px(44);
    const float width = std::max(whole - theme.px(20) - step, cell);

    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(at, {at.x + whole, at.y + height}, theme[Role::bg1]);
    scroll_cells(view, count, width, cell, in_view);
    int chosen = 0;
    ImGui::PushClipRect({left, at.y}, {left + width, at.y + height}, true);
    const CellRange range = cells_in_view(count, view.scroll, width, cell);
    for (int i = range.first; i < range.end; ++i) {
        const RoundCell one = cell_at(session, i);
        const float x = std::floor(left + static_cast<float>(i) * cell - view.scroll);
        if (draw_cell(frame, one, {x, at.y + inset}, {cell - gap, height - 2 * inset}, one.number == in_view))
            chosen = one.number;
    }
    ImGui::PopClipRect();
    ImGui::SetCursorScreenPos({at.x + whole - step, at.y + inset + theme.px(1)});
    if (checkbox(frame, "In step", view.is_in_step)) ImGui::MarkIniSettingsDirty();  // so at the next start, too
    if (ImGui::IsItemHovered())
        tooltip(frame, "Scrolling one candidate brings all others to the same place of the round");
    ImGui::SetCursorScreenPos({at.x, at.y + height});
    return chosen;
}

}  // namespace llmc::gui
