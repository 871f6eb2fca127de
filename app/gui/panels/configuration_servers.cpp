// The servers in the Configuration panel: rows with a live state, found ones, adding.
#include <algorithm>

#include <fmt/format.h>

#include "gui/panels/configuration_view.h"

namespace llmc::gui {
namespace {

// Adds one; gives what is wrong, for people, or nothing.
std::string add_server(SetupState& setup, const std::string& text) {
    auto url = net::BaseUrl::parse(text);
    if (!url) return url.error().message;
    if (setup.has_server(*url)) return fmt::format("{} is there already.", url->text());
    setup.draft.servers.push_back({.url = *url});
    return {};
}

void add_typed(ConfigurationParts& parts) {
    ConfigurationView::State& view = parts.view;
    std::string left, wrong;
    for (const std::string& text : config::split_names(view.new_servers)) {
        const std::string trouble = add_server(parts.setup, text);
        if (trouble.empty()) continue;
        left += (left.empty() ? "" : ", ") + text;
        wrong += (wrong.empty() ? "" : "\n") + trouble;
    }
    view.new_servers = left;
    view.new_servers_error = wrong;
    view.adds_servers = !left.empty();
    view.focuses_adding = !left.empty();
}

void draw_adding(ConfigurationParts& parts) {
    const FrameView& frame = parts.frame;
    ConfigurationView::State& view = parts.view;
    if (view.focuses_adding) ImGui::SetKeyboardFocusHere();
    view.focuses_adding = false;
    if (text_field(frame, "Address", view.new_servers, "192.168.1.10:1234, …", ImGuiInputTextFlags_EnterReturnsTrue) &&
        !view.new_servers.empty())
        add_typed(parts);
    const bool is_left = ImGui::IsItemFocused() && ImGui::IsKeyPressed(ImGuiKey_Escape, false);
    if (!view.new_servers_error.empty())
        note(frame, view.new_servers_error, Role::bad);
    else
        note(frame, "Several at once are separated by commas or lines. Without a port, 1234 is tried too.");
    if (button(frame, "Add", !view.new_servers.empty())) add_typed(parts);
    ImGui::SameLine();
    if (button(frame, "Cancel") || is_left) {
        view.adds_servers = false;
        view.new_servers.clear();
        view.new_servers_error.clear();
    }
    ImGui::Spacing();
}

void draw_found(ConfigurationParts& parts) {
    const FrameView& frame = parts.frame;
    std::optional<net::BaseUrl> wanted;
    for (std::size_t i = 0; i < parts.setup.discovered.size(); ++i) {
        const config::Discovered& found = parts.setup.discovered[i];
        if (parts.setup.has_server(found.url)) continue;
        ImGui::PushID(static_cast<int>(i));
        const std::string second = fmt::format("found on this machine · {}", found.manifest.kind_name());
        const std::string title = found.url.host_port();
        if (row(frame, "found",
                {.dot = Dot::ring, .title = title, .second = second, .right = "Add", .right_role = Role::accent}))
            wanted = found.url;
        ImGui::PopID();
    }
    if (wanted) parts.setup.draft.servers.push_back({.url = *wanted});
}

void draw_nothing_there(ConfigurationParts& parts) {
    const FrameView& frame = parts.frame;
    note(frame, parts.setup.is_discovering
                    ? "Looking for servers on this machine…"
                    : "No server yet. Add the address of LM Studio, llama-server, Ollama, vLLM or any server that "
                      "speaks the OpenAI chat API.");
    if (button(frame, "Look on this machine", !parts.setup.is_discovering)) parts.commands.add(Discover{});
    if (parts.setup.runs_demo_servers) return;
    ImGui::SameLine();
    if (ImGui::GetContentRegionAvail().x < measure(frame, "Start demo servers", {}).x + 2 * frame.theme.px(9))
        ImGui::NewLine();
    if (button(frame, "Start demo servers", true, "Scripted servers inside this program, to try it without a model"))
        parts.commands.add(StartDemoServers{});
}

}  // namespace

void draw_servers(ConfigurationParts& parts) {
    const FrameView& frame = parts.frame;
    ConfigurationView::State& view = parts.view;
    auto& servers = parts.setup.draft.servers;
    ImGui::PushID("servers");
    if (section_heading(frame, "Servers", "+ Add")) view.adds_servers = view.focuses_adding = true;
    if (view.adds_servers) draw_adding(parts);
    if (view.open_server >= static_cast<int>(servers.size())) view.open_server_at(-1);

    int moved = -1, by = 0, gone = -1;
    for (std::size_t i = 0; i < view.server_rows.size() && i < servers.size(); ++i) {
        const SetupRow& what = view.server_rows[i];
        ImGui::PushID(what.id.c_str());
        const bool is_open = view.open_server == static_cast<int>(i);
        if (row(frame, "server",
                {.dot = what.dot,
                 .title = what.title,
                 .second = what.second,
                 .right = what.right,
                 .right_role = what.right_role,
                 .is_chosen = is_open}))
            view.open_server_at(is_open ? -1 : static_cast<int>(i));
        if (!is_open) tooltip(frame, what.trouble);
        if (const int step = wants_to_move(); step != 0) {
            moved = static_cast<int>(i);
            by = step;
        }
        if (wants_to_go()) gone = static_cast<int>(i);
        ImGui::PopID();
        if (is_open) {
            // The address may be edited: the editor's fields must not be named by it.
            ImGui::PushID(static_cast<int>(i));
            draw_server_editor(parts, i);
            ImGui::PopID();
            if (servers.size() != view.server_rows.size()) break;  // it was removed
        }
    }
    if (moved >= 0 && moved + by >= 0 && moved + by < static_cast<int>(servers.size())) {
        std::swap(servers[static_cast<std::size_t>(moved)], servers[static_cast<std::size_t>(moved + by)]);
        if (view.open_server == moved)
            view.open_server = moved + by;
        else if (view.open_server == moved + by)
            view.open_server = moved;
    }
    if (gone >= 0) {
        servers.erase(servers.begin() + gone);
        view.open_server_at(-1);
    }
    draw_found(parts);
    if (servers.empty() && parts.setup.discovered.empty()) draw_nothing_there(parts);
    if (parts.setup.runs_demo_servers &&
        link_button(frame, "Stop the demo servers", true, "They are part of this program; their answers are made up"))
        parts.commands.add(StopDemoServers{});
    ImGui::PopID();
}

}  // namespace llmc::gui
