#include "gui/panels/log_panel.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/ascii.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr std::array kLevels{"All", "Warnings", "Errors"};

bool contains(std::string_view text, std::string_view word) {
    return std::search(text.begin(), text.end(), word.begin(), word.end(),
                       [](char a, char b) { return base::to_lower(a) == base::to_lower(b); }) != text.end();
}

bool matches(const LogEntry& entry, std::string_view filter) {
    for (std::size_t at = 0; at < filter.size();) {
        const std::size_t end = std::min(filter.find(' ', at), filter.size());
        const std::string_view word = filter.substr(at, end - at);
        at = end + 1;
        if (word.empty() || contains(entry.text, word) || contains(entry.server, word) || contains(entry.label, word))
            continue;
        return false;
    }
    return true;
}

bool is_shown(const LogEntry& entry, const LogView& view) {
    if (static_cast<int>(entry.level) < view.level) return false;
    return matches(entry, view.filter);
}

Dot dot_of_level(LogEntry::Level level) {
    switch (level) {
        case LogEntry::Level::warning: return Dot::warn;
        case LogEntry::Level::error: return Dot::bad;
        case LogEntry::Level::info: break;
    }
    return Dot::weak;
}

std::string_view level_name(LogEntry::Level level) {
    constexpr std::array<std::string_view, 3> kNames{"info", "warning", "error"};
    return kNames[static_cast<std::size_t>(level)];
}

// "studio-1 · Qwen 7B · round 2": who it is about.
std::string about(const LogEntry& entry) {
    std::string text = entry.server;
    const auto add = [&text](std::string_view part) {
        if (!text.empty()) text += " · ";
        text += part;
    };
    if (!entry.label.empty()) add(entry.label);
    if (entry.round > 0) add(fmt::format("round {}", entry.round));
    return text;
}

std::string as_text(const LogEntry& entry) {
    const std::string who = about(entry);
    return fmt::format("{}  {}  {}{}{}\n", base::iso_local(entry.time), level_name(entry.level), who,
                       who.empty() ? "" : ": ", entry.text);
}

// Where the columns are. Narrow windows give up the column that says who; it stands in a line above the text then.
struct LogColumns {
    float dot, who, text, text_width;
    bool has_who;

    LogColumns(const Theme& theme, float width) {
        dot = theme.px(66);
        who = dot + theme.px(16);
        has_who = width > theme.px(560);
        text = has_who ? who + theme.px(210) : who;
        text_width = std::max(width - text - theme.px(4), theme.px(80));
    }
};

void update_lines(const FrameView& frame, LogView& view, const LogColumns& columns) {
    const std::deque<LogEntry>& log = frame.log;
    const float size = frame.theme.text.quiet;
    const bool starts_anew = view.seen_filter != view.filter || view.seen_level != view.level ||
                             view.seen_width != columns.text_width || view.seen_size != size || log.empty() ||
                             log.size() < view.seen_entries || log.front().time != view.seen_first ||
                             (log.size() == view.seen_entries && log.back().time != view.seen_last);
    if (!starts_anew && log.size() == view.seen_entries) return;
    if (starts_anew) {
        view.lines.clear();
        view.height = 0;
        view.seen_entries = 0;
    }
    ImFont* font = frame.fonts[Face::regular];
    for (std::size_t i = view.seen_entries; i < log.size(); ++i) {
        const LogEntry& entry = log[i];
        if (!is_shown(entry, view)) continue;
        view.lines.push_back({i, view.height});
        const char* begin = entry.text.data();
        const float text = font->CalcTextSizeA(size, FLT_MAX, columns.text_width, begin, begin + entry.text.size()).y;
        const bool has_line_above =
            !columns.has_who && (!entry.server.empty() || !entry.label.empty() || entry.round > 0);
        view.height += std::max(text, size) + (has_line_above ? size + frame.theme.px(2) : 0) + frame.theme.px(7);
    }
    view.seen_entries = log.size();
    view.seen_first = log.empty() ? base::WallTime{} : log.front().time;
    view.seen_last = log.empty() ? base::WallTime{} : log.back().time;
    view.seen_filter = view.filter;
    view.seen_level = view.level;
    view.seen_width = columns.text_width;
    view.seen_size = size;
}

void draw_entry(const FrameView& frame, const LogEntry& entry, ImVec2 at, const LogColumns& columns) {
    const Theme& theme = frame.theme;
    const std::string time = base::iso_local(entry.time);
    paint_text(frame, at, std::string_view(time).substr(std::min<std::size_t>(time.size(), 11)),
               {.face = Face::mono, .size = theme.text.figure, .role = Role::weak}, columns.dot);
    paint_dot(frame, {at.x + columns.dot + theme.dot / 2, at.y + theme.text.quiet / 2 + 1}, dot_of_level(entry.level));
    const std::string who = about(entry);
    const TextLook quiet{.size = theme.text.quiet, .role = Role::weak};
    float y = at.y;
    if (!who.empty()) {
        const float room = columns.has_who ? columns.text - columns.who - theme.px(12) : columns.text_width;
        paint_text(frame, {at.x + columns.who, y}, who, {.size = quiet.size, .role = quiet.role, .keeps_end = true},
                   room);
        if (!columns.has_who) y += theme.text.quiet + theme.px(2);
    }
    const char* begin = entry.text.data();
    const Role role = entry.level == LogEntry::Level::error     ? Role::bad
                      : entry.level == LogEntry::Level::warning ? Role::warn
                                                                : Role::text;
    ImGui::GetWindowDrawList()->AddText(frame.fonts[Face::regular], theme.text.quiet, {at.x + columns.text, y},
                                        ImGui::GetColorU32(theme[role]), begin, begin + entry.text.size(),
                                        columns.text_width);
}

