#include "gui/panels/welcome_panel.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <imgui_internal.h>

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr std::size_t kProposedLoaded = 4, kProposedElse = 2;
constexpr float kListWidth = 460;

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

// The primary button, with the keyboard on it from its first frame on: Enter does what is proposed.
bool focused_button(const FrameView& frame, WelcomeView& view, const char* label, bool is_enabled = true) {
    const bool takes_focus = view.wants_focus && is_enabled && !ImGui::IsAnyItemActive();
    if (takes_focus) ImGui::SetKeyboardFocusHere();
    const bool is_pressed = primary_button(frame, label, is_enabled);
    if (takes_focus && ImGui::IsItemFocused()) {
        ImGui::SetNavCursorVisible(true);
        view.wants_focus = false;
    }
    return is_pressed;
}

void offer_last_session(const FrameView& frame, Commands& commands) {
    const RecentSession* last = last_session(frame);
    if (!last) return;
    const std::string label = fmt::format("Continue {}###continue", last->path.filename().string());
    centre(frame, {label});
    if (button(frame, label.c_str(), true, last->path.string())) commands.add(OpenFile{last->path, FileKind::session});
}

void no_server(const FrameView& frame, WelcomeView& view, Commands& commands) {
    if (frame.setup.is_discovering) {
        empty_state(frame, "Looking for model servers on this machine…",
                    "LM Studio, llama-server, Ollama and vLLM are looked for on their usual ports.");
        return;
    }
    empty_state(frame, "No model server yet",
                "Start LM Studio and switch on its server (Developer, Start server), or llama-server, Ollama or vLLM. "
                "Then look again, or add a server by its address under Configuration.");
    centre(frame, {"Look again", "Try it with demo servers"});
    if (focused_button(frame, view, "Look again")) commands.add(Discover{});
    ImGui::SameLine();
    if (button(frame, "Try it with demo servers", true,
               "Two scripted servers inside this program. What they say is made up."))
        commands.add(StartDemoServers{});
    offer_last_session(frame, commands);
}

void no_model(const FrameView& frame, WelcomeView& view, Commands& commands) {
    const bool is_asking = std::ranges::any_of(frame.snapshot.servers, [](const auto& one) { return !one.is_asked; });
    if (is_asking) return empty_state(frame, "Asking the servers what they have…", "");
    empty_state(frame, "The servers have no models that answer",
                "Load or download a model on one of them, then refresh (F5). What each server says stands under "
                "Configuration.");
    centre(frame, {"Refresh"});
    if (focused_button(frame, view, "Refresh")) commands.engine(engine::RefreshManifests{});
    offer_last_session(frame, commands);
}

void derive_offers(const FrameView& frame, WelcomeView& view) {
    if (view.is_derived && view.revision == frame.revision && view.found == frame.setup.discovered.size()) return;
    std::vector<engine::ServerStatus> statuses = frame.snapshot.servers;
    for (const config::Discovered& found : frame.setup.discovered) {
        if (frame.setup.has_server(found.url)) continue;
        engine::ServerStatus status{.server = {.url = found.url}, .is_asked = true};
        status.manifest = std::make_shared<const openai::Manifest>(found.manifest);
        statuses.push_back(std::move(status));
    }
    view.models = pickable_models(statuses);
    view.revision = frame.revision;
    view.found = frame.setup.discovered.size();
    view.is_derived = true;
    if (!view.has_proposed && !view.models.empty()) {
        view.ticked = proposed_models(view.models);
        view.has_proposed = true;
    }
}

std::string found_words(const SetupState& setup) {
    std::vector<std::string> names;
    for (const config::Discovered& found : setup.discovered)
        if (!setup.has_server(found.url))
            names.push_back(fmt::format("{} ({})", found.manifest.kind_name(), found.url.host_port()));
    if (names.empty()) return {};
    return fmt::format("Found on this machine: {}. ", fmt::join(names, ", "));
}

