#include "gui/panels/casting_roles.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <imgui_internal.h>  // the frame around what has the focus

#include "gui/interval_bar.h"
#include "gui/widget_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

void draw_head(const FrameView& frame, CastingView& view, const decide::CastRole& role, const std::string& reason) {
    const Theme& theme = frame.theme;
    const bool is_unfolded = view.unfolded.contains(role.name);
    const char* link = is_unfolded ? "Hide" : "Evidence";
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float link_width = measure(frame, link, {.size = theme.text.quiet}).x;
    const bool is_narrow = width < theme.px(150);  // the action stands on a line of its own
    const float room = is_narrow ? std::max(width, 1.0F) : width - link_width - theme.px(14);
    ImGui::Dummy({room, theme.text.row + theme.px(6)});
    const TextLook name{.face = Face::semibold, .size = theme.text.row};
    const TextLook quiet{.size = theme.text.small, .role = Role::weak};
    const float used = paint_text(frame, at, role.name, name, room) + theme.px(12);
    const bool is_beside = used + measure(frame, reason, quiet).x <= room;
    if (is_beside) paint_text(frame, {at.x + used, at.y + theme.px(1)}, reason, quiet, room - used);
    if (ImGui::IsItemHovered()) tooltip(frame, fmt::format("{}\n{}", role.name, role.reason));
    if (!is_narrow) {
        ImGui::SameLine(0, 0);
        ImGui::SetCursorScreenPos({at.x + width - link_width - theme.px(2), at.y});
    }
    const bool is_toggled = link_button(frame, link, true, "What is known of each candidate");
    if (!is_beside) {
        draw_text_wrapped(frame, reason, quiet);
        tooltip(frame, role.reason);
        ImGui::Dummy({0, theme.px(1)});
    }
    if (!is_toggled) return;
    if (is_unfolded)
        view.unfolded.erase(role.name);
    else
        view.unfolded.insert(role.name);
    frame.requests.next_frame();
}

// A contender: who, how many checks passed and how sure that is, how fast. True when it was clicked.
bool draw_contender(const FrameView& frame, const decide::Contender& contender, const std::vector<std::string>& lines,
                    bool is_cast) {
    const Theme& theme = frame.theme;
    const float width = std::max(ImGui::GetContentRegionAvail().x, theme.px(80)), height = theme.px(30);
    const Hit hit =
        hit_area(contender.label.empty() ? "contender" : contender.label.c_str(), {width, height}, theme.px(4));
    if (!hit.is_visible) return hit.is_pressed;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (is_cast || hit.is_hovered || hit.is_held)
        list.AddRectFilled(hit.min, hit.max,
                           is_cast ? theme[Role::bg3] : blend(theme[Role::bg2], theme[Role::bg3], 0.5F), theme.px(4));
    if (is_cast) list.AddRectFilled(hit.min, {hit.min.x + theme.px(3), hit.max.y}, theme[Role::accent]);
    ImGui::RenderNavCursor({hit.min, hit.max}, ImGui::GetItemID(), ImGuiNavRenderCursorFlags_Compact, theme.px(4));

    const float middle = hit.min.y + std::floor(height / 2), pad = theme.px(11);
    const TextLook name{.face = is_cast ? Face::semibold : Face::regular, .size = theme.text.row, .keeps_end = true};
    const TextLook figure{.face = Face::mono, .size = theme.text.figure};
    const TextLook speed{.face = Face::mono, .size = theme.text.figure, .role = is_cast ? Role::text : Role::weak};
    const auto y = [&](const TextLook& look) { return middle - std::floor(look.size * 0.6F); };
    const bool has_speed = width >= theme.px(300);
    const float figures = theme.px(has_speed ? 112 : 52);
    const float name_width = std::floor(std::clamp(width * 0.32F, theme.px(70), theme.px(220)));
    paint_text(frame, {hit.min.x + pad, y(name)}, contender.label, name, name_width - theme.px(8));
    const float bar_x = hit.min.x + pad + name_width, bar_end = hit.max.x - figures - theme.px(10);
    const decide::Evidence& evidence = contender.evidence;
    const auto rate = evidence.checks.rate();
    if (bar_end - bar_x >= theme.px(24)) {
        IntervalBar bar{.has_value = rate.has_value(), .is_on_chosen_row = is_cast};
        if (const auto interval = evidence.checks.interval(); rate && interval) {
            bar.rate = *rate;
            bar.low = interval->low;
            bar.high = interval->high;
            bar.role = rate_role(*rate);
        }
        paint_interval_bar(frame, {bar_x, middle - std::floor(interval_bar_height(frame) / 2)}, bar, bar_end - bar_x);
    }
    const float rate_end = hit.max.x - figures + theme.px(42);
    const auto right = [&](float end, const std::string& text, const TextLook& look) {
        paint_text(frame, {end - measure(frame, text, look).x, y(look)}, text, look, figures);
    };
    right(rate_end, rate ? percent_text(*rate) : "–", figure);
    if (has_speed)
        right(hit.max.x - pad + theme.px(2),
              evidence.end_to_end_latency_s ? seconds_text(*evidence.end_to_end_latency_s) : "–", speed);
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) {
        std::string words = contender.label;
        for (const std::string& line : lines) words += "\n" + line;
        tooltip(frame, words);
    }
    return hit.is_pressed;
}

