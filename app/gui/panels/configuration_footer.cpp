// The foot of the Configuration panel: what the servers say about the choice, and the file that it can be saved in.
#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "gui/panels/configuration_view.h"

namespace llmc::gui {
namespace {

constexpr std::size_t kNotesAtRest = 2;  // lines

struct Notes {
    std::vector<std::string> texts;
    std::size_t errors = 0;  // come first
    std::size_t size() const { return texts.size(); }
    bool is_error(std::size_t i) const { return i < errors; }
    const std::string& text(std::size_t i) const { return texts[i]; }
};

// An empty setup is told where it is empty; here are things that are not as they should be.
Notes notes_of(const ConfigurationParts& parts) {
    if (parts.setup.draft.servers.empty() || parts.setup.draft.candidates.empty()) return {};
    Notes notes{.texts = parts.frame.preflight.texts(engine::Finding::Weight::error)};
    notes.errors = notes.texts.size();
    for (std::string& text : parts.frame.preflight.texts(engine::Finding::Weight::warning))
        notes.texts.push_back(std::move(text));
    return notes;
}

float note_height(const FrameView& frame) {
    return frame.theme.text.quiet * 1.4f;
}

float all_notes_height(const ConfigurationParts& parts, const Notes& notes) {
    const float width = ImGui::GetContentRegionAvail().x - 2 * dot_inset(parts.frame);
    float height = 0;
    for (std::size_t i = 0; i < notes.size(); ++i)
        height += parts.frame.fonts[Face::regular]
                      ->CalcTextSizeA(parts.frame.theme.text.quiet, FLT_MAX, width, notes.text(i).c_str())
                      .y +
                  ImGui::GetStyle().ItemSpacing.y;
    return std::min(height, ImGui::GetWindowHeight() * 0.35f);
}

// One line each, cut; a click shows them whole.
void draw_short_notes(ConfigurationParts& parts, const Notes& notes) {
    const FrameView& frame = parts.frame;
    const float inset = dot_inset(frame);
    const std::size_t shown = std::min(notes.size(), kNotesAtRest);
    for (std::size_t i = 0; i < shown; ++i) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x;
        ImGui::PushID(static_cast<int>(i));
        if (ImGui::InvisibleButton("note", {width, note_height(frame)}, ImGuiButtonFlags_EnableNav))
            parts.view.shows_all_notes = true;
        tooltip(frame, notes.text(i));
        ImGui::PopID();
        paint_dot(frame, {at.x + frame.theme.dot / 2, at.y + note_height(frame) / 2},
                  notes.is_error(i) ? Dot::bad : Dot::warn);
        const float drop = (note_height(frame) - frame.theme.text.quiet) / 2;
        paint_text(frame, {at.x + inset, at.y + drop}, notes.text(i),
                   {.size = frame.theme.text.quiet, .role = notes.is_error(i) ? Role::bad : Role::warn}, width - inset);
    }
    if (notes.size() > shown) {
        const std::string more = fmt::format("{} more", notes.size() - shown);
        if (link_button(frame, more.c_str())) parts.view.shows_all_notes = true;
    }
}

void draw_all_notes(ConfigurationParts& parts, const Notes& notes) {
    const FrameView& frame = parts.frame;
    const float inset = dot_inset(frame);
    if (ImGui::BeginChild("notes", {0, all_notes_height(parts, notes)}, ImGuiChildFlags_NavFlattened)) {
        for (std::size_t i = 0; i < notes.size(); ++i) {
            const ImVec2 at = ImGui::GetCursorScreenPos();
            paint_dot(frame, {at.x + frame.theme.dot / 2, at.y + note_height(frame) / 2},
                      notes.is_error(i) ? Dot::bad : Dot::warn);
            ImGui::Indent(inset);
            note(frame, notes.text(i), notes.is_error(i) ? Role::bad : Role::warn);
            ImGui::Unindent(inset);
        }
    }
    ImGui::EndChild();
    if (link_button(frame, "Show less")) parts.view.shows_all_notes = false;
}

std::string_view state_words(const SetupState& setup, std::span<char> buffer) {
    if (!setup.trouble.empty()) return "the file could not be read, and stays as it is";
    if (setup.is_stored()) return "saved";
    if (setup.origin.empty() || setup.origin == "config.json" || setup.origin == "defaults") return "not saved";
    const auto end = fmt::format_to_n(buffer.data(), buffer.size(), "from {}, not saved", setup.origin);
    return {buffer.data(), std::min(end.size, buffer.size())};
}

// As long as the path is the same, the same text: it is shown in every frame.
std::string_view file_words(ConfigurationView::State& view, const SetupState& setup) {
    if (view.file_shown != setup.path) {
        view.file_shown = setup.path;
        view.file_words = config::with_home_as_tilde(setup.path, config::system_environment());
    }
    return view.file_words;
}

float file_height(const FrameView& frame) {
    return frame.theme.text.small * 1.4F;
}

// Words in a line of their own, cut where they are too long, whole in the tooltip.
void draw_line(const FrameView& frame, std::string_view words, float height, TextLook look) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    bool was_cut = false;
    paint_text(frame, {at.x, at.y + (height - look.size) / 2}, words, look, width, &was_cut);
    ImGui::Dummy({width, height});
    if (was_cut) tooltip(frame, words);
}

}  // namespace

float dot_inset(const FrameView& frame) {
    return frame.theme.dot + frame.theme.px(10);
}

float configuration_footer_height(const ConfigurationParts& parts) {
    const ImGuiStyle& style = ImGui::GetStyle();
    float height =
        ImGui::GetFrameHeight() + file_height(parts.frame) + 3 * style.ItemSpacing.y + parts.frame.theme.px(1);
    const Notes notes = notes_of(parts);
    if (notes.size() == 0) return height;
    const float line = note_height(parts.frame) + style.ItemSpacing.y;
    if (parts.view.shows_all_notes) return height + all_notes_height(parts, notes) + style.ItemSpacing.y + line * 1.4f;
    height += line * static_cast<float>(std::min(notes.size(), kNotesAtRest));
    return notes.size() > kNotesAtRest ? height + line * 1.4f : height;
}

void draw_configuration_footer(ConfigurationParts& parts) {
    const FrameView& frame = parts.frame;
    ImGui::Separator();
    const Notes notes = notes_of(parts);
    if (notes.size() > 0) {
        if (parts.view.shows_all_notes)
            draw_all_notes(parts, notes);
        else
            draw_short_notes(parts, notes);
    }
    const SetupState& setup = parts.setup;
    const std::string_view file = file_words(parts.view, setup);
    if (button(frame, "Save as default", setup.trouble.empty() && !setup.is_stored(),
               "What is in force becomes what the program starts with"))
        parts.commands.add(SaveSetup{});
    ImGui::SameLine();
    const TextLook quiet{.size = frame.theme.text.small, .role = Role::weak, .keeps_end = true};
    std::array<char, 200> buffer{};
    draw_line(frame, state_words(setup, buffer), ImGui::GetFrameHeight(), quiet);
    draw_line(frame, file, file_height(frame), quiet);
}

}  // namespace llmc::gui
