// Who judges: the list, a new one from the models of all servers, and what can be changed of one.
#include <algorithm>

#include <fmt/format.h>

#include "gui/panels/configuration_fields.h"
#include "gui/panels/judges_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr float kPickerWidth = 440, kPickerHeight = 320, kEditorWidth = 420;

void add_judge(JudgesParts& parts, const std::string& model) {
    if (model.empty()) return;
    auto& judges = parts.setup.draft.judges;
    const auto known = std::ranges::find(judges, model, &config::JudgeModel::model_id);
    const config::JudgeModel judge = known == judges.end() ? config::JudgeModel{.model_id = model} : *known;
    if (known == judges.end()) judges.push_back(judge);
    parts.view.model.choose_new(judge);
    ImGui::CloseCurrentPopup();
}

void draw_picker(JudgesParts& parts) {
    const FrameView& frame = parts.frame;
    JudgesView& view = parts.view;
    ImGui::SetNextWindowSize({frame.theme.px(kPickerWidth), frame.theme.px(kPickerHeight)});
    if (!ImGui::BeginPopup("new judge")) return;
    if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
    std::vector<const PickableModel*> shown;
    for (const PickableModel& model : view.models)
        if (matches(model.id, view.filter)) shown.push_back(&model);
    if (text_field(frame, "Model", view.filter, "filter, or a name", ImGuiInputTextFlags_EnterReturnsTrue))
        add_judge(parts, shown.empty() ? view.filter : shown.front()->id);
    if (ImGui::BeginChild("list", {0, 0}, ImGuiChildFlags_NavFlattened)) {
        if (shown.empty())
            note(frame, view.models.empty() ? "No server has told its models yet. A name can be typed."
                                            : "No model of this name is listed. Enter takes the name as it is.");
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(shown.size()));
        while (clipper.Step())
            for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
                const PickableModel& model = *shown[static_cast<std::size_t>(i)];
                if (row(frame, model.id.c_str(),
                        {.dot = model.is_loaded ? Dot::good : Dot::ring, .title = model.id, .second = model.second}))
                    add_judge(parts, model.id);
            }
    }
    ImGui::EndChild();
    if (ImGui::IsKeyPressed(ImGuiKey_Escape)) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
}

void draw_pin(JudgesParts& parts, config::JudgeModel& judge) {
    const auto& servers = parts.setup.draft.servers;
    std::vector<std::string> labels;
    std::vector<const char*> names{"any server"};
    int current = 0;
    labels.reserve(servers.size() + 1);
    for (std::size_t i = 0; i < servers.size(); ++i) {
        if (!judge.server.empty() && session::names_server(judge.server, servers[i])) current = static_cast<int>(i) + 1;
        names.push_back(labels.emplace_back(servers[i].label()).c_str());
    }
    if (current == 0 && !judge.server.empty()) {  // a server that is not there
        current = static_cast<int>(names.size());
        names.push_back(labels.emplace_back(judge.server + " (unknown)").c_str());
    }
    if (!choice(parts.frame, "Server", names, current)) return;
    if (current == 0)
        judge.server.clear();
    else if (current <= static_cast<int>(servers.size()))
        judge.server = servers[static_cast<std::size_t>(current - 1)].label();
}

Dot dot_of(const JudgeRow& row) {
    return row.judged < 0 ? Dot::ring : row.is_licensed ? Dot::good : Dot::warn;
}

}  // namespace

void open_judge_editor(JudgesParts& parts) {
    const JudgeRow* row = parts.view.model.chosen();
    if (!row || !row->is_configured) return;
    parts.view.edited = row->model;
    parts.view.edited_model = row->model.model_id;
    parts.view.edited_server = row->model.server;
    ImGui::OpenPopup("edit judge");
}

void draw_judge_editor(JudgesParts& parts) {
    const FrameView& frame = parts.frame;
    ImGui::SetNextWindowSize({frame.theme.px(kEditorWidth), 0});
    if (!ImGui::BeginPopup("edit judge")) return;
    if (parts.view.edited) {
        config::JudgeModel& edited = *parts.view.edited;
        text_field(frame, "Label", edited.display_name, edited.model_id.c_str());
        draw_pin(parts, edited);
        ImGui::Dummy({0, frame.theme.px(1)});
        auto& judges = parts.setup.draft.judges;
        const auto place = std::ranges::find_if(judges, [&](const config::JudgeModel& one) {
            return one.model_id == parts.view.edited_model && one.server == parts.view.edited_server;
        });
        if (primary_button(frame, "Done", place != judges.end())) {
            *place = edited;
            parts.view.model.choose_new(edited);
            ImGui::CloseCurrentPopup();
        }
        ImGui::SameLine();
        if (button(frame, "Remove", place != judges.end(), "It judges no more; verdicts of this session stay")) {
            judges.erase(place);
            ImGui::CloseCurrentPopup();
        }
    }
    if (ImGui::IsKeyPressed(ImGuiKey_Escape)) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
}

void draw_judge_list(JudgesParts& parts) {
    const FrameView& frame = parts.frame;
    JudgesModel& model = parts.view.model;
    if (section_heading(frame, "Judges", "+ Add")) {
        parts.view.models = pickable_models(frame.snapshot.servers);
        parts.view.filter.clear();
        ImGui::OpenPopup("new judge");
    }
    draw_picker(parts);
    std::optional<std::size_t> chosen;
    for (std::size_t i = 0; i < model.rows().size(); ++i) {
        const JudgeRow& judge = model.rows()[i];
        ImGui::PushID(static_cast<int>(i));
        if (row(frame, judge.model.model_id.c_str(),
                {.dot = dot_of(judge),
                 .title = judge.name,
                 .second = judge.server,
                 .right = judge.standing,
                 .right_role = judge.judged >= 0 && !judge.is_licensed ? Role::warn : Role::weak,
                 .is_chosen = i == model.chosen_index()}))
            chosen = i;
        ImGui::PopID();
    }
    if (chosen) model.choose(*chosen);
}

}  // namespace llmc::gui