void draw_evidence(const FrameView& frame, const std::vector<std::string>& lines) {
    const Theme& theme = frame.theme;
    ImGui::Indent(theme.px(11));
    for (const std::string& line : lines)
        draw_text_wrapped(frame, line, {.size = theme.text.small, .role = Role::weak});
    ImGui::Unindent(theme.px(11));
    ImGui::Dummy({0, theme.px(4)});
}

// What the runs can carry, and what could not decide.
void draw_grounds(const FrameView& frame, const decide::CastRole& role) {
    const TextLook quiet{.size = frame.theme.text.small, .role = Role::weak};
    if (!role.verdict.empty()) draw_text_wrapped(frame, role.verdict, {.size = frame.theme.text.small});
    draw_text_wrapped(frame, fmt::format("{} Not used: {}.", role.reason, fmt::join(role.not_used, "; ")), quiet);
    ImGui::Dummy({0, frame.theme.px(4)});
}

void draw_note(const FrameView& frame, CastingView& view, const decide::CastRole& role, Commands& commands) {
    const auto [written, is_new] = view.notes.try_emplace(role.name, role.note);
    ImGui::PushStyleColor(ImGuiCol_FrameBg, frame.theme[Role::bg1]);  // a field on the colour of fields
    text_field(frame, "##note", written->second, "Why this one? Stands beside the pick");
    ImGui::PopStyleColor();
    if (!ImGui::IsItemDeactivatedAfterEdit()) return;
    const CastingPick pick{role.contenders[*role.picked].label, written->second};
    pick_for_role(frame, view, role.name, pick, commands);
}

}  // namespace

void draw_role(const FrameView& frame, CastingView& view, const decide::CastRole& role, const ShownSheet::Role& words,
               Commands& commands) {
    const Theme& theme = frame.theme;
    std::optional<std::string> clicked;
    ImGui::PushID(role.name.c_str());
    {
        const EdgeBox box(frame, Role::bg2, Role::bg2);
        draw_head(frame, view, role, words.reason);
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {theme.px(8), theme.px(2)});
        const bool is_unfolded = view.unfolded.contains(role.name);
        if (is_unfolded) draw_grounds(frame, role);
        for (std::size_t i = 0; i < role.contenders.size(); ++i) {
            ImGui::PushID(static_cast<int>(i));
            const bool is_cast = i == role.cast();
            // The pick itself again: back to the proposal.
            if (draw_contender(frame, role.contenders[i], words.lines[i], is_cast))
                clicked = role.picked == i ? std::string() : role.contenders[i].label;
            if (is_unfolded) draw_evidence(frame, words.lines[i]);
            ImGui::PopID();
        }
        ImGui::PopStyleVar();
        if (role.picked) draw_note(frame, view, role, commands);
    }
    ImGui::PopID();
    ImGui::Dummy({0, theme.px(1)});
    if (clicked) pick_for_role(frame, view, role.name, {*clicked, {}}, commands);
}

}  // namespace llmc::gui
