// The window's contents: wires the engine to those who own the rest (Setup, Panels, Keeping, Files, Notices), draws a
// frame from a snapshot and carries out what the panels asked for.
//
// Thread contract: main thread. AppServices::wake is called by any thread. Invariants: nothing here waits for a server,
// a disk or a dialog (Background, Engine and FileDialog do); all that is decided about sessions is decided by the
// engine, which the command line shares.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "gui/edit_target.h"
#include "gui/files.h"
#include "gui/history.h"
#include "gui/judging.h"
#include "gui/keyboard.h"
#include "gui/menu_bar.h"
#include "gui/palette.h"
#include "gui/probing.h"
#include "gui/setup.h"
#include "gui/shell/content.h"

namespace llmc::gui {

// What the application needs of the system around it.
struct AppServices {
    std::function<void()> wake;  // by any thread: ends the loop's sleep
    std::function<Result<void>(std::string_view)> open_link;
    std::function<Result<void>(const std::filesystem::path&)> open_path;
    std::function<std::optional<WindowPlace>()> place;  // to be remembered
    // What is selected anywhere on the desktop, without having been copied; not set: the system knows no such thing.
    std::function<void(const std::string&)> offer_selection;
    std::function<std::string()> selection;
    std::string renderer;  // for About
};

struct AppOptions {
    config::Config config;       // in force at the start
    std::string config_trouble;  // why the file could not be read; the defaults hold then
    std::string config_origin = "defaults";
    std::string system_prompt_origin;
    std::filesystem::path config_path;
    config::Folders folders;
    std::vector<std::filesystem::path> files;  // to be opened: sessions, prompts
    std::vector<int> discovery_ports;
    WindowState state;  // as remembered
    std::string state_note;
    engine::Engine::Options engine;
    bool uses_builtin_fonts = false;  // tests and benchmarks that must not depend on the machine
    bool remembers = true;            // writes window.json
    bool uses_dialogs = true;         // native ones, where there are any
};

class App final : public Content, private engine::Waker {
public:
    App(AppServices services, AppOptions options);
    ~App() override;

    void draw(FrameRequests& requests) override;
    void prepare(float dpi_scale) override;
    void on_focus() override;
    bool has_news() override { return true; }  // the engine, jobs and dialogs wake only when something has changed
    bool is_streaming() const override;
    void on_drop(std::vector<std::filesystem::path> paths) override;
    bool on_close(bool is_forced) override;
    bool wants_to_quit() const override { return quits_; }
    const std::string& title() const override { return title_; }
    bool takes_attention() override { return std::exchange(wants_attention_, false); }

    // For tests and benchmarks: what is on show; in blind mode what is masked.
    const engine::Snapshot& snapshot() const { return *shown_; }
    SetupState& setup() { return setup_.state(); }
    void run(Command command) { commands_.add(std::move(command)); }
    PromptView& prompt_view() { return panels_.views().prompt(); }
    CandidateView& candidate_view(const session::CandidateId& id) { return panels_.view_of(id); }
    const JudgingState& judging() const { return judging_->state(); }
    const VotesView& votes_view() { return panels_.views().votes(); }
    const FindView& find_view() const { return panels_.find(); }
    const SuiteView& suite_view() { return panels_.views().suite(); }
    const CompareView& compare_view() { return panels_.views().compare(); }
    const CastingView& casting_view() { return panels_.views().casting(); }
    const std::deque<LogEntry>& log() const { return notices_.log(); }
    const std::deque<Toast>& toasts() { return notices_.toasts(); }
    const Layout& layout() const { return panels_.layout(); }
    bool is_idle() const { return background_->is_idle(); }

private:
    void wake() override { services_.wake(); }  // of the engine

    // What has happened (app_news.cpp)
    void take_news();
    void take_judging();
    void take_event(const engine::Event& event);
    void show_export(const std::filesystem::path& path);
    void update_title();

    // What was asked for (app_commands.cpp)
    void carry_out(Command& command);
    void take_session(ReadSession read);
    void start_suite(const StartSuite& wanted);
    void start_judge(const StartJudge& wanted);
    void make_test(const session::CandidateId& candidate);
    void open_conversation(const OpenConversation& wanted);
    void set_blind(bool is_on);
    void refresh_preview(report::Format format);
    void take_modal(const ModalAnswer& answer);
    WindowState state_to_remember(bool has_layout = true);
    void remember();
    void remember_session(const std::filesystem::path& path);

    Setup::Needs needs_of_setup();
    Keeping::Ports ports_of_keeping();
    Files::Needs needs_of_files();

    AppServices services_;
    AppOptions options_;
    std::shared_ptr<const base::Clock> clock_;
    Theme theme_;
    Fonts fonts_;
    bool has_fonts_ = false;  // and the plots' context
    std::unique_ptr<engine::Engine> engine_;
    std::unique_ptr<Background> background_;  // its jobs use the engine and what is below
    std::unique_ptr<Probing> probing_;
    std::unique_ptr<Judging> judging_;
    const engine::Snapshot* snapshot_;  // what is
    const engine::Snapshot* shown_;     // what is shown of it
    std::uint64_t revision_ = 0;
    Commands commands_;

    WindowState state_;
    History history_;
    Blind blind_;
    Notices notices_;
    Keyboard keyboard_;
    TypedField typed_;
    EditTarget edit_target_;
    MenuKeys menu_keys_;
    Palette palette_;
    Setup setup_;
    Panels panels_;
    Modals modals_;
    Keeping keeping_;
    Files files_;

    ReportPreview preview_;
    std::string status_;  // of the menu bar
    std::uint64_t status_revision_ = ~std::uint64_t{0};
    std::string title_ = "LLM Compare";
    base::TimePoint run_started_{};
    bool quits_ = false;
    bool is_ended_by_system_ = false;
    bool wants_attention_ = false;
};

}  // namespace llmc::gui
