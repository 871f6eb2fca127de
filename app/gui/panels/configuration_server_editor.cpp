// What a server's row shows when it is open: its fields, what is wrong with it, which models it has loaded.
#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "gui/panels/configuration_view.h"
#include "openai/model_loading.h"

namespace llmc::gui {
namespace {

// As it was typed: without a port where none was given.
std::string address_of(const net::BaseUrl& url) {
    std::string text = url.text();
    if (!url.has_explicit_port()) text.erase(url.origin().rfind(':'), url.origin().size() - url.origin().rfind(':'));
    return text;
}

// Candidates that are pinned to the server stay with it.
template <class Edit>
void change(SetupState& setup, std::size_t index, const Edit& edit) {
    session::Server& server = setup.draft.servers[index];
    const session::Server before = server;
    edit(server);
    if (server.label() == before.label() && server.url == before.url) return;
    for (session::Candidate& candidate : setup.draft.candidates)
        if (!candidate.server.empty() && session::names_server(candidate.server, before))
            candidate.server = server.label();
}

Result<void> set_address(SetupState& setup, std::size_t index, const std::string& text) {
    auto url = net::BaseUrl::parse(text);
    if (!url) return url.error();
    for (std::size_t i = 0; i < setup.draft.servers.size(); ++i)
        if (i != index && setup.draft.servers[i].url == *url)
            return Error{ErrorKind::usage, "Another server has this address."};
    change(setup, index, [&](session::Server& server) { server.url = *url; });
    return {};
}

Result<void> set_name(SetupState& setup, std::size_t index, const std::string& name) {
    for (std::size_t i = 0; i < setup.draft.servers.size(); ++i)
        if (i != index && !name.empty() && setup.draft.servers[i].label() == name)
            return Error{ErrorKind::usage, "Another server is called so."};
    change(setup, index, [&](session::Server& server) { server.name = name; });
    return {};
}

Result<void> set_variable(session::Server& server, const std::string& name) {
    const bool is_fine =
        std::all_of(name.begin(), name.end(), [](char c) { return base::is_letter_or_digit(c) || c == '_'; });
    if (!is_fine || (!name.empty() && base::is_digit(name[0])))
        return Error{ErrorKind::usage, "The name of an environment variable: letters, digits and _."};
    server.api_key_env = name;
    server.api_key = name.empty() ? std::string{} : config::system_environment()(name).value_or("");
    return {};
}

void draw_key(ConfigurationParts& parts, session::Server& server) {
    const FrameView& frame = parts.frame;
    if (server.api_key_env.empty()) {
        bool& is_shown = parts.view.shows_key;
        text_field(frame, "API key", server.api_key, "none",
                   is_shown ? ImGuiInputTextFlags_None : ImGuiInputTextFlags_Password);
        tooltip(frame, "Save as default keeps it in keys.json, which only you can read. It is shown nowhere else.");
        if (!server.api_key.empty()) {
            ImGui::SetCursorPosX(ImGui::GetCursorPosX() + label_column(frame));  // below the field
            if (link_button(frame, is_shown ? "Hide###show key" : "Show###show key")) is_shown = !is_shown;
        }
    } else {
        std::string from = fmt::format("from ${}", server.api_key_env);
        ImGui::BeginDisabled();
        text_field(frame, "API key", from);
        ImGui::EndDisabled();
        if (server.api_key.empty()) note(frame, fmt::format("${} is not set.", server.api_key_env), Role::warn);
    }
    parsed_field(frame, parts.view.texts, "Key variable", server.api_key_env, "none",
                 [&](const std::string& text) { return set_variable(server, text); });
}

void draw_loaded(ConfigurationParts& parts, const engine::ServerStatus& status) {
    if (!status.manifest->can_load()) return;
    for (const auto& model : status.manifest->models)
        if (!model.is_embedding && model.state != openai::LoadState::not_loaded &&
            model.state != openai::LoadState::unknown)
            draw_load_line(parts, status, model, model.id);
}

// What the server said when it was asked as it stands here now.
void draw_test(ConfigurationParts& parts, const session::Server& server) {
    const auto& test = parts.setup.test;
    if (!test || test->server.url != server.url || test->server.api_key != server.api_key ||
        test->server.ca_file != server.ca_file)
        return;
    if (test->is_pending) return note(parts.frame, "Asking it…");
    const SetupRow said = server_row(server, &test->outcome);
    note(parts.frame,
         test->outcome.manifest ? fmt::format("It answers: {}, {}.", test->outcome.manifest->kind_name(), said.right)
                                : said.trouble,
         test->outcome.manifest ? Role::good : Role::bad);
}

void draw_server_actions(ConfigurationParts& parts, std::size_t index) {
    const FrameView& frame = parts.frame;
    ConfigurationView::State& view = parts.view;
    if (link_button(frame, "Done")) view.open_server_at(-1);
    ImGui::SameLine();
    if (link_button(frame, "Cancel", true, "Esc: as it was when it was opened") || wants_to_cancel(view)) {
        if (view.server_before)
            change(parts.setup, index, [&](session::Server& server) { server = *view.server_before; });
        view.texts.forget();
        view.open_server_at(-1);
    }
    ImGui::SameLine();
    const bool is_right = !view.texts.has_errors();
    if (link_button(frame, "Test", is_right,
                    is_right ? "Asks it as it stands here" : "Something above is not right yet"))
        parts.commands.add(TestServer{parts.setup.draft.servers[index]});
    ImGui::SameLine();
    if (!link_button(frame, "Remove", true, "Del while its row is focused")) return;
    parts.setup.draft.servers.erase(parts.setup.draft.servers.begin() + static_cast<std::ptrdiff_t>(index));
    view.open_server_at(-1);
}

}  // namespace

void draw_server_editor(ConfigurationParts& parts, std::size_t index) {
    const FrameView& frame = parts.frame;
    session::Server& server = parts.setup.draft.servers[index];
    const engine::ServerStatus* status = status_of(server, frame.snapshot.servers);
    if (!parts.view.server_before) parts.view.server_before = server;
    const EdgeBox box(frame, Role::accent, Role::bg1);
    if (const std::string& trouble = parts.view.server_rows[index].trouble; !trouble.empty())
        note(frame, trouble, Role::bad);

    parsed_field(frame, parts.view.texts, "Address", address_of(server.url), "192.168.1.10:1234",
                 [&](const std::string& text) { return set_address(parts.setup, index, text); });
    parsed_field(frame, parts.view.texts, "Name", server.name, "as its address",
                 [&](const std::string& text) { return set_name(parts.setup, index, text); });
    draw_key(parts, server);
    std::optional<std::int64_t> parallel = server.max_concurrent;
    if (optional_field(frame, parts.view.texts, "At once", parallel, "1", 1, 300))
        server.max_concurrent = static_cast<int>(parallel.value_or(1));
    if (server.url.is_https() || !server.ca_file.empty())
        text_field(frame, "CA file", server.ca_file, "the system's authorities");
    if (status && status->manifest) draw_loaded(parts, *status);

    draw_test(parts, server);
    draw_server_actions(parts, index);
}

void draw_load_line(ConfigurationParts& parts, const engine::ServerStatus& status, const openai::ModelInfo& model,
                    std::string_view name) {
    const FrameView& frame = parts.frame;
    const bool is_loaded = model.state == openai::LoadState::loaded;
    ImGui::PushID(status.key);
    ImGui::PushID(model.id.c_str());
    std::string words = fmt::format("{}: {}", name, openai::load_state_name(model.state));
    if (is_loaded && model.context_length) words += fmt::format(", context {}", *model.context_length);
    if (!status.busy_with.empty()) words = fmt::format("{}: {}…", status.server.label(), status.busy_with);
    note(frame, words, status.busy_with.empty() ? Role::weak : Role::accent);
    const bool is_free = status.busy_with.empty();
    if (is_loaded) {
        if (link_button(frame, "Unload", is_free))
            parts.commands.engine(engine::UnloadModel{.server_key = status.key, .model = model.id});
    } else if (model.state != openai::LoadState::loading) {
        const bool takes_context = status.manifest->can_set_context();
        if (takes_context)
            optional_field(frame, parts.view.texts, "Context", parts.view.load_context, "the server's own", 1,
                           model.max_context_length.value_or(std::int64_t{1} << 30));
        if (link_button(frame, "Load now", is_free && !parts.view.texts.has_errors()))
            parts.commands.engine(
                engine::LoadModel{.server_key = status.key,
                                  .model = model.id,
                                  .context_length = takes_context ? parts.view.load_context : std::nullopt});
    }
    ImGui::PopID();
    ImGui::PopID();
}

}  // namespace llmc::gui
