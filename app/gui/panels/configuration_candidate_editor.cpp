// What a candidate's row shows when it is open: its label, its server, its own settings, and loading its model.
#include <algorithm>

#include <fmt/format.h>

#include "gui/panels/configuration_view.h"
#include "gui/panels/setting_fields.h"
#include "openai/chat_request.h"
#include "openai/model_loading.h"

namespace llmc::gui {
namespace {

void draw_trouble(ConfigurationParts& parts, std::size_t index) {
    const FrameView& frame = parts.frame;
    const SetupRow& what = parts.view.candidate_rows[index];
    if (what.trouble.empty()) return;
    note(frame, what.trouble, Role::bad);
    if (what.nearest.empty()) return;
    note(frame, "The nearest names:");
    for (std::size_t i = 0; i < what.nearest.size(); ++i) {
        ImGui::PushID(static_cast<int>(i));
        if (link_button(frame, what.nearest[i].c_str(), true, "Take this model"))
            parts.setup.draft.candidates[index].model_id = what.nearest[i];
        ImGui::PopID();
    }
}

void draw_pin(ConfigurationParts& parts, session::Candidate& candidate) {
    const auto& servers = parts.setup.draft.servers;
    std::vector<std::string> labels;
    std::vector<const char*> names{"any server"};
    int current = candidate.server.empty() ? 0 : -1;
    labels.reserve(servers.size() + 1);
    for (std::size_t i = 0; i < servers.size(); ++i) {
        if (current < 0 && session::names_server(candidate.server, servers[i])) current = static_cast<int>(i) + 1;
        names.push_back(labels.emplace_back(servers[i].label()).c_str());
    }
    if (current < 0) {  // a server that is not there
        current = static_cast<int>(names.size());
        names.push_back(labels.emplace_back(candidate.server + " (unknown)").c_str());
    }
    if (!choice(parts.frame, "Server", names, current)) return;
    if (current == 0)
        candidate.server.clear();
    else if (current <= static_cast<int>(servers.size()))
        candidate.server = servers[static_cast<std::size_t>(current - 1)].label();
}

void draw_system_prompt_choice(ConfigurationParts& parts, session::Candidate& candidate) {
    const FrameView& frame = parts.frame;
    bool has_own = candidate.own.system_prompt.has_value();
    if (checkbox(frame, "Own system prompt", has_own)) {
        if (has_own)
            candidate.own.system_prompt = parts.setup.draft.settings.system_prompt;
        else
            candidate.own.system_prompt.reset();
    }
    if (candidate.own.system_prompt)
        multiline_field(frame, "##own system prompt", *candidate.own.system_prompt, {-FLT_MIN, frame.theme.px(84)},
                        ImGuiInputTextFlags_WordWrap);
}

Result<void> set_extra_body(session::Candidate& candidate, const std::string& text) {
    if (std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\n' || c == '\t'; })) {
        candidate.own.extra_body = nullptr;
        return {};
    }
    auto json = base::parse_json(text);
    if (!json) return json.error();
    if (!json->is_object()) return Error{ErrorKind::usage, "An object, { … }: its members are added to the request."};
    if (const auto forbidden = openai::forbidden_extra_body_keys(*json); !forbidden.empty())
        return Error{ErrorKind::usage, fmt::format("\"{}\" may not be set here: model, messages and stream belong to "
                                                   "the program.",
                                                   forbidden.front())};
    candidate.own.extra_body = json->empty() ? base::Json() : *std::move(json);
    return {};
}

void draw_own_settings(ConfigurationParts& parts, session::Candidate& candidate) {
    const FrameView& frame = parts.frame;
    FieldTexts& texts = parts.view.texts;
    for (const session::Setting& setting : session::all_settings())
        if (setting.is_own()) own_setting_field(frame, texts, setting, candidate.own, parts.setup.draft.settings);
    draw_system_prompt_choice(parts, candidate);
    const std::string extra =
        candidate.own.extra_body.is_null() ? std::string{} : base::dump_json(candidate.own.extra_body, 2);
    parsed_field(
        frame, texts, "Further fields of the request (JSON)", extra, "",
        [&](const std::string& text) { return set_extra_body(candidate, text); }, 3);
}

void draw_loading(ConfigurationParts& parts, const session::Candidate& candidate) {
    for (const engine::ServerStatus& status : parts.frame.snapshot.servers) {
        if (!status.manifest || !status.manifest->can_load()) continue;
        if (!candidate.server.empty() && !session::names_server(candidate.server, status.server)) continue;
        if (const openai::ModelInfo* model = status.manifest->find(candidate.model_id))
            draw_load_line(parts, status, *model, status.server.label());
    }
}

}  // namespace

void draw_candidate_editor(ConfigurationParts& parts, std::size_t index) {
    const FrameView& frame = parts.frame;
    session::Candidate& candidate = parts.setup.draft.candidates[index];
    if (!parts.view.candidate_before) parts.view.candidate_before = candidate;
    draw_trouble(parts, index);
    text_field(frame, "Label", candidate.display_name, candidate.model_id.c_str());
    parsed_field(frame, parts.view.texts, "Model", candidate.model_id, "",
                 [&](const std::string& text) -> Result<void> {
                     if (text.empty()) return Error{ErrorKind::usage, "A candidate needs a model."};
                     candidate.model_id = text;
                     return {};
                 });
    draw_pin(parts, candidate);
    draw_own_settings(parts, candidate);
    draw_loading(parts, candidate);
}

}  // namespace llmc::gui
