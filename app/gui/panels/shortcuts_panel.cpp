#include "gui/panels/shortcuts_panel.h"

#include "gui/shortcuts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

std::string keys_text(const Shortcut& one) {
    std::string text;
    for (const ImGuiKeyChord chord : chords_of(one)) text += (text.empty() ? "" : "  or  ") + chord_text(chord);
    return text;
}

}  // namespace

void draw_shortcuts(const FrameView& frame, Commands& commands) {
    const Theme& theme = frame.theme;
    for (int group = 0; group < static_cast<int>(ShortcutGroup::count); ++group) {
        section_heading(frame, group_name(static_cast<ShortcutGroup>(group)));
        if (!ImGui::BeginTable(group_name(static_cast<ShortcutGroup>(group)), 2, ImGuiTableFlags_BordersInnerH))
            continue;
        ImGui::TableSetupColumn("name", ImGuiTableColumnFlags_WidthStretch, 0.55F);
        ImGui::TableSetupColumn("keys", ImGuiTableColumnFlags_WidthStretch, 0.45F);
        for (const Shortcut& one : frame.shortcuts.all()) {
            if (one.group != static_cast<ShortcutGroup>(group) || one.chord == 0) continue;
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            draw_text(frame, one.name, {.size = theme.text.row});
            ImGui::TableNextColumn();
            draw_text_wrapped(frame, keys_text(one),
                              {.face = Face::mono, .size = theme.text.figure, .role = Role::weak});
        }
        ImGui::EndTable();
    }
    ImGui::Dummy({0, theme.px(4)});
    if (link_button(frame, "Change keys…", true, "Opens shortcuts.json, which holds them")) commands.add(ChangeKeys{});
    draw_text_wrapped(frame,
                      "In a conversation, 1 to 5 give the newest answer its stars, + and - a thumb; the same key again "
                      "takes it back, 0 takes back both.",
                      {.size = theme.text.quiet, .role = Role::weak});
    ImGui::Dummy({0, theme.px(4)});
    draw_text_wrapped(frame,
                      "In the grid of a suite's results, arrows go from cell to cell (Home, End, Page Up and Page Down "
                      "too), Space opens a row into its runs, Enter compares the answers of a cell, R runs it again.",
                      {.size = theme.text.quiet, .role = Role::weak});
    if (frame.enter_sends) {
        ImGui::Dummy({0, theme.px(4)});
        draw_text_wrapped(frame, "Enter sends the prompt too; Shift+Enter makes a new line. See View.",
                          {.size = theme.text.quiet, .role = Role::weak});
    }
}

}  // namespace llmc::gui
