#include "gui/panels/configuration_panel.h"

#include <algorithm>

#include "gui/panels/configuration_view.h"

namespace llmc::gui {
namespace {

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

ConfigurationView::ConfigurationView() : state(std::make_unique<State>()) {}
ConfigurationView::~ConfigurationView() = default;

void open_model_picker(ConfigurationView& view) {
    view.state->wants_picker = true;
}

void draw_configuration(const FrameView& frame, ConfigurationView& view, SetupState& setup, Commands& commands) {
    ConfigurationParts parts{frame, *view.state, setup, commands};
    parts.view.texts.begin_frame();
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
}

}  // namespace llmc::gui