void draw_lines(const FrameView& frame, LogView& view) {
    const Theme& theme = frame.theme;
    const bool was_at_end = ImGui::GetScrollY() >= ImGui::GetScrollMaxY() - 1;
    const float before = view.height;
    const LogColumns columns(theme, ImGui::GetContentRegionAvail().x);
    update_lines(frame, view, columns);
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::Dummy({width, std::max(view.height, 1.0F)});
    if (was_at_end && view.height != before) ImGui::SetScrollHereY(1);

    const ImVec2 clip_min = ImGui::GetWindowDrawList()->GetClipRectMin();
    const ImVec2 clip_max = ImGui::GetWindowDrawList()->GetClipRectMax();
    auto line = std::upper_bound(view.lines.begin(), view.lines.end(), clip_min.y - origin.y,
                                 [](float y, const LogView::Line& one) { return y < one.top; });
    if (line != view.lines.begin()) --line;
    const bool is_clicked = ImGui::IsWindowHovered() && ImGui::IsMouseClicked(ImGuiMouseButton_Left);
    for (; line != view.lines.end() && origin.y + line->top < clip_max.y; ++line) {
        const float top = origin.y + line->top;
        const float bottom = line + 1 != view.lines.end() ? origin.y + (line + 1)->top : origin.y + view.height;
        if (is_clicked && ImGui::IsMouseHoveringRect({origin.x, top}, {origin.x + width, bottom}))
            view.chosen = view.chosen == line->entry ? static_cast<std::size_t>(-1) : line->entry;
        if (view.chosen == line->entry)
            ImGui::GetWindowDrawList()->AddRectFilled({origin.x - theme.px(4), top}, {origin.x + width, bottom},
                                                      ImGui::GetColorU32(theme[Role::bg2]), theme.px(4));
        draw_entry(frame, frame.log[line->entry], {origin.x, top + theme.px(3)}, columns);
    }
}

void copy(const FrameView& frame, const LogView& view, Commands& commands) {
    std::string text;
    if (view.chosen < frame.log.size()) {
        text = as_text(frame.log[view.chosen]);
    } else {
        for (const LogEntry& entry : frame.log)
            if (is_shown(entry, view)) text += as_text(entry);
    }
    if (!text.empty()) commands.add(CopyText{std::move(text), view.chosen < frame.log.size() ? "line" : "log"});
}

}  // namespace

void draw_log(const FrameView& frame, LogView& view, Commands& commands) {
    const Theme& theme = frame.theme;
    if (frame.log.empty()) {
        empty_state(
            frame, "Nothing has happened yet",
            "Warnings, refused requests, servers that come and go and reports that were written are listed here.");
        return;
    }
    const float right = ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x;
    pills(frame, "levels", kLevels, view.level);
    ImGui::SameLine(0, theme.px(16));
    const float copy_width = measure(frame, "Copy", {.size = theme.text.quiet}).x;
    const float room = right - ImGui::GetCursorPosX() - copy_width - theme.px(16);
    const bool fits = room >= theme.px(90);
    if (!fits) ImGui::NewLine();
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {theme.px(9), theme.px(4)});
    ImGui::SetNextItemWidth(
        std::min(fits ? room : right - ImGui::GetCursorPosX() - copy_width - theme.px(16), theme.px(260)));
    text_field(frame, "##filter", view.filter, "Filter");
    ImGui::PopStyleVar();
    ImGui::SameLine(right - copy_width - theme.px(2), 0);
    bool copies = link_button(
        frame, "Copy", true,
        view.chosen < frame.log.size() ? "The chosen line" : "All lines shown; click a line to copy it alone");
    if (view.chosen >= frame.log.size()) view.chosen = static_cast<std::size_t>(-1);

    if (ImGui::BeginChild("lines", {0, 0}, 0, ImGuiWindowFlags_AlwaysVerticalScrollbar)) {
        copies = copies || (ImGui::IsWindowFocused() && ImGui::Shortcut(ImGuiMod_Ctrl | ImGuiKey_C));
        draw_lines(frame, view);
        if (view.lines.empty()) draw_text(frame, "No line matches.", {.size = theme.text.quiet, .role = Role::weak});
    }
    ImGui::EndChild();
    if (copies) copy(frame, view, commands);
}

}  // namespace llmc::gui
