// Text, dots and the words of states.
#include <algorithm>
#include <cmath>

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr std::string_view kEllipsis = "…";

float size_of(const FrameView& frame, const TextLook& look) {
    return look.size > 0 ? look.size : frame.theme.text.row;
}

const char* end_of(std::string_view text) {
    return text.data() + text.size();
}

}  // namespace

void draw_text(const FrameView& frame, std::string_view text, TextLook look) {
    const FontScope font(frame, look.face, size_of(frame, look));
    ImGui::PushStyleColor(ImGuiCol_Text, frame.theme[look.role]);
    ImGui::TextUnformatted(text.data(), end_of(text));
    ImGui::PopStyleColor();
}

void draw_text_wrapped(const FrameView& frame, std::string_view text, TextLook look) {
    ImGui::PushTextWrapPos(0);
    draw_text(frame, text, look);
    ImGui::PopTextWrapPos();
}

ImVec2 measure(const FrameView& frame, std::string_view text, TextLook look) {
    if (text.empty()) return {0, size_of(frame, look)};
    ImVec2 size = frame.fonts[look.face]->CalcTextSizeA(size_of(frame, look), FLT_MAX, 0, text.data(), end_of(text));
    size.x = std::ceil(size.x);
    return size;
}

float paint_text(const FrameView& frame, ImVec2 position, std::string_view text, TextLook look, float max_width,
                 bool* was_cut) {
    const std::string_view line = text.substr(0, text.find('\n'));
    bool is_cut = line.size() < text.size();
    if (was_cut) *was_cut = is_cut || (!line.empty() && max_width <= 0);
    if (text.empty() || max_width <= 0) return 0;

    ImFont* font = frame.fonts[look.face];
    const float size = size_of(frame, look);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImU32 color = ImGui::GetColorU32(frame.theme[look.role]);
    position = {std::floor(position.x), std::floor(position.y)};

    const char* rest = line.data();
    float width = line.empty() ? 0 : font->CalcTextSizeA(size, max_width + 0.5F, 0, line.data(), end_of(line), &rest).x;
    is_cut = is_cut || rest != end_of(line);
    if (was_cut) *was_cut = is_cut;
    if (is_cut) {
        const float dots = font->CalcTextSizeA(size, FLT_MAX, 0, kEllipsis.data(), end_of(kEllipsis)).x;
        width = 0;
        rest = line.data();
        if (max_width > dots && !line.empty())
            width = font->CalcTextSizeA(size, max_width - dots, 0, line.data(), end_of(line), &rest).x;
        while (rest > line.data() && rest[-1] == ' ') --rest;
        if (rest > line.data())
            width = font->CalcTextSizeA(size, FLT_MAX, 0, line.data(), rest).x;
        else
            width = 0;
        list.AddText(font, size, {position.x + width, position.y}, color, kEllipsis.data(), end_of(kEllipsis));
        if (rest > line.data()) list.AddText(font, size, position, color, line.data(), rest);
        return width + dots;
    }
    list.AddText(font, size, position, color, line.data(), rest);
    return width;
}

void paint_dot(const FrameView& frame, ImVec2 center, Dot dot) {
    const Theme& theme = frame.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float radius = theme.dot / 2;
    const auto color = [&theme](Role role) { return ImGui::GetColorU32(theme[role]); };
    switch (dot) {
        case Dot::good: list.AddCircleFilled(center, radius, color(Role::good)); return;
        case Dot::accent: list.AddCircleFilled(center, radius, color(Role::accent)); return;
        case Dot::warn: list.AddCircleFilled(center, radius, color(Role::warn)); return;
        case Dot::bad: list.AddCircleFilled(center, radius, color(Role::bad)); return;
        case Dot::weak: list.AddCircleFilled(center, radius, color(Role::weak)); return;
        case Dot::ring: {
            const float line = std::max(1.5F * theme.scale, 1.0F);
            list.AddCircle(center, radius - line / 2, color(Role::weak), 0, line);
            return;
        }
    }
}

Dot dot_of(session::AnswerState state) {
    using session::AnswerState;
    switch (state) {
        case AnswerState::queued:
        case AnswerState::loading:
        case AnswerState::processing: return Dot::ring;
        case AnswerState::streaming: return Dot::accent;
        case AnswerState::complete: return Dot::good;
        case AnswerState::stopped: return Dot::weak;
        case AnswerState::interrupted: return Dot::warn;
        case AnswerState::cut_off:
        case AnswerState::empty:
        case AnswerState::failed: return Dot::bad;
    }
    return Dot::weak;
}

Role role_of(session::AnswerState state) {
    switch (dot_of(state)) {
        case Dot::warn: return Role::warn;
        case Dot::bad: return Role::bad;
        case Dot::weak: return Role::weak;
        default: return Role::text;
    }
}

std::string_view words_of(session::AnswerState state) {
    if (state == session::AnswerState::cut_off) return "cut off";
    return session::answer_state_name(state);
}

void empty_state(const FrameView& frame, std::string_view title, std::string_view text) {
    const Theme& theme = frame.theme;
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float wrap = std::max(std::min(room.x - theme.px(32), theme.px(420)), theme.px(60));
    ImGui::Dummy({0, std::clamp((room.y - theme.px(120)) * 0.42F, 0.0F, theme.px(260))});
    const auto centred = [&](std::string_view paragraph, const TextLook& look) {
        ImFont* font = frame.fonts[look.face];
        const char* at = paragraph.data();
        const char* const end = end_of(paragraph);
        while (at < end) {
            const char* stop = font->CalcWordWrapPosition(look.size, at, end, wrap);
            if (stop == at) ++stop;
            const std::string_view line(at, static_cast<std::size_t>(stop - at));
            const float left = std::max((room.x - measure(frame, line, look).x) / 2, 0.0F);
            ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::floor(left));
            draw_text(frame, line, look);
            for (at = stop; at < end && (*at == ' ' || *at == '\n'); ++at) {
            }
        }
    };
    centred(title, {.face = Face::semibold, .size = theme.text.prose});
    centred(text, {.size = theme.text.quiet, .role = Role::weak});
    ImGui::Dummy({0, theme.px(4)});
}

void tooltip(const FrameView& frame, std::string_view text) {
    if (text.empty() || !ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) return;
    if (!ImGui::BeginTooltip()) return;
    ImGui::PushTextWrapPos(frame.theme.px(380));
    draw_text(frame, text.substr(0, 2000), {.size = frame.theme.text.quiet});
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}

}  // namespace llmc::gui
