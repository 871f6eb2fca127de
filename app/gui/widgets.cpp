// Buttons, pills, rows and boxes.
#include "gui/widgets.h"

#include <algorithm>
#include <cmath>

#include <imgui_internal.h>

#include "gui/hooks/item_name.h"
#include "gui/widget_parts.h"

namespace llmc::gui {

std::string_view shown(const char* label) {
    return {label, static_cast<std::size_t>(ImGui::FindRenderedTextEnd(label) - label)};
}

ImU32 blend(ImU32 a, ImU32 b, float share) {
    const ImVec4 from = ImGui::ColorConvertU32ToFloat4(a), to = ImGui::ColorConvertU32ToFloat4(b);
    const auto one = [share](float x, float y) { return x + (y - x) * share; };
    return ImGui::ColorConvertFloat4ToU32({one(from.x, to.x), one(from.y, to.y), one(from.z, to.z), one(from.w, to.w)});
}

Hit hit_area(const char* id, ImVec2 size, float rounding, ImVec2 reach, float baseline) {
    Hit hit;
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    if (window->SkipItems) return hit;
    ImVec2 at = window->DC.CursorPos;
    if (baseline >= 0) at.y += std::max(window->DC.CurrLineTextBaseOffset - baseline, 0.0F);
    hit.min = at;
    hit.max = {at.x + size.x, at.y + size.y};
    ImRect box(hit.min, hit.max);
    ImGui::ItemSize(size, baseline);
    box.Expand(reach);
    const ImGuiID key = window->GetID(id);
    if (!ImGui::ItemAdd(box, key)) return hit;
    name_item(key, id);
    hit.is_visible = true;
    hit.is_pressed = ImGui::ButtonBehavior(box, key, &hit.is_hovered, &hit.is_held);
    ImGui::RenderNavCursor(box, key, ImGuiNavRenderCursorFlags_Compact, rounding);
    return hit;
}

bool primary_button(const FrameView& frame, const char* label, bool is_enabled, std::string_view shortcut) {
    const Theme& theme = frame.theme;
    const FontScope font(frame, Face::semibold, theme.text.row);
    const ImU32 fill = theme[Role::primary], ink = theme[Role::on_primary];
    ImGui::BeginDisabled(!is_enabled);
    ImGui::PushStyleColor(ImGuiCol_Button, fill);
    ImGui::PushStyleColor(ImGuiCol_ButtonHovered, blend(fill, IM_COL32_BLACK, 0.08F));
    ImGui::PushStyleColor(ImGuiCol_ButtonActive, blend(fill, IM_COL32_BLACK, 0.16F));
    ImGui::PushStyleColor(ImGuiCol_Text, ink);
    const bool is_pressed = ImGui::Button(label);
    ImGui::PopStyleColor(4);
    ImGui::EndDisabled();
    tooltip(frame, shortcut);
    return is_pressed;
}

bool button(const FrameView& frame, const char* label, bool is_enabled, std::string_view hint) {
    const FontScope font(frame, Face::regular, frame.theme.text.row);
    ImGui::BeginDisabled(!is_enabled);
    const bool is_pressed = ImGui::Button(label);
    ImGui::EndDisabled();
    tooltip(frame, hint);
    return is_pressed;
}

bool link_button(const FrameView& frame, const char* label, bool is_enabled, std::string_view hint) {
    const Theme& theme = frame.theme;
    const std::string_view words = shown(label);
    const TextLook look{.size = theme.text.quiet, .role = is_enabled ? Role::accent : Role::weak};
    const ImVec2 size = measure(frame, words, look);
    ImGui::BeginDisabled(!is_enabled);
    const Hit hit = hit_area(label, size, theme.px(3), {theme.px(3), theme.px(3)}, 0);
    if (hit.is_visible) {
        paint_text(frame, hit.min, words, look, size.x + 1);
        if (hit.is_hovered || hit.is_held) {
            const float y = hit.max.y + 1;
            ImGui::GetWindowDrawList()->AddLine({hit.min.x, y}, {hit.max.x, y}, ImGui::GetColorU32(theme[look.role]),
                                                theme.px(1));
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        }
    }
    ImGui::EndDisabled();
    tooltip(frame, hint);
    return hit.is_pressed;
}

bool pills(const FrameView& frame, const char* id, std::span<const char* const> names, int& current) {
    const Theme& theme = frame.theme;
    const TextLook look{.size = theme.text.quiet};
    const ImVec2 padding{theme.px(10), theme.px(4)};
    const float gap = theme.px(8), height = look.size + 2 * padding.y;
    const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
    bool has_changed = false;
    ImGui::PushID(id);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string_view words = shown(names[i]);
        const float width = measure(frame, words, look).x + 2 * padding.x;
        if (i > 0 && ImGui::GetItemRectMax().x + gap + width <= right) ImGui::SameLine(0, gap);
        const bool is_chosen = current == static_cast<int>(i);
        const Hit hit = hit_area(names[i], {width, height}, height / 2, {}, padding.y);
        if (hit.is_visible) {
            const ImU32 fill =
                is_chosen ? theme[Role::bg3] : blend(theme[Role::bg2], theme[Role::bg3], hit.is_hovered ? 0.6F : 0);
            ImGui::GetWindowDrawList()->AddRectFilled(hit.min, hit.max, ImGui::GetColorU32(fill), height / 2);
            ImGui::RenderNavCursor({hit.min, hit.max}, ImGui::GetItemID(), ImGuiNavRenderCursorFlags_Compact,
                                   height / 2);
            paint_text(frame, {hit.min.x + padding.x, hit.min.y + padding.y}, words,
                       {.size = look.size,
                        .role = is_chosen        ? Role::accent
                                : hit.is_hovered ? Role::text
                                                 : Role::weak},
                       width);
        }
        if (hit.is_pressed && !is_chosen) {
            current = static_cast<int>(i);
            has_changed = true;
        }
    }
    ImGui::PopID();
    return has_changed;
}

