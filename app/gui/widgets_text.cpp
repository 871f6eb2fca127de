// Text, dots and the words of states.
#include <algorithm>
#include <cmath>

#include "base/utf8.h"
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

float width_of(ImFont* font, float size, std::string_view text) {
    return text.empty() ? 0 : font->CalcTextSizeA(size, FLT_MAX, 0, text.data(), end_of(text)).x;
}

// What is left of a text when its middle is taken out; the end, which tells names apart, gets the larger share.
struct Ends {
    std::string_view head, tail;
};
Ends ends_of(ImFont* font, float size, std::string_view text, float room) {
    const char* rest = text.data();
    if (room > 0) font->CalcTextSizeA(size, room * 0.4F, 0, text.data(), end_of(text), &rest);
    Ends ends{text.substr(0, static_cast<std::size_t>(rest - text.data())), {}};
    const float left = room - width_of(font, size, ends.head);
    std::size_t low = ends.head.size(), high = text.size();  // the first beginning whose rest fits
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (width_of(font, size, text.substr(middle)) <= left)
            high = middle;
        else
            low = middle + 1;
    }
    while (high < text.size() && (static_cast<unsigned char>(text[high]) & 0xC0) == 0x80) ++high;
    ends.tail = text.substr(high);
    return ends;
}

}  // namespace

std::size_t cut_middle(const FrameView& frame, std::string_view text, TextLook look, float max_width,
                       std::span<char> out) {
    ImFont* font = frame.fonts[look.face];
    const float size = size_of(frame, look);
    Ends ends{text, {}};
    const bool is_cut = width_of(font, size, text) > max_width;
    if (is_cut) ends = ends_of(font, size, text, max_width - width_of(font, size, kEllipsis));
    std::size_t used = 0;
    for (const std::string_view part : {ends.head, is_cut ? kEllipsis : std::string_view(), ends.tail}) {
        const std::string_view fits = part.substr(0, base::utf8_cut(part, out.size() - used));
        std::ranges::copy(fits, out.begin() + static_cast<std::ptrdiff_t>(used));
        used += fits.size();
    }
    return used;
}

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
    if (is_cut && look.keeps_end) {
        const float dots = width_of(font, size, kEllipsis);
        const Ends ends = ends_of(font, size, line, max_width - dots);
        float x = position.x;
        for (const std::string_view part : {ends.head, kEllipsis, ends.tail}) {
            if (part.empty()) continue;
            list.AddText(font, size, {x, position.y}, color, part.data(), end_of(part));
            x += width_of(font, size, part);
        }
        return x - position.x;
    }
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
    paint_dot(frame, *ImGui::GetWindowDrawList(), center, dot);
}

void paint_dot(const FrameView& frame, ImDrawList& list, ImVec2 center, Dot dot) {
    const Theme& theme = frame.theme;
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

void empty_state(const FrameView& frame, std::string_view title, std::string_view text, float height_below) {
    const Theme& theme = frame.theme;
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float wrap = std::max(std::min(room.x - theme.px(32), theme.px(420)), theme.px(60));
    ImGui::Dummy({0, std::clamp((room.y - theme.px(120) - height_below) * 0.42F, 0.0F, theme.px(260))});
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
