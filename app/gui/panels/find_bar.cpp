#include "gui/panels/find_bar.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "gui/widget_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

// A choice that is on or off, by a click or its keys.
bool toggle(const FrameView& frame, const char* label, ImGuiKeyChord keys, std::string_view what, bool is_on) {
    const Theme& theme = frame.theme;
    const TextLook look{.face = Face::mono, .size = theme.text.figure, .role = is_on ? Role::text : Role::weak};
    const float height = ImGui::GetFrameHeight();
    const ImVec2 size{measure(frame, label, look).x + theme.px(12), height};
    const Hit hit = hit_area(label, size, theme.px(5));
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (is_on || hit.is_hovered)
        list.AddRectFilled(hit.min, hit.max, theme[is_on ? Role::bg3 : Role::bg2], theme.px(5));
    paint_text(frame, {hit.min.x + theme.px(6), hit.min.y + (height - look.size) / 2 - theme.px(1)}, label, look,
               size.x);
    if (hit.is_hovered) tooltip(frame, fmt::format("{} ({})", what, chord_text(keys)));
    const bool is_typed = ImGui::IsWindowFocused(ImGuiFocusedFlags_RootAndChildWindows) && takes_alt_chord(keys);
    return hit.is_pressed || is_typed;
}

void draw_count(const FrameView& frame, const FindView& find, const Conversation& conversation) {
    std::array<char, 48> counted{};
    std::string_view words = " ";
    Role role = Role::weak;
    if (!find.trouble().empty()) {
        words = "not readable";
        role = Role::warn;
    } else if (conversation.found_count() > 0) {
        const auto end = fmt::format_to_n(counted.data(), counted.size(), "{} of {}{}", conversation.found_index(),
                                          conversation.found_count(), conversation.is_found_capped() ? "+" : "");
        words = {counted.data(), std::min(end.size, counted.size())};
    } else if (find.pattern()) {
        words = conversation.is_searching() ? "searching…" : "not found";
        role = conversation.is_searching() ? Role::weak : Role::warn;
    }
    ImGui::AlignTextToFramePadding();
    draw_text(frame, words, {.size = frame.theme.text.small, .role = role});
    if (!find.trouble().empty() && ImGui::IsItemHovered()) tooltip(frame, find.trouble());
}

}  // namespace

void FindView::look_for(text::FindQuery query) {
    if (query == query_) return;
    query_ = std::move(query);
    auto made = text::FindPattern::make(query_);
    trouble_ = made ? std::string() : made.error().message;
    pattern_ = made ? *made : nullptr;
}

FindWish draw_find_bar(const FrameView& frame, FindView& find, Conversation& conversation, bool& takes_keys) {
    const Theme& theme = frame.theme;
    text::FindQuery query = find.query();
    // The words above, all that goes with them below where there is no room beside.
    const bool is_narrow = ImGui::GetContentRegionAvail().x < theme.px(420);
    ImGui::SetNextItemWidth(is_narrow ? -1 : ImGui::GetContentRegionAvail().x - theme.px(330));
    if (std::exchange(takes_keys, false)) ImGui::SetKeyboardFocusHere();
    const bool is_entered = text_field(frame, "##find", query.text, "Find in this conversation",
                                       ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
    const bool is_closed = ImGui::IsItemDeactivated() && ImGui::IsKeyPressed(ImGuiKey_Escape);
    if (!is_narrow) ImGui::SameLine(0, theme.px(6));
    if (toggle(frame, "Aa", ImGuiMod_Alt | ImGuiKey_C, "Upper and lower case count", query.minds_case))
        query.minds_case = !query.minds_case;
    ImGui::SameLine(0, theme.px(2));
    if (toggle(frame, "[w]", ImGuiMod_Alt | ImGuiKey_W, "Whole words only", query.is_whole_word))
        query.is_whole_word = !query.is_whole_word;
    ImGui::SameLine(0, theme.px(2));
    if (toggle(frame, ".*", ImGuiMod_Alt | ImGuiKey_R, "A regular expression", query.is_regex))
        query.is_regex = !query.is_regex;
    find.look_for(std::move(query));
    conversation.set_pattern(find.pattern());
    if (is_entered) {
        conversation.find_next(!ImGui::GetIO().KeyShift);
        takes_keys = true;
    }
    ImGui::SameLine(0, theme.px(8));
    draw_count(frame, find, conversation);
    FindWish wish = FindWish::none;
    const bool has_any = conversation.found_count() > 0;
    ImGui::SameLine(0, theme.px(10));
    if (link_button(frame, "Previous", has_any, "Shift+F3")) conversation.find_next(false);
    ImGui::SameLine(0, theme.px(10));
    if (link_button(frame, "Next", has_any, "F3")) conversation.find_next(true);
    ImGui::SameLine(0, theme.px(10));
    if (link_button(frame, "All", true, "In all candidates' windows")) wish = FindWish::all_windows;
    ImGui::SameLine(0, theme.px(10));
    if (link_button(frame, "Close", true, "Esc") || is_closed) wish = FindWish::close;
    return wish;
}

}  // namespace llmc::gui
