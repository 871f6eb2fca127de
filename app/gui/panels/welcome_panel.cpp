#include "gui/panels/welcome_panel.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include <fmt/format.h>

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr std::size_t kMostOffered = 8;  // models with a button of their own

// Puts the next line of buttons into the middle, under the words.
void centre(const FrameView& frame, std::initializer_list<std::string_view> labels) {
    const ImGuiStyle& style = ImGui::GetStyle();
    float width = -style.ItemSpacing.x;
    for (const std::string_view label : labels)
        width += measure(frame, label.substr(0, label.find("##")), {.face = Face::semibold}).x +
                 2 * style.FramePadding.x + style.ItemSpacing.x;
    const float left = (ImGui::GetContentRegionAvail().x - width) / 2;
    if (left > 0) ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::floor(left));
}

void offer_discovered(const FrameView& frame, SetupState& setup, Commands& commands) {
    std::optional<std::size_t> chosen;
    for (std::size_t i = 0; i < frame.setup.discovered.size(); ++i) {
        const config::Discovered& found = frame.setup.discovered[i];
        const std::string label =
            fmt::format("Use {} ({}, {} model{})", found.url.host_port(), found.manifest.kind_name(),
                        found.manifest.models.size(), found.manifest.models.size() == 1 ? "" : "s");
        centre(frame, {label});
        if (i == 0 ? primary_button(frame, label.c_str()) : button(frame, label.c_str())) chosen = i;
    }
    if (!chosen) return;
    setup.draft.servers.push_back({.url = setup.discovered[*chosen].url});
    setup.discovered.erase(setup.discovered.begin() + static_cast<std::ptrdiff_t>(*chosen));
    commands.add(ApplySetup{});
}

void no_server(const FrameView& frame, SetupState& setup, Commands& commands) {
    if (!frame.setup.discovered.empty()) {
        empty_state(frame, "A model server runs on this machine", "Use it, then choose the models to compare.");
        offer_discovered(frame, setup, commands);
        return;
    }
    if (frame.setup.is_discovering) {
        empty_state(frame, "Looking for model servers on this machine…",
                    "LM Studio, llama-server, Ollama and vLLM are looked for on their usual ports.");
        return;
    }
    empty_state(frame, "No model server yet",
                "Start LM Studio and switch on its server (Developer, Start server), or llama-server, Ollama or vLLM. "
                "Then look again, or add a server by its address under Configuration.");
    centre(frame, {"Look again", "Try it with demo servers"});
    if (primary_button(frame, "Look again")) commands.add(Discover{});
    ImGui::SameLine();
    if (button(frame, "Try it with demo servers", true,
               "Two scripted servers inside this program. What they say is made up."))
        commands.add(StartDemoServers{});
}

void no_candidate(const FrameView& frame, SetupState& setup, Commands& commands) {
    std::vector<const openai::ModelInfo*> models;
    bool is_asking = false;
    for (const engine::ServerStatus& server : frame.snapshot.servers) {
        if (!server.is_asked) is_asking = true;
        if (!server.manifest) continue;
        for (const openai::ModelInfo& model : server.manifest->models) {
            const bool is_known =
                std::any_of(models.begin(), models.end(), [&](const auto* one) { return one->id == model.id; });
            if (!model.is_embedding && !is_known) models.push_back(&model);
        }
    }
    if (models.empty()) {
        if (is_asking)
            empty_state(frame, "Asking the servers what they have…", "");
        else
            empty_state(
                frame, "The servers have no models that answer",
                "Load or download a model on one of them, then refresh (F5). What each server says stands under "
                "Configuration.");
        if (is_asking) return;
        centre(frame, {"Refresh"});
        if (button(frame, "Refresh")) commands.engine(engine::RefreshManifests{});
        return;
    }
    empty_state(frame, "Choose the models to compare",
                "Each becomes a candidate with a window and a conversation of its own. Labels and own settings can be "
                "given under Configuration.");
    std::optional<std::string> chosen;
    const std::size_t offered = std::min(models.size(), kMostOffered);
    for (std::size_t i = 0; i < offered; ++i) {
        centre(frame, {models[i]->id});
        if (button(frame, fmt::format("{}##offer", models[i]->id).c_str())) chosen = models[i]->id;
    }
    if (models.size() > kMostOffered)
        draw_text(frame, fmt::format("and {} more under Configuration, Candidates, Add", models.size() - kMostOffered),
                  {.size = frame.theme.text.small, .role = Role::weak});
    bool wants_all = false;
    if (models.size() > 1 && models.size() <= kMostOffered) {
        const std::string all = fmt::format("Compare all {}", models.size());
        centre(frame, {all});
        wants_all = primary_button(frame, all.c_str());
    }
    if (!chosen && !wants_all) return;
    for (std::size_t i = 0; i < offered; ++i)
        if (wants_all || models[i]->id == *chosen) (void)setup.new_candidate(models[i]->id);
    commands.add(ApplySetup{});
    commands.add(ShowPanel{Panel::prompt});
}

}  // namespace

void draw_welcome(const FrameView& frame, SetupState& setup, Commands& commands) {
    if (frame.setup.in_force.servers.empty())
        no_server(frame, setup, commands);
    else
        no_candidate(frame, setup, commands);
}

}  // namespace llmc::gui
