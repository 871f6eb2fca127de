// The list of all models of all servers: type to filter, Enter or a click takes one, any name can be typed.
#include <algorithm>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "gui/panels/configuration_view.h"
#include "probe/store.h"

namespace llmc::gui {
namespace {

constexpr float kWidth = 440, kHeight = 320;

int times_chosen(const SetupState& setup, const std::string& model) {
    return static_cast<int>(std::count_if(setup.draft.candidates.begin(), setup.draft.candidates.end(),
                                          [&](const auto& one) { return one.model_id == model && !one.is_removed; }));
}

// What Enter takes: the model that is chosen in the list, else what is typed.
void take(ConfigurationParts& parts, const std::vector<const PickableModel*>& shown) {
    ConfigurationView::State& view = parts.view;
    const bool is_exact =
        std::any_of(view.models.begin(), view.models.end(), [&](const auto& model) { return model.id == view.filter; });
    const bool is_several = view.filter.find(',') != std::string::npos;
    if (is_exact) {
        parts.setup.new_candidate(view.filter);
    } else if (!shown.empty() && !is_several) {
        parts.setup.new_candidate(shown[static_cast<std::size_t>(view.picked)]->id);
    } else {
        for (std::string& name : config::split_names(view.filter)) parts.setup.new_candidate(std::move(name));
    }
    view.filter.clear();
    view.picked = 0;
}

Dot dot_of(probe::Verdict verdict) {
    switch (verdict) {
        case probe::Verdict::works: return Dot::good;
        case probe::Verdict::in_reasoning:
        case probe::Verdict::thinking_suppressed: return Dot::warn;
        default: return Dot::bad;
    }
}

// What is known of a model at the first of the servers that was probed.
const probe::Probe* probe_of(const FrameView& frame, const std::string& model) {
    for (const engine::ServerStatus& status : frame.snapshot.servers)
        if (const auto* known = probe::find_probe(frame.probes.known, status.server.url.text(), model)) return known;
    return nullptr;
}

// "native works", a line for each form, with why it is not better.
std::string verdict_lines(const probe::Probe& probe) {
    std::string lines = "Request forms at " + probe.server;
    for (const agent::RequestForm form : agent::kRequestForms) {
        const probe::FormVerdict& verdict = probe.of(form);
        lines += fmt::format("\n{}: {}", agent::request_form_name(form), probe::verdict_word(verdict.verdict()));
        if (!verdict.detail().empty()) lines += ", " + verdict.detail();
    }
    return lines;
}

// Which forms work with the models that are chosen.
void draw_probe_button(ConfigurationParts& parts) {
    const FrameView& frame = parts.frame;
    if (frame.probes.is_running) {
        if (button(frame, "Stop probe", !frame.probes.is_stopping, "Nothing is kept of it"))
            parts.commands.add(StopProbe{});
        return;
    }
    std::vector<session::Candidate> chosen;
    for (const session::Candidate& one : parts.setup.draft.candidates)
        if (!one.is_removed) chosen.push_back(one);
    const bool can = !chosen.empty() && !engine::is_busy(frame.snapshot.activity);
    if (button(frame, "Probe chosen", can,
               "Tries with 20 short requests which request forms work with each chosen model: a dot for native, tool, "
               "schema and prompt"))
        parts.commands.add(StartProbe{std::move(chosen)});
}

void draw_model(ConfigurationParts& parts, const PickableModel& model, bool is_picked) {
    const FrameView& frame = parts.frame;
    const int times = times_chosen(parts.setup, model.id);
    const std::string right = times == 0 ? std::string{} : times == 1 ? "chosen" : fmt::format("{} times", times);
    std::vector<Dot> marks;
    const probe::Probe* probe = probe_of(frame, model.id);
    if (probe)
        for (const probe::FormVerdict& form : probe->forms) marks.push_back(dot_of(form.verdict()));
    if (row(frame, model.id.c_str(),
            {.dot = model.is_loaded ? Dot::good : Dot::ring,
             .title = model.id,
             .second = model.second,
             .right = right,
             .is_chosen = is_picked,
             .marks = marks}))
        parts.setup.new_candidate(model.id);
    if (probe && ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal)) tooltip(frame, verdict_lines(*probe));
    if (is_picked && parts.view.scrolls_to_picked) ImGui::SetScrollHereY();
}

// Arrow keys move through the list while the filter has the focus.
void move_by_keys(ConfigurationView::State& view, int count) {
    // Owned, so that the focus does not leave the filter for the list.
    const ImGuiID id = ImGui::GetItemID();
    ImGui::SetKeyOwner(ImGuiKey_UpArrow, id);
    ImGui::SetKeyOwner(ImGuiKey_DownArrow, id);
    const int before = view.picked;
    if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) ++view.picked;
    if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) --view.picked;
    view.picked = std::clamp(view.picked, 0, std::max(0, count - 1));
    view.scrolls_to_picked = view.picked != before;
}

}  // namespace

void draw_model_picker(ConfigurationParts& parts) {
    const FrameView& frame = parts.frame;
    ConfigurationView::State& view = parts.view;
    ImGui::SetNextWindowSize({frame.theme.px(kWidth), frame.theme.px(kHeight)});
    ImGui::SetNextWindowPos(ImGui::GetCursorScreenPos(), ImGuiCond_Appearing);  // under the heading, also by key
    if (!ImGui::BeginPopup("models")) return;

    std::vector<const PickableModel*> shown;
    for (const PickableModel& model : view.models)
        if (matches(model.id, view.filter)) shown.push_back(&model);
    view.picked = std::clamp(view.picked, 0, std::max(0, static_cast<int>(shown.size()) - 1));

    if (view.focuses_filter) ImGui::SetKeyboardFocusHere();
    view.focuses_filter = false;
    const bool takes = text_field(frame, "Model", view.filter, "filter, or names separated by commas",
                                  ImGuiInputTextFlags_EnterReturnsTrue);
    if (ImGui::IsItemActive()) move_by_keys(view, static_cast<int>(shown.size()));
    if (takes) {
        if (!view.filter.empty() || !shown.empty()) take(parts, shown);
        view.focuses_filter = true;
    }
    const float below = ImGui::GetFrameHeightWithSpacing();
    if (ImGui::BeginChild("list", {0, -below}, ImGuiChildFlags_NavFlattened)) {
        if (shown.empty())
            note(frame, view.models.empty() ? "No server has told its models yet. Names can be typed."
                                            : "No model of this name is listed. Enter takes the names as they are.");
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(shown.size()));
        if (!shown.empty() && view.scrolls_to_picked) clipper.IncludeItemByIndex(view.picked);
        while (clipper.Step())
            for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
                draw_model(parts, *shown[static_cast<std::size_t>(i)], i == view.picked);
    }
    ImGui::EndChild();
    view.scrolls_to_picked = false;
    if (button(frame, "Done")) ImGui::CloseCurrentPopup();
    ImGui::SameLine();
    draw_probe_button(parts);
    ImGui::SameLine();
    ImGui::AlignTextToFramePadding();
    const std::string count =
        frame.probes.is_running
            ? fmt::format("{} of {} requests", frame.probes.answers_done, frame.probes.answers_total)
            : fmt::format("{} of {} models · {} chosen", shown.size(), view.models.size(),
                          parts.setup.draft.candidates.size());
    draw_text(frame, count, {.size = frame.theme.text.small, .role = Role::weak});
    if (ImGui::IsKeyPressed(ImGuiKey_Escape)) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
}

}  // namespace llmc::gui
