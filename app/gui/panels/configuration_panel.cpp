#include "gui/panels/configuration_panel.h"

#include <algorithm>
#include <utility>

#include <imgui_internal.h>

#include "gui/panels/configuration_view.h"

namespace llmc::gui {
namespace {

// Rows that were new have got ids.
void follow_ids(ConfigurationView::State& view, const SetupState& setup) {
    if (const auto given = setup.given.find(view.open_candidate); given != setup.given.end()) {
        view.open_candidate = given->second;
        if (view.candidate_before) view.candidate_before->id = given->second;
    }
}

void derive_rows(ConfigurationParts& parts) {
    ConfigurationView::State& view = parts.view;
    const config::Config& draft = parts.setup.draft;
    const bool has_news = !view.is_derived || view.revision != parts.frame.revision;
    const auto& statuses = parts.frame.snapshot.servers;
    if (has_news || view.servers != draft.servers) {
        view.servers = draft.servers;
        view.server_rows.clear();
        for (const auto& server : view.servers)
            view.server_rows.push_back(server_row(server, status_of(server, statuses)));
    }
    if (has_news || view.candidates != draft.candidates) {
        view.candidates = draft.candidates;
        view.candidate_rows.clear();
        const std::vector<std::string> labels = session::unique_labels(view.candidates);
        for (std::size_t i = 0; i < labels.size(); ++i)
            view.candidate_rows.push_back(candidate_row(view.candidates[i], labels[i], statuses));
    }
    if (has_news) view.models = pickable_models(statuses);
    view.revision = parts.frame.revision;
    view.is_derived = true;
}

}  // namespace

bool wants_to_cancel(const ConfigurationView::State& view) {
    const bool wants = view.had_focus && ImGui::GetActiveID() == 0 &&
                       ImGui::GetCurrentContext()->ActiveIdPreviousFrame == 0 &&
                       ImGui::IsKeyPressed(ImGuiKey_Escape, false);
    if (wants) ImGui::SetWindowFocus();
    return wants;
}

ConfigurationView::ConfigurationView() : state(std::make_unique<State>()) {}
ConfigurationView::~ConfigurationView() = default;

void open_model_picker(ConfigurationView& view) {
    view.state->wants_picker = true;
}

void draw_configuration(const FrameView& frame, ConfigurationView& view, SetupState& setup, Commands& commands) {
    ConfigurationParts parts{frame, *view.state, setup, commands};
    parts.view.texts.begin_frame();
    follow_ids(parts.view, setup);
    derive_rows(parts);

    // The footer stays where it is, the rest scrolls.
    const float footer = configuration_footer_height(parts);
    if (ImGui::BeginChild("settings", {0, -footer}, ImGuiChildFlags_NavFlattened)) {
        if (!setup.trouble.empty()) note(frame, setup.trouble, Role::bad);
        draw_servers(parts);
        draw_candidates(parts);
        draw_settings(parts);
        draw_system_prompt(parts);
    }
    ImGui::EndChild();
    draw_configuration_footer(parts);
    // While a field has the keyboard or a slider is held. The list of models is no such field: what is taken there is.
    view.state->had_focus =
        ImGui::IsWindowFocused(ImGuiFocusedFlags_RootAndChildWindows | ImGuiFocusedFlags_NoPopupHierarchy);
    const ImGuiID active = view.state->had_focus ? ImGui::GetActiveID() : 0;
    const ImGuiID before = std::exchange(view.state->active_field, active);
    // From one field to the next, as Tab goes, the edit of the first has ended.
    setup.is_being_edited = active != 0 && (before == 0 || before == active);
}

}  // namespace llmc::gui
