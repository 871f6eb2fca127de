// What holds for all candidates: sliders, order, deadlines, report folder, system prompt.
#include <fmt/format.h>

#include "gui/panels/configuration_view.h"
#include "gui/panels/setting_fields.h"

namespace llmc::gui {
namespace {

// Those that are in view; the others stand below "Advanced…".
bool is_in_front(const session::Setting& setting) {
    return setting.has_slider() || (setting.kind() == session::Setting::Kind::choice && !setting.is_own());
}

void draw_some(ConfigurationParts& parts, bool in_front) {
    for (const session::Setting& setting : session::all_settings())
        if (is_in_front(setting) == in_front)
            setting_field(parts.frame, parts.view.texts, setting, parts.setup.draft.settings);
}

// Beside a heading, so that nothing moves when it comes or goes.
void draw_waiting(const FrameView& frame) {
    ImGui::SameLine();
    draw_text(frame, kFromNextRound, {.size = frame.theme.text.small, .role = Role::accent});
}

}  // namespace

void draw_settings(ConfigurationParts& parts) {
    const FrameView& frame = parts.frame;
    ConfigurationView::State& view = parts.view;
    ImGui::PushID("common");
    section_heading(frame, "Settings");
    if (parts.setup.settings_wait()) draw_waiting(frame);
    draw_some(parts, true);

    if (view.report_folder_of != parts.setup.draft.report_folder) {
        view.report_folder_of = parts.setup.draft.report_folder;
        view.report_folder = config::with_home_as_tilde(view.report_folder_of, config::system_environment());
    }
    parsed_field(frame, view.texts, "Reports", view.report_folder, "a folder",
                 [&](const std::string& text) -> Result<void> {
                     if (text.empty()) return Error{ErrorKind::usage, "A folder for reports is needed."};
                     parts.setup.draft.report_folder = config::expand_home(text, config::system_environment());
                     return {};
                 });
    if (link_button(frame, view.shows_advanced ? "Less" : "Advanced…")) view.shows_advanced = !view.shows_advanced;
    if (view.shows_advanced) draw_some(parts, false);
    ImGui::PopID();
}

// Every frame: on the stack, as far as it fits.
static void note_origin(const FrameView& frame, std::string_view origin) {
    fmt::memory_buffer words;
    fmt::format_to(std::back_inserter(words), "from {}", origin);
    note(frame, {words.data(), words.size()});
}

void draw_system_prompt(ConfigurationParts& parts) {
    const FrameView& frame = parts.frame;
    config::Config& draft = parts.setup.draft;
    ImGui::PushID("system prompt");
    const bool waits = parts.setup.system_prompt_waits();
    if (section_heading(frame, "System prompt", "Open file…")) parts.commands.add(ChooseFile{FileKind::system_prompt});
    if (multiline_field(frame, "##text", draft.settings.system_prompt, {-FLT_MIN, frame.theme.px(92)},
                        ImGuiInputTextFlags_WordWrap)) {
        draft.has_system_prompt = true;  // what is typed here beats a file
        draft.system_prompt_file.reset();
        parts.setup.system_prompt_origin.clear();
    }
    if (waits)
        note(frame, kFromNextRound, Role::accent);
    else if (draft.system_prompt_file)
        note_origin(frame, draft.system_prompt_file->string());
    else if (parts.setup.system_prompt_origin == "default")
        note(frame, "the default");
    else if (!parts.setup.system_prompt_origin.empty())
        note_origin(frame, parts.setup.system_prompt_origin);
    ImGui::PopID();
}

}  // namespace llmc::gui
