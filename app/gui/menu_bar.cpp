#include "gui/menu_bar.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <imgui_internal.h>  // the keyboard's way into the bar

#include "base/utf8.h"
#include "gui/example_suites.h"
#include "gui/menu_sink.h"
#include "gui/panel_table.h"
#include "gui/widget_parts.h"
#include "gui/widgets.h"
#include "session/failure_title.h"

namespace llmc::gui {
namespace {

using engine::Activity;

// One menu after the other on the same frame.
class Items {
public:
    Items(MenuSink& sink, const FrameView& frame, const ActionContext& context, Commands& commands)
        : sink_(sink), frame_(frame), context_(context), commands_(commands) {}

    void action(const char* label, Action action, bool is_chosen = false) {
        if (sink_.item(label, frame_.shortcuts.text(action), is_chosen, is_available(action, frame_, context_)))
            perform(action, frame_, context_, commands_);
    }
    void panels(MenuPart part) {
        for (const PanelRow& row : panel_rows()) {
            if (row.menu != part) continue;
            // A free one is brought to the front, and closed by its own button.
            const bool is_open = row.place != PanelPlace::free && context_.open.contains(row.panel);
            if (!sink_.item(row.name, frame_.shortcuts.text(row.panel), is_open, true)) continue;
            if (row.place == PanelPlace::free || row.is_always_there || sink_.only_shows_windows())
                commands_.add(ShowPanel{row.panel});
            else
                commands_.add(TogglePanel{row.panel});
        }
    }
    void report(const report::FormatRow& format) {
        const bool is_first = &format == report::usual_formats().front();
        if (sink_.item(fmt::format("Export {}", format.title).c_str(),
                       is_first ? frame_.shortcuts.text(Action::export_report) : "", false,
                       is_available(Action::export_report, frame_, context_)))
            commands_.add(ExportReports{{&format}});
    }
    template <class T>
    void command(const char* label, T command, bool is_chosen = false) {
        if (sink_.item(label, "", is_chosen, true)) commands_.add(std::move(command));
    }
    template <class Contents>
    void menu(const char* name, bool is_enabled, const Contents& contents) {
        if (!sink_.begin(name, is_enabled)) return;
        contents();
        sink_.end();
    }
    void separator() { sink_.separator(); }
    MenuSink& sink() { return sink_; }

private:
    MenuSink& sink_;
    const FrameView& frame_;
    const ActionContext& context_;
    Commands& commands_;
};

// As an item's label: "##" would end it.
std::string label_of(std::string_view text) {
    std::string label(text);
    for (std::size_t at = label.find("##"); at != std::string::npos; at = label.find("##", at)) label.erase(at, 1);
    return label;
}

void recent_menu(Items& items, const FrameView& frame, Commands& commands) {
    items.menu("Recent sessions", !frame.recent.empty(), [&] {
        for (const RecentSession& one : frame.recent) {
            const std::string path = one.path.string();
            if (items.sink().item(fmt::format("{}###{}", label_of(one.path.filename().string()), path).c_str(),
                                  one.is_there ? "" : "gone", false, one.is_there))
                commands.add(OpenFile{one.path, FileKind::session});
            items.sink().hint(path);
        }
    });
    const RecentSession* last = last_session(frame);
    if (items.sink().item("Continue last session", "", false, last != nullptr))
        commands.add(OpenFile{last->path, FileKind::session});
    if (last) items.sink().hint(last->path.string());
}

void privacy_menu(Items& items, const FrameView& frame, Commands& commands) {
    items.menu("Privacy", true, [&] {
        if (items.sink().item("Remember prompts and recent sessions", "", frame.keeps_history, true))
            commands.add(SetKeepsHistory{!frame.keeps_history});
        items.sink().hint("On this machine, for the next start. Of a session that is discarded nothing is remembered.");
        if (items.sink().item("Forget them now", "", false, true)) commands.add(ForgetHistory{});
    });
}

void file_menu(Items& items, const FrameView& frame, Commands& commands) {
    items.action("Open session…", Action::open_session);
    recent_menu(items, frame, commands);
    items.action("Save session", Action::save_session);
    items.action("Save session as…", Action::save_session_as);
    items.separator();
    items.action("Open prompts…", Action::open_prompts);
    items.command("Import…", ChooseFile{FileKind::to_import});
    items.sink().hint(
        "Files of other programs as a suite: prompt-prix, BFCL, Inspect, promptfoo, traces, conversations");
    items.separator();
    for (const report::FormatRow& format : report::formats()) items.report(format);
    items.command("Report folder", OpenFolder{frame.setup.in_force.report_folder});
    items.separator();
    items.action("Quit", Action::quit);
}

void edit_menu(Items& items) {
    items.action("Undo", Action::undo);
    items.action("Redo", Action::redo);
    items.separator();
    items.action("Cut", Action::cut);
    items.action("Copy", Action::copy);
    items.action("Paste", Action::paste);
    items.action("Select all", Action::select_all);
    items.separator();
    items.action("Find…", Action::find);
    items.action("Find in all conversations…", Action::find_in_all);
}

void session_menu(Items& items, const FrameView& frame, const ActionContext& context) {
    const PrimaryAction primary = primary_action(frame, context.prompt);
    items.action((primary.label.substr(0, primary.label.find("###")) + "###send").c_str(), Action::send);
    items.action("Open prompts to run…", Action::open_prompts);
    items.separator();
    items.action(frame.snapshot.activity == Activity::paused ? "Continue###pause" : "Pause###pause", Action::pause);
    items.action("Stop after this round", Action::stop_after_round);
    items.action("Stop now", Action::stop);
    items.action("Resume", Action::resume);
    items.separator();
    items.action("Add a candidate…", Action::new_candidate);
    items.action("Refresh manifests", Action::refresh);
    items.action("Clear session", Action::clear);
}

// The newest first: they are looked for most.
void rounds_menu(Items& items, const FrameView& frame, const ActionContext& context, Commands& commands) {
    constexpr std::size_t kMostRounds = 200, kMostBytes = 80;
    const auto& rounds = frame.snapshot.session.rounds;
    items.menu("Rounds", !rounds.empty(), [&] {
        const std::size_t count = std::min(rounds.size(), kMostRounds);
        for (std::size_t i = rounds.size(); i > rounds.size() - count; --i) {
            const std::string_view prompt = rounds[i - 1]->prompt;
            const std::string_view line = prompt.substr(0, prompt.find('\n'));
            if (!items.sink().item(
                    fmt::format("Round {}: {}###{}", i, label_of(line.substr(0, base::utf8_cut(line, kMostBytes))), i)
                        .c_str(),
                    "", false, true))
                continue;
            ShowRound show{.round = static_cast<int>(i), .candidates = {}};
            for (const WindowEntry& window : context.candidates) show.candidates.push_back(window.id);
            commands.add(std::move(show));
        }
    });
}

void view_menu(Items& items, const FrameView& frame, const ActionContext& context, Commands& commands) {
    items.panels(MenuPart::view);
    items.menu("Candidates", !context.candidates.empty(), [&] {
        for (const WindowEntry& window : context.candidates)
            if (items.sink().item(fmt::format("{}###{}", label_of(window.label), window.id).c_str(), "",
                                  window.is_shown, true))
                commands.add(ShowCandidate{window.id, items.sink().only_shows_windows() || !window.is_shown});
    });
    items.separator();
    items.action("Columns", Action::columns, frame.arrangement == Arrangement::columns);
    items.action("Grid", Action::grid, frame.arrangement == Arrangement::grid);
    items.action("Tabs", Action::tabs, frame.arrangement == Arrangement::tabs);
    items.action("Whole stage, and back", Action::zoom);
    if (!context.can_zoom) items.sink().hint("This window has the whole stage already");
    rounds_menu(items, frame, context, commands);
    items.action("Round before", Action::round_before);
    items.action("Round after", Action::round_after);
    items.command("Reset layout", ResetLayout{});
    items.separator();
    items.command("Dark theme", SetTheme{ThemeKind::dark}, frame.theme.kind == ThemeKind::dark);
    items.command("Light theme", SetTheme{ThemeKind::light}, frame.theme.kind == ThemeKind::light);
    items.separator();
    items.action("Larger text", Action::text_larger);
    items.action("Smaller text", Action::text_smaller);
    items.action("Usual text size", Action::text_usual);
    items.separator();
    items.command("Enter sends the prompt", SetEnterSends{!frame.enter_sends}, frame.enter_sends);
    privacy_menu(items, frame, commands);
}

void judge_menu(Items& items, const FrameView& frame, const ActionContext& context, Commands& commands) {
    items.panels(MenuPart::differences);
    items.action(frame.is_blind ? "Reveal who is who###blind" : "Blind mode###blind", Action::blind, frame.is_blind);
    items.panels(MenuPart::votes);
    items.menu("Vote", is_available(Action::vote_tie, frame, context), [&] {
        for (const Action vote : {Action::vote_a, Action::vote_b, Action::vote_tie, Action::vote_both_bad})
            items.action(frame.shortcuts.of(vote).name + std::string_view("Vote: ").size(), vote);
    });
    items.separator();
    items.panels(MenuPart::suites);
    items.command("Open suite…", ChooseFile{FileKind::suite});
    const auto suites_menu = [&](const char* name, std::span<const ExampleSuite> examples) {
        items.menu(name, true, [&] {
            for (const ExampleSuite& example : examples)
                if (items.sink().item(example.name, "", false, true)) open_example_suite(example, commands);
        });
    };
    suites_menu("Example suites", example_suites());
    suites_menu("Role suites", role_suites());
    items.menu("Make a test of this round", !frame.is_blind && !frame.snapshot.session.rounds.empty(), [&] {
        for (const WindowEntry& window : context.candidates)
            if (items.sink().item(
                    fmt::format("Expecting the answer of {}###{}", label_of(window.label), window.id).c_str(), "",
                    false, true))
                commands.add(MakeTest{window.id});
    });
    items.separator();
    items.panels(MenuPart::casts);
}

void help_menu(Items& items, const FrameView& frame) {
    items.action("Command palette…", Action::palette);
    items.panels(MenuPart::help);
    items.command("Change keys…", ChangeKeys{});
    items.separator();
    if (frame.setup.runs_demo_servers)
        items.command("Stop demo servers", StopDemoServers{});
    else
        items.command("Start demo servers", StartDemoServers{});
    // Demo servers of which one model fails in every answer: what a failure looks like, before a long run.
    items.menu("Rehearse a failure", !frame.setup.runs_demo_servers, [&] {
        for (const demo::FaultRow& row : demo::faults()) {
            if (row.fault == demo::Fault::none) continue;
            items.command(std::string(row.name).c_str(), StartDemoServers{row.fault});
            items.sink().hint(row.what);
        }
    });
    items.panels(MenuPart::about);
}

// The bar itself. A letter with Alt opens its menu; the letters are underlined while Alt is held.
class Bar final : public MenuSink {
public:
    bool begin(const char* name, bool is_enabled) override {
        if (depth_ == 0 && take_letter(name)) ImGui::OpenPopup(name);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImDrawList& list = *ImGui::GetWindowDrawList();
        const bool is_open = ImGui::BeginMenu(name, is_enabled);
        if (depth_ == 0 && ImGui::GetIO().KeyAlt) underline(list, at, *name);
        depth_ += is_open ? 1 : 0;
        return is_open;
    }
    void end() override {
        ImGui::EndMenu();
        --depth_;
    }
    bool item(const char* label, const char* keys, bool is_chosen, bool is_enabled) override {
        return ImGui::MenuItem(label, keys, is_chosen, is_enabled);
    }
    void hint(std::string_view words) override {
        ImGui::SetItemTooltip("%.*s", static_cast<int>(words.size()), words.data());
    }
    void separator() override { ImGui::Separator(); }
    bool only_shows_windows() const override { return false; }

private:
    // Not by Shortcut(): Dear ImGui keeps Alt and a letter for the text field in focus.
    static bool take_letter(const char* name) {
        const auto key = static_cast<ImGuiKey>(ImGuiKey_A + (*name - 'A'));
        if (ImGui::GetTopMostPopupModal() || !takes_alt_chord(ImGuiMod_Alt | key)) return false;
        ImGui::SetNavCursorVisible(true);
        return true;
    }
    static void underline(ImDrawList& list, ImVec2 at, char letter) {
        const ImGuiStyle& style = ImGui::GetStyle();
        const float width = ImGui::CalcTextSize(&letter, &letter + 1).x;
        const ImVec2 from{at.x + std::floor(style.ItemSpacing.x * 0.5F),
                          at.y + style.FramePadding.y + ImGui::GetFontSize()};
        list.AddLine(from, {from.x + width, from.y}, ImGui::GetColorU32(ImGuiCol_Text));
    }