bool section_heading(const FrameView& frame, std::string_view title, const char* action) {
    const Theme& theme = frame.theme;
    ImGui::Dummy({0, theme.px(5)});
    const float right = ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x;
    draw_text(frame, title, {.face = Face::semibold});
    if (!action) return false;
    const float width = measure(frame, shown(action), {.size = theme.text.quiet}).x;
    ImGui::SameLine(std::max(right - width - theme.px(2), ImGui::GetItemRectSize().x + theme.px(24)), 0);
    ImGui::PushID(title.data(), title.data() + title.size());
    const bool is_pressed = link_button(frame, action);
    ImGui::PopID();
    return is_pressed;
}

bool row(const FrameView& frame, const char* id, const Row& what) {
    const Theme& theme = frame.theme;
    const float width = std::max(ImGui::GetContentRegionAvail().x, theme.px(60));
    const Hit hit = hit_area(id, {width, theme.row_height}, theme.px(5));
    if (!hit.is_visible) return hit.is_pressed;

    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float hover = hit.is_held ? 0.7F : hit.is_hovered ? 0.4F : 0;
    const ImU32 fill = what.is_chosen ? theme[Role::bg3] : blend(theme[Role::bg2], theme[Role::bg3], hover);
    list.AddRectFilled(hit.min, hit.max, ImGui::GetColorU32(fill), theme.px(5));
    if (what.is_chosen)
        list.AddRectFilled(hit.min, {hit.min.x + theme.px(3), hit.max.y}, ImGui::GetColorU32(theme[Role::accent]));
    ImGui::RenderNavCursor({hit.min, hit.max}, ImGui::GetItemID(), ImGuiNavRenderCursorFlags_Compact, theme.px(5));

    // What is on bg3 is text or a warning, nothing quieter.
    const auto on_fill = [&](Role role) { return what.is_chosen && role != Role::warn ? Role::text : role; };
    const TextLook title{.face = Face::semibold, .size = theme.text.row, .keeps_end = true};
    const TextLook second{.size = theme.text.small, .role = on_fill(Role::weak), .keeps_end = what.second_keeps_end};
    const TextLook right{.size = theme.text.small, .role = on_fill(what.right_role)};
    const float block = what.second.empty() ? title.size : title.size + theme.px(4) + second.size;
    const float top = hit.min.y + std::floor((theme.row_height - block) / 2);
    const float left = hit.min.x + theme.px(what.dot ? 27 : 12);
    const float end = hit.max.x - theme.px(9);
    if (what.dot) paint_dot(frame, {hit.min.x + theme.px(14), top + title.size / 2}, *what.dot);

    float right_start = end;
    if (!what.right.empty()) {
        const float wide = std::min(measure(frame, what.right, right).x, (end - left) * 0.45F);
        right_start = end - wide;
        paint_text(frame, {right_start, top + (title.size - right.size) / 2}, what.right, right, wide + 1);
        right_start -= theme.px(8);
    }
    for (std::size_t i = what.marks.size(); i-- > 0;) {
        right_start -= theme.px(11);
        paint_dot(frame, {right_start + theme.px(5), top + title.size / 2}, what.marks[i]);
    }
    if (!what.marks.empty()) right_start -= theme.px(6);
    paint_text(frame, {left, top}, what.title, title, right_start - left);
    if (!what.second.empty())
        paint_text(frame, {left, top + title.size + theme.px(4)}, what.second, second, end - left);
    return hit.is_pressed;
}

