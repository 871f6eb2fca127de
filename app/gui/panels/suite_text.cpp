#include "gui/panels/suite_text.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/utf8.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr std::size_t kMaxMark = 60;  // bytes, about

void lay_out(const FrameView& frame, MarkedText& view, std::string_view text, float width) {
    ImFont* font = frame.fonts[Face::mono];
    const float size = frame.theme.text.code;
    const bool has_grown = text.data() == view.seen_data && text.size() >= view.seen_size;
    if (!has_grown || width != view.seen_width || size != view.seen_text || view.starts.empty()) {
        view.starts.assign(1, 0);
    } else if (text.size() == view.seen_size) {
        return;
    }
    // What is laid out stands, but for the last row, which may hold more now.
    std::size_t at = view.starts.back();
    while (at < text.size()) {
        const std::size_t line = std::min(text.find('\n', at), text.size());
        while (at < line) {
            const char* stop = font->CalcWordWrapPosition(size, text.data() + at, text.data() + line, width);
            auto next = static_cast<std::size_t>(stop - text.data());
            if (next <= at) (void)base::next_code_point(text, next = at);
            at = next;
            while (at < line && text[at] == ' ') ++at;
            if (at < line) view.starts.push_back(at);
        }
        if (line == text.size()) break;
        at = line + 1;
        view.starts.push_back(at);
    }
    view.seen_data = text.data();
    view.seen_size = text.size();
    view.seen_width = width;
    view.seen_text = size;
}

std::size_t row_of(const MarkedText& view, std::size_t byte) {
    const auto after = std::upper_bound(view.starts.begin(), view.starts.end(), byte);
    return after == view.starts.begin() ? 0 : static_cast<std::size_t>(after - view.starts.begin()) - 1;
}

void draw_row(const FrameView& frame, const MarkedText& view, std::string_view text, std::size_t row, float line) {
    const Theme& theme = frame.theme;
    ImFont* font = frame.fonts[Face::mono];
    const float size = theme.text.code;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const std::size_t from = view.starts[row];
    const std::size_t after = row + 1 < view.starts.size() ? view.starts[row + 1] : text.size();
    std::size_t to = after;
    while (to > from && (text[to - 1] == '\n' || text[to - 1] == '\r')) --to;
    const auto x_of = [&](std::size_t byte) {
        if (byte <= from) return at.x;
        return at.x + font->CalcTextSizeA(size, FLT_MAX, 0, text.data() + from, text.data() + std::min(byte, to)).x;
    };
    const auto is_marked = [&](const MarkedRange& mark) {
        return row_of(view, mark.from) <= row &&
               row <= row_of(view, std::max(mark.from, mark.to - (mark.to > 0 ? 1 : 0)));
    };
    if (view.mark && is_marked(*view.mark)) {
        const float left = x_of(view.mark->from), right = x_of(view.mark->to);
        const float wide = std::max(right - left, theme.px(3));
        list.AddRectFilled({left, at.y}, {left + wide, at.y + line}, ImGui::GetColorU32(theme[Role::found]),
                           theme.px(2));
        list.AddRectFilled({left, at.y + line - theme.px(2)}, {left + wide, at.y + line},
                           ImGui::GetColorU32(theme[Role::bad]));
        list.AddRectFilled({at.x - theme.px(8), at.y}, {at.x - theme.px(5), at.y + line},
                           ImGui::GetColorU32(theme[Role::bad]));
    }
    if (to > from)
        list.AddText(font, size, {at.x, at.y + (line - size) / 2}, ImGui::GetColorU32(theme[Role::text]),
                     text.data() + from, text.data() + to);
    ImGui::Dummy({1, line});
}

}  // namespace

MarkedRange marked_range(std::string_view text, std::int64_t at_char) {
    std::size_t from = 0;
    for (std::int64_t i = 0; i < at_char && from < text.size(); ++i) (void)base::next_code_point(text, from);
    std::size_t to = from;
    if (to < text.size()) (void)base::next_code_point(text, to);
    while (to < text.size() && to - from < kMaxMark && !base::is_blank(text[to])) (void)base::next_code_point(text, to);
    return {from, to};
}

void draw_marked_text(const FrameView& frame, MarkedText& view, std::string_view text, ImVec2 size) {
    const Theme& theme = frame.theme;
    const float line = theme.code_line;
    ImGui::PushStyleColor(ImGuiCol_ChildBg, theme[Role::bg0]);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {theme.px(12), theme.px(8)});
    if (ImGui::BeginChild("text", size, ImGuiChildFlags_AlwaysUseWindowPadding,
                          ImGuiWindowFlags_AlwaysVerticalScrollbar)) {
        lay_out(frame, view, text, std::max(ImGui::GetContentRegionAvail().x, theme.px(60)));
        if (text.empty()) draw_text(frame, "No text.", {.size = theme.text.quiet, .role = Role::weak});
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
        if (view.mark && std::exchange(view.scrolls_to_mark, false)) {
            const float top = static_cast<float>(row_of(view, view.mark->from)) * line;
            ImGui::SetScrollY(std::max(top - ImGui::GetWindowHeight() * 0.35F, 0.0F));
        }
        ImGuiListClipper clipper;
        clipper.Begin(text.empty() ? 0 : static_cast<int>(view.starts.size()), line);
        while (clipper.Step())
            for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
                draw_row(frame, view, text, static_cast<std::size_t>(i), line);
        ImGui::PopStyleVar();
    }
    ImGui::EndChild();
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
}

}  // namespace llmc::gui