    int depth_ = 0;
};

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

// Gives the bar the keyboard: the arrows go through its menus, Esc back.
void focus_bar() {
    ImGuiWindow* bar = ImGui::GetCurrentWindow();
    ImGui::FocusWindow(bar);
    ImGui::GetCurrentContext()->NavLayer = ImGuiNavLayer_Menu;
    ImGui::NavInitWindow(bar, true);
    ImGui::SetNavCursorVisible(true);
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

void write_menus(MenuSink& sink, const FrameView& frame, const ActionContext& context, Commands& commands) {
    Items items(sink, frame, context, commands);
    items.menu("File", true, [&] { file_menu(items, frame, commands); });
    items.menu("Edit", true, [&] { edit_menu(items); });
    items.menu("Session", true, [&] { session_menu(items, frame, context); });
    items.menu("View", true, [&] { view_menu(items, frame, context, commands); });
    items.menu("Judge", true, [&] { judge_menu(items, frame, context, commands); });
    items.menu("Help", true, [&] { help_menu(items, frame); });
}

bool MenuKeys::take(const ImGuiIO& io) {
    if (ImGui::GetTopMostPopupModal()) return is_alt_alone_ = false;
    if (ImGui::IsKeyPressed(ImGuiKey_F10, false)) return true;
    const bool is_pressed = ImGui::IsKeyPressed(ImGuiKey_LeftAlt, false);
    const bool is_released = ImGui::IsKeyReleased(ImGuiKey_LeftAlt);
    if (is_pressed) is_alt_alone_ = true;
    bool has_other = io.KeyCtrl || io.KeyShift || io.KeySuper || io.MouseWheel != 0 || ImGui::IsAnyMouseDown();
    for (int key = ImGuiKey_NamedKey_BEGIN; is_alt_alone_ && !has_other && key < ImGuiKey_GamepadStart; ++key)
        has_other =
            (key < ImGuiKey_LeftCtrl || key > ImGuiKey_RightSuper) && ImGui::IsKeyDown(static_cast<ImGuiKey>(key));
    if (has_other) is_alt_alone_ = false;
    return is_released && std::exchange(is_alt_alone_, false);
}

void draw_menu_bar(const FrameView& frame, const MenuState& state, Commands& commands) {
    const Theme& theme = frame.theme;
    ImGui::PushStyleColor(ImGuiCol_MenuBarBg, theme[Role::bg0]);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {theme.px(9), theme.px(4)});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
    if (ImGui::BeginMainMenuBar()) {
        if (state.keys.take(ImGui::GetIO())) focus_bar();
        Bar bar;
        write_menus(bar, frame, state.context, commands);
        draw_status(frame, state.status, commands);
        ImGui::EndMainMenuBar();
    }
    ImGui::PopStyleVar(2);
    ImGui::PopStyleColor();
}

}  // namespace llmc::gui