// A model to be ticked, and what is known of it.
void offer_model(const FrameView& frame, WelcomeView& view, const PickableModel& model) {
    bool is_ticked = view.ticked.contains(model.id);
    const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
    if (checkbox(frame, model.id.c_str(), is_ticked)) {
        if (is_ticked)
            view.ticked.insert(model.id);
        else
            view.ticked.erase(model.id);
    }
    const TextLook quiet{.size = frame.theme.text.small, .role = Role::weak};
    const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
    const float gap = frame.theme.px(16), room = right - max.x - gap;
    const float width = std::min(measure(frame, model.second, quiet).x, room);
    bool was_cut = room <= 0;
    if (room > 0)
        paint_text(frame, {right - width, min.y + (max.y - min.y - quiet.size) / 2}, model.second, quiet, width + 1,
                   &was_cut);
    if (was_cut) tooltip(frame, model.second);
}

void choose_models(const FrameView& frame, WelcomeView& view, SetupState& setup, Commands& commands) {
    const ImGuiStyle& style = ImGui::GetStyle();
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float line = frame.theme.text.row + frame.theme.px(4) + style.ItemSpacing.y;
    const float all = static_cast<float>(view.models.size()) * line + 2 * style.WindowPadding.y;
    const bool has_last = last_session(frame) != nullptr;
    const float below = (has_last ? 2.0F : 1.0F) * ImGui::GetFrameHeightWithSpacing() + frame.theme.px(12);
    const float height = std::clamp(room.y - frame.theme.px(130) - below, 3 * line, all);
    empty_state(frame, "Choose the models to compare",
                found_words(frame.setup) + "Each becomes a candidate with a window and a conversation of its own.",
                height + below);

    const float width = std::min(frame.theme.px(kListWidth), room.x);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::floor((room.x - width) / 2));
    if (ImGui::BeginChild("models", {width, height},
                          ImGuiChildFlags_NavFlattened | ImGuiChildFlags_AlwaysUseWindowPadding))
        for (const PickableModel& model : view.models) offer_model(frame, view, model);
    ImGui::EndChild();

    const std::size_t count = static_cast<std::size_t>(
        std::ranges::count_if(view.models, [&](const auto& one) { return view.ticked.contains(one.id); }));
    const std::string label = count == 0   ? "Compare models###compare"
                              : count == 1 ? "Start with 1 model###compare"
                                           : fmt::format("Compare {} models###compare", count);
    ImGui::Dummy({0, frame.theme.px(4)});
    centre(frame, {label});
    if (focused_button(frame, view, label.c_str(), count > 0)) {
        start_comparison(view, setup);
        // Nothing else is the default yet: the next start begins with this.
        if (setup.origin == "defaults" && !setup.stored && setup.demo_urls.empty()) commands.add(SaveSetup{});
        commands.add(ShowPanel{Panel::prompt});
    }
    offer_last_session(frame, commands);
}

}  // namespace

std::set<std::string> proposed_models(const std::vector<PickableModel>& models) {
    std::set<std::string> proposed;
    for (const PickableModel& model : models)
        if (model.is_loaded && proposed.size() < kProposedLoaded) proposed.insert(model.id);
    for (const PickableModel& model : models)
        if (proposed.size() < kProposedElse) proposed.insert(model.id);
    return proposed;
}

void start_comparison(const WelcomeView& view, SetupState& setup) {
    const auto has_ticked = [&](const config::Discovered& found) {
        return std::ranges::any_of(found.manifest.models, [&](const auto& model) {
            return !model.is_embedding && view.ticked.contains(model.id);
        });
    };
    for (const config::Discovered& found : setup.discovered)
        if (has_ticked(found) && !setup.has_server(found.url)) setup.draft.servers.push_back({.url = found.url});
    for (const PickableModel& model : view.models)
        if (view.ticked.contains(model.id)) (void)setup.new_candidate(model.id);
}

void draw_welcome(const FrameView& frame, WelcomeView& view, SetupState& setup, Commands& commands) {
    derive_offers(frame, view);
    if (!view.models.empty())
        choose_models(frame, view, setup, commands);
    else if (frame.setup.in_force.servers.empty())
        no_server(frame, view, commands);
    else
        no_model(frame, view, commands);
}

}  // namespace llmc::gui