void progress_bar(const FrameView& frame, float fraction, float width) {
    const Theme& theme = frame.theme;
    const float height = theme.px(4), round = height / 2;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    width = std::max(width, height);
    ImGui::Dummy({width, height});
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(at, {at.x + width, at.y + height}, ImGui::GetColorU32(theme[Role::bg3]), round);
    const float share = std::isfinite(fraction) ? std::clamp(fraction, 0.0F, 1.0F) : 0;
    if (share > 0)
        list.AddRectFilled(at, {at.x + std::max(width * share, height), at.y + height},
                           ImGui::GetColorU32(theme[Role::accent]), round);
}

// The box's height is known at its end only: it is drawn first, with some height, and the corners at its lower end are
// moved down then. Vertices stay where they are whatever is drawn in between.
EdgeBox::EdgeBox(const FrameView& frame, Role edge, Role background)
    : frame_(frame),
      edge_(edge),
      background_(background),
      start_(ImGui::GetCursorScreenPos()),
      width_(ImGui::GetContentRegionAvail().x) {
    const Theme& theme = frame.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    drawn_height_ = theme.px(40);
    first_vertex_ = list.VtxBuffer.Size;
    list.AddRectFilled(start_, {start_.x + width_, start_.y + drawn_height_}, ImGui::GetColorU32(theme[background_]),
                       theme.px(5));
    list.AddRectFilled(start_, {start_.x + theme.px(3), start_.y + drawn_height_}, ImGui::GetColorU32(theme[edge_]),
                       theme.px(1));
    end_vertex_ = list.VtxBuffer.Size;
    work_right_ = window->WorkRect.Max.x;
    content_right_ = window->ContentRegionRect.Max.x;
    const float right = start_.x + width_ - theme.px(11);
    window->WorkRect.Max.x = std::min(work_right_, right);
    window->ContentRegionRect.Max.x = std::min(content_right_, right);
    ImGui::Dummy({0, theme.px(2)});
    ImGui::Indent(theme.px(13));
    ImGui::BeginGroup();
}

EdgeBox::~EdgeBox() {
    const Theme& theme = frame_.theme;
    ImGui::EndGroup();
    ImGui::Unindent(theme.px(13));
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    window->WorkRect.Max.x = work_right_;
    window->ContentRegionRect.Max.x = content_right_;
    const float bottom = ImGui::GetItemRectMax().y + theme.px(9);
    ImGui::SetCursorScreenPos({start_.x, bottom});
    ImGui::Dummy({0, 0});
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float shift = bottom - start_.y - drawn_height_, middle = start_.y + drawn_height_ / 2;
    for (int i = first_vertex_; i < end_vertex_ && i < list.VtxBuffer.Size; ++i)
        if (list.VtxBuffer[i].pos.y > middle) list.VtxBuffer[i].pos.y += shift;
}

}  // namespace llmc::gui
