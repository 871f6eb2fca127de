#include "gui/menu_bar.h"

#include <algorithm>

#include <fmt/format.h>

#include "gui/example_suites.h"
#include "gui/panel_table.h"
#include "gui/widgets.h"
#include "session/failure_title.h"

namespace llmc::gui {
namespace {

using engine::Activity;

// One menu after the other on the same frame.
class Items {
public:
    Items(const FrameView& frame, const MenuState& state, Commands& commands)
        : frame_(frame), state_(state), commands_(commands) {}

    void action(const char* label, Action action, bool is_chosen = false) {
        if (ImGui::MenuItem(label, shortcut_text(action), is_chosen, is_available(action, frame_, state_.context)))
            perform(action, frame_, state_.context, commands_);
    }
    void panels(MenuPart part) {
        for (const PanelRow& row : panel_rows()) {
            if (row.menu != part) continue;
            // A free one is brought to the front, and closed by its own button.
            const bool is_open = row.place != PanelPlace::free && state_.context.open.contains(row.panel);
            if (!ImGui::MenuItem(row.name, shortcut_text(row.panel), is_open)) continue;
            if (row.place == PanelPlace::free || row.is_always_there)
                commands_.add(ShowPanel{row.panel});
            else
                commands_.add(TogglePanel{row.panel});
        }
    }
    void report(const report::FormatRow& format) {
        const bool is_first = &format == report::usual_formats().front();
        if (ImGui::MenuItem(fmt::format("Export {}", format.title).c_str(),
                            is_first ? shortcut_text(Action::export_report) : nullptr, false,
                            is_available(Action::export_report, frame_, state_.context)))
            commands_.add(ExportReports{{&format}});
    }
    template <class T>
    void command(const char* label, T command, bool is_chosen = false) {
        if (ImGui::MenuItem(label, nullptr, is_chosen)) commands_.add(std::move(command));
    }

private:
    const FrameView& frame_;
    const MenuState& state_;
    Commands& commands_;
};

void recent_menu(const FrameView& frame, Commands& commands) {
    if (ImGui::BeginMenu("Recent sessions", !frame.recent.empty())) {
        for (const RecentSession& one : frame.recent) {
            const std::string path = one.path.string(), name = one.path.filename().string();
            ImGui::PushID(path.c_str());
            if (ImGui::MenuItem(name.c_str(), one.is_there ? nullptr : "gone", false, one.is_there))
                commands.add(OpenFile{one.path, FileKind::session});
            ImGui::SetItemTooltip("%s", path.c_str());
            ImGui::PopID();
        }
        ImGui::EndMenu();
    }
    const RecentSession* last = last_session(frame);
    if (ImGui::MenuItem("Continue last session", nullptr, false, last != nullptr))
        commands.add(OpenFile{last->path, FileKind::session});
    if (last) ImGui::SetItemTooltip("%s", last->path.string().c_str());
}

void privacy_menu(const FrameView& frame, Commands& commands) {
    if (!ImGui::BeginMenu("Privacy")) return;
    if (ImGui::MenuItem("Remember prompts and recent sessions", nullptr, frame.keeps_history))
        commands.add(SetKeepsHistory{!frame.keeps_history});
    ImGui::SetItemTooltip("On this machine, for the next start. Of a session that is discarded nothing is remembered.");
    if (ImGui::MenuItem("Forget them now")) commands.add(ForgetHistory{});
    ImGui::EndMenu();
}

void file_menu(Items& items, const FrameView& frame, Commands& commands) {
    items.action("Open session…", Action::open_session);
    recent_menu(frame, commands);
    items.action("Save session", Action::save_session);
    items.action("Save session as…", Action::save_session_as);
    ImGui::Separator();
    items.action("Open prompts…", Action::open_prompts);
    ImGui::Separator();
    for (const report::FormatRow& format : report::formats()) items.report(format);
    items.command("Report folder", OpenFolder{frame.setup.in_force.report_folder});
    ImGui::Separator();
    items.action("Quit", Action::quit);
}

void session_menu(Items& items, const FrameView& frame, const MenuState& state) {
    const PrimaryAction primary = primary_action(frame, state.context.prompt);
    items.action((primary.label.substr(0, primary.label.find("###")) + "###send").c_str(), Action::send);
    items.action("Open prompts to run…", Action::open_prompts);
    ImGui::Separator();
    items.action(frame.snapshot.activity == Activity::paused ? "Continue###pause" : "Pause###pause", Action::pause);
    items.action("Stop after this round", Action::stop_after_round);
    items.action("Stop now", Action::stop);
    items.action("Resume", Action::resume);
    ImGui::Separator();
    items.action("Add a candidate…", Action::new_candidate);
    items.action("Refresh manifests", Action::refresh);
    items.action("Clear session", Action::clear);
}

void view_menu(Items& items, const FrameView& frame, const MenuState& state, Commands& commands) {
    items.panels(MenuPart::view);
    if (ImGui::BeginMenu("Candidates", !state.context.candidates.empty())) {
        for (const WindowEntry& window : state.context.candidates) {
            ImGui::PushID(window.id.c_str());
            if (ImGui::MenuItem(std::string(window.label).c_str(), nullptr, window.is_shown))
                commands.add(ShowCandidate{window.id, !window.is_shown});
            ImGui::PopID();
        }
        ImGui::EndMenu();
    }
    ImGui::Separator();
    items.action("Columns", Action::columns, frame.arrangement == Arrangement::columns);
    items.action("Grid", Action::grid, frame.arrangement == Arrangement::grid);
    items.action("Tabs", Action::tabs, frame.arrangement == Arrangement::tabs);
    items.action("Whole stage, and back", Action::zoom);
    items.action("Round before", Action::round_before);
    items.action("Round after", Action::round_after);
    items.command("Reset layout", ResetLayout{});
    ImGui::Separator();
    items.command("Dark theme", SetTheme{ThemeKind::dark}, frame.theme.kind == ThemeKind::dark);
    items.command("Light theme", SetTheme{ThemeKind::light}, frame.theme.kind == ThemeKind::light);
    ImGui::Separator();
    items.action("Larger text", Action::text_larger);
    items.action("Smaller text", Action::text_smaller);
    items.action("Usual text size", Action::text_usual);
    ImGui::Separator();
    items.action("Find…", Action::find);
    items.command("Enter sends the prompt", SetEnterSends{!frame.enter_sends}, frame.enter_sends);
    privacy_menu(frame, commands);
}

void judge_menu(Items& items, const FrameView& frame, Commands& commands) {
    items.panels(MenuPart::differences);
    items.action(frame.is_blind ? "Reveal who is who###blind" : "Blind mode###blind", Action::blind, frame.is_blind);
    items.panels(MenuPart::votes);
    ImGui::Separator();
    items.panels(MenuPart::suites);
    items.command("Open suite…", ChooseFile{FileKind::suite});
    if (ImGui::BeginMenu("Example suites")) {
        for (const ExampleSuite& example : example_suites())
            if (ImGui::MenuItem(example.name)) open_example_suite(example, commands);
        ImGui::EndMenu();
    }
    ImGui::Separator();
    items.panels(MenuPart::casts);
}

void help_menu(Items& items, const FrameView& frame) {
    items.panels(MenuPart::help);
    if (frame.setup.runs_demo_servers)
        items.command("Stop demo servers", StopDemoServers{});
    else
        items.command("Start demo servers", StartDemoServers{});
    // Demo servers of which one model fails in every answer: what a failure looks like, before a long run.
    if (ImGui::BeginMenu("Rehearse a failure", !frame.setup.runs_demo_servers)) {
        for (const demo::FaultRow& row : demo::faults()) {
            if (row.fault == demo::Fault::none) continue;
            items.command(std::string(row.name).c_str(), StartDemoServers{row.fault});
            ImGui::SetItemTooltip("%.*s", static_cast<int>(row.what.size()), row.what.data());
        }
        ImGui::EndMenu();
    }
    items.panels(MenuPart::about);
}

// What a person wants to know at a glance, at the right end.
void draw_status(const FrameView& frame, std::string_view text, Commands& commands) {
    const Theme& theme = frame.theme;
    const engine::Snapshot& now = frame.snapshot;
    const bool is_halted = now.activity == Activity::halted;
    const TextLook look{.size = theme.text.small, .role = is_halted ? Role::bad : Role::weak};
    const float width = measure(frame, text, look).x;
    const float right = ImGui::GetWindowWidth() - theme.px(14);
    const float x = std::max(right - width, ImGui::GetCursorPosX() + theme.px(16));
    const float room = right - x;
    if (room < theme.px(40)) return;
    ImGui::SetCursorPosX(x);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    if (ImGui::InvisibleButton("status", {room, ImGui::GetFrameHeight()}) && !now.reports.empty())
        commands.add(OpenFolder{std::filesystem::path(now.reports.back()).parent_path()});
    bool was_cut = false;
    paint_text(frame, {at.x, at.y + (ImGui::GetFrameHeight() - look.size) / 2 - theme.px(1)}, text, look, room,
               &was_cut);
    if (was_cut || is_halted) tooltip(frame, is_halted ? engine::why_halted(now) : text);
}

}  // namespace

std::string status_line(const engine::Snapshot& now) {
    if (now.activity == Activity::halted) {
        std::string line = "halted";
        if (const std::string refused = engine::refused_retry(now); !refused.empty())
            line = fmt::format("halted: {}", refused);
        else if (const session::Answer* failed = session::first_failure(now.session))
            line = fmt::format("halted: {} · {}", engine::label_of(now, failed->candidate),
                               session::outcome_words(*failed));
        if (!now.reports.empty())
            line += " · report written to " +
                    config::with_home_as_tilde(std::filesystem::path(now.reports.back()).parent_path(),
                                               config::system_environment());
        return line;
    }
    std::string line;
    const auto add = [&line](std::string part) {
        if (!line.empty()) line += " · ";
        line += part;
    };
    if (now.activity != Activity::idle && now.activity != Activity::running)
        add(std::string(engine::activity_name(now.activity)));
    if (now.activity != Activity::idle && now.rounds_total > 0) add(engine::words(engine::progress_of(now)));
    const auto reachable =
        std::count_if(now.servers.begin(), now.servers.end(), [](const auto& one) { return one.is_reachable(); });
    if (!now.servers.empty())
        add(reachable == static_cast<std::ptrdiff_t>(now.servers.size())
                ? fmt::format("{} server{}", reachable, reachable == 1 ? "" : "s")
                : fmt::format("{} of {} servers", reachable, now.servers.size()));
    std::int64_t tokens = 0;
    bool is_estimated = false;
    for (const auto& round : now.session.rounds)
        for (const session::Answer& answer : round->answers) {
            const metrics::AnswerMetrics& metrics =
                session::is_final(answer.state) ? answer.metrics : answer.stream->live().metrics;
            tokens += metrics.output_tokens.value_or(0);
            is_estimated = is_estimated || (metrics.tokens_estimated && metrics.output_tokens.value_or(0) > 0);
        }
    if (tokens > 0) add(count_text(tokens, is_estimated) + " tok");
    return line;
}

void draw_menu_bar(const FrameView& frame, const MenuState& state, Commands& commands) {
    const Theme& theme = frame.theme;
    ImGui::PushStyleColor(ImGuiCol_MenuBarBg, theme[Role::bg0]);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {theme.px(9), theme.px(4)});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
    if (ImGui::BeginMainMenuBar()) {
        const auto menu = [](const char* name, const auto& contents) {
            if (!ImGui::BeginMenu(name)) return;
            contents();
            ImGui::EndMenu();
        };
        Items items(frame, state, commands);
        menu("File", [&] { file_menu(items, frame, commands); });
        menu("Session", [&] { session_menu(items, frame, state); });
        menu("View", [&] { view_menu(items, frame, state, commands); });
        menu("Judge", [&] { judge_menu(items, frame, commands); });
        menu("Help", [&] { help_menu(items, frame); });
        draw_status(frame, state.status, commands);
        ImGui::EndMainMenuBar();
    }
    ImGui::PopStyleVar(2);
    ImGui::PopStyleColor();
}

}  // namespace llmc::gui
