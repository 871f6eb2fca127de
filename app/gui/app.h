// The window's contents: holds the engine, the configuration and what every panel remembers; draws a frame from a
// snapshot and carries out what the panels asked for.
//
// Thread contract: main thread. AppServices::wake is called by any thread. Invariants: nothing here waits for a server,
// a disk or a dialog (Background, Engine and FileDialog do); all that is decided about sessions is decided by the
// engine, which the command line shares.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/config.h"
#include "demo/demo_servers.h"
#include "engine/engine.h"
#include "gui/background.h"
#include "gui/blind.h"
#include "gui/file_dialog.h"
#include "gui/frame_view.h"
#include "gui/menu_bar.h"
#include "gui/modals.h"
#include "gui/panels.h"
#include "gui/shell/content.h"
#include "gui/window_state.h"

namespace llmc::gui {

// What the application needs of the system around it.
struct AppServices {
    std::function<void()> wake;  // by any thread: ends the loop's sleep
    std::function<Result<void>(std::string_view)> open_link;
    std::function<Result<void>(const std::filesystem::path&)> open_folder;
    std::function<std::optional<WindowPlace>()> place;  // to be remembered
    std::string renderer;                               // for About
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
    bool has_news() override { return true; }  // the engine, jobs and dialogs wake only when something has changed
    bool is_streaming() const override;
    void on_drop(std::vector<std::filesystem::path> paths) override;
    bool on_close(bool is_forced) override;
    bool wants_to_quit() const override { return quits_; }
    const std::string& title() const override { return title_; }
    bool takes_attention() override { return std::exchange(wants_attention_, false); }

    // For tests and benchmarks: what is on show; in blind mode what is masked.
    const engine::Snapshot& snapshot() const { return *shown_; }
    SetupState& setup() { return setup_; }
    void run(Command command) { commands_.add(std::move(command)); }
    PromptView& prompt_view() { return panels_.views().prompt(); }
    CandidateView& candidate_view(const session::CandidateId& id) { return panels_.view_of(id); }
    const CompareView& compare_view() { return panels_.views().compare(); }
    const std::deque<LogEntry>& log() const { return log_; }
    const std::deque<Toast>& toasts() const { return toasts_; }
    const Layout& layout() const { return panels_.layout(); }
    bool is_idle() const { return background_->is_idle(); }

private:
    // What is done once all is in a file: answers are stopped first, then the file is written, then this.
    struct Keeping {
        AfterKeeping then = AfterKeeping::quit;
        bool is_saved = false;      // as a session, else exported
        bool is_asked = false;      // the engine was asked to write, or the user where to
        bool is_discarded = false;  // nothing is written: only what runs is waited for
    };

    void wake() override { services_.wake(); }  // of the engine

    // What has happened (app_news.cpp)
    void take_news();
    void take_event(const engine::Event& event);
    void note(LogEntry::Level level, std::string text, std::string server = {}, std::string label = {}, int round = 0);
    void complain(const std::string& text);  // in the log and as a notice
    void toast(std::string text, bool is_error = false, std::filesystem::path folder = {});
    void after_export(const std::filesystem::path& path);
    void update_title();
    void go_on_when_kept();
    bool is_at_work() const;  // answers run or wait, in a pause too

    // What is drawn (app.cpp)
    void check_draft();

    // What was asked for (app_commands.cpp)
    void carry_out(const FrameView& frame);
    void carry_out(Command& command, const FrameView& frame);
    void apply_setup(bool is_saved);
    void configure_engine();  // by the draft's candidates and what is in force else
    void open_any(const std::filesystem::path& path);
    void open_json(const std::filesystem::path& path);
    void open_prompts(const std::filesystem::path& path);
    void open_session(const std::filesystem::path& path);
    void read_session(const std::filesystem::path& path);
    // `journal`: the crash journal that it comes from, where it is in no file.
    void take_session(session::Session session, const std::filesystem::path& path,
                      const engine::OldJournal& journal = {});
    void look_for_lost_sessions();  // this and the next three: app_recovery.cpp
    void recover_session(const std::filesystem::path& journal);
    void read_journal(const std::filesystem::path& journal);
    void discard_journal(const std::filesystem::path& journal);
    void open_suite(const std::filesystem::path& path);  // this and the next eight: app_judging.cpp
    void open_suite_text(std::string text);
    void save_suite(SaveSuite wanted);
    void save_suite_at(const std::filesystem::path& path);
    void take_suite_read(Result<suite::Suite> suite, const std::filesystem::path& path);
    void start_suite();
    void open_other_session(const std::filesystem::path& path, FileKind kind);
    void set_blind(bool is_on);
    void run_in_background(InBackground command);
    void open_system_prompt(const std::filesystem::path& path);
    // By a dialog, or a typed path where there is none. `start`: a folder, or the file that is proposed.
    void choose_file(FileKind kind, bool saves, const std::filesystem::path& start);
    void use_chosen(FileKind kind, bool saves, const std::filesystem::path& path);
    void save_session(bool asks_where);
    void ask_or_do(AfterKeeping what);
    void keep(Keeping keeping);
    void do_after_keeping(AfterKeeping what);
    void refresh_preview(report::Format format);
    void discover();
    void start_demo_servers(demo::Fault fault);
    void stop_demo_servers();
    void take_dialog();
    void take_modal(const ModalAnswer& answer);
    WindowState state_to_remember(bool has_layout = true) const;
    void remember();

    AppServices services_;
    AppOptions options_;
    std::shared_ptr<const base::Clock> clock_;
    Theme theme_;
    Fonts fonts_;
    bool has_fonts_ = false;  // and the plots' context

    SetupState setup_;
    WindowState state_;
    Panels panels_;
    std::deque<LogEntry> log_;
    std::deque<Toast> toasts_;
    ReportPreview preview_;
    engine::Preflight preflight_;
    std::uint64_t preflight_revision_ = ~std::uint64_t{0}, status_revision_ = ~std::uint64_t{0};
    std::vector<session::Candidate> checked_candidates_;  // what preflight_ is about
    session::Settings checked_settings_;
    std::string status_;  // of the menu bar
    std::uint64_t revision_ = 0;
    Commands commands_;

    Modals modals_;
    std::optional<FileKind> dialog_for_;
    bool dialog_saves_ = false;
    std::optional<Keeping> keeping_;
    std::filesystem::path session_path_;  // where the session is saved
    std::filesystem::path saving_to_;     // where it is being saved
    struct WantedSession {
        std::filesystem::path path;
        bool is_journal = false;
    };
    WantedSession wanted_session_;            // to be opened after keeping
    std::optional<StartSuite> wanted_suite_;  // to be started after keeping
    std::optional<SaveSuite> unsaved_suite_;  // while it is asked where
    bool quits_ = false;
    bool is_ended_by_system_ = false;
    bool wants_attention_ = false;
    bool wants_preview_ = false;  // after an export
    std::string title_ = "LLM Compare";
    base::TimePoint run_started_{};
    std::optional<bool> wants_apply_;  // once what was applied before is in force; whether it is saved, too
    std::uint64_t marks_ = 0;          // posted

    std::optional<demo::DemoServers> demo_;
    std::unique_ptr<FileDialog> dialog_;
    const engine::Snapshot* snapshot_ = nullptr;  // what is
    const engine::Snapshot* shown_ = nullptr;     // what is shown of it
    Blind blind_;
    std::unique_ptr<engine::Engine> engine_;
    std::optional<Background> background_;  // its jobs use the engine
};

}  // namespace llmc::gui
