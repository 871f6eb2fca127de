// Carries out what panels, menus and keys have asked for.
#include <algorithm>

#include <fmt/format.h>

#include "gui/app.h"
#include "gui/panels/compare_panel.h"
#include "gui/panels/configuration_panel.h"
#include "report/session_file.h"

namespace llmc::gui {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

bool is_web_link(std::string_view url) {
    return url.starts_with("http://") || url.starts_with("https://") || url.starts_with("mailto:");
}

}  // namespace

void App::carry_out(const FrameView& frame) {
    for (Command& command : commands_.take()) carry_out(command, frame);
}

void App::carry_out(Command& command, const FrameView&) {
    std::visit(Overloaded{
                   [this](ToEngine& c) {
                       if (blind_.is_on()) blind_.translate(c.command);
                       if (const auto* send = std::get_if<engine::Send>(&c.command))
                           for (const std::string& prompt : send->prompts) state_.remember_prompt(prompt);
                       engine_->post(std::move(c.command));
                   },
                   [this](ApplySetup&) { apply_setup(true); },
                   [this](RevertSetup&) { setup_.revert(); },
                   [this](AddCandidate&) {
                       panels_.show(Panel::configuration);
                       open_model_picker(panels_.views().configuration());
                   },
                   [this](ChooseFile& c) { choose_file(c.kind, false, setup_.in_force.report_folder); },
                   [this](OpenFile& c) {
                       switch (c.kind) {
                           case FileKind::prompts: open_prompts(c.path); break;
                           case FileKind::session: open_session(c.path); break;
                           case FileKind::system_prompt: open_system_prompt(c.path); break;
                           case FileKind::suite: open_suite(c.path); break;
                           case FileKind::evidence:
                           case FileKind::other_session: open_other_session(c.path, c.kind); break;
                       }
                   },
                   [this](ExportReports& c) {
                       engine_->post(engine::Export{std::move(c.formats), setup_.in_force.report_folder});
                   },
                   [this](SaveSession& c) { save_session(c.asks_where); },
                   [this](SaveSessionAs& c) {
                       saving_to_ = c.path;
                       engine_->post(engine::Save{saving_to_});
                   },
                   [this](ClearSession&) { ask_or_do(AfterKeeping::clear); },
                   [this](OpenLink& c) {
                       if (is_web_link(c.url)) modals_.ask_about_link(std::move(c.url));
                   },
                   [this](OpenFolder& c) {
                       if (const auto opened = services_.open_folder(c.folder); !opened)
                           toast(opened.error().message, true);
                   },
                   [this](StartDemoServers& c) { start_demo_servers(c.fault); },
                   [this](StopDemoServers&) { stop_demo_servers(); },
                   [this](Discover&) { discover(); },
                   [this](ShowPanel& c) {
                       if (!c.is_shown) return panels_.hide(c.panel);
                       panels_.show(c.panel);
                       if (c.panel == Panel::prompt) panels_.views().prompt().wants_focus = true;
                   },
                   [this](ShowCandidate& c) { panels_.show_candidate(c.candidate, c.is_shown); },
                   [this](FindInFocused&) { panels_.find_in_focused(shown_->session); },
                   [this](Arrange& c) { panels_.arrange(c.arrangement); },
                   [this](ResetLayout&) { panels_.reset(); },
                   [this](SetTheme& c) {
                       state_.theme = c.kind;
                       remember();
                   },
                   [this](SetTextSize& c) {
                       state_.text_size = std::clamp(c.factor, kMinTextSize, kMaxTextSize);
                       remember();
                   },
                   [this](SetEnterSends& c) {
                       state_.enter_sends = c.is_on;
                       remember();
                   },
                   [this](RefreshPreview& c) { refresh_preview(c.format); },
                   [this](CopyText& c) {
                       ImGui::SetClipboardText(c.text.c_str());
                       toast(fmt::format("Copied: {}.", c.what));
                   },
                   [this](Notify& c) { toast(std::move(c.text), c.is_error, std::move(c.folder)); },
                   [this](StartSuite& c) {
                       wanted_suite_ = std::move(c);
                       ask_or_do(AfterKeeping::suite);
                   },
                   [this](SaveSuite& c) { save_suite(std::move(c)); },
                   [this](OpenSuiteText& c) { open_suite_text(std::move(c.text)); },
                   [this](SetBlind& c) { set_blind(c.is_on); },
                   [this](InBackground& c) { run_in_background(std::move(c)); },
                   [this](CompareAnswers& c) {
                       compare_answers(panels_.views().compare(), c);
                       panels_.show(Panel::compare);
                   },
                   [this](Quit&) { ask_or_do(AfterKeeping::quit); },
               },
               command);
}

// --- The configuration

void App::apply_setup(bool is_saved) {
    if (!setup_.is_changed()) return;
    if (setup_.posted) {
        wants_apply_ = is_saved;
        return;
    }
    const config::Config before = setup_.in_force;
    setup_.in_force = setup_.draft;
    setup_.in_force.candidates = before.candidates;
    configure_engine();
    if (!is_saved || !setup_.trouble.empty()) {
        setup_.is_saved = false;
        return;
    }
    setup_.is_saved = false;  // until it is
    background_->run([this, before, now = setup_.draft, path = setup_.path, folders = options_.folders] {
        const auto stored = store_setup(before, now, path, folders);
        return Background::Finish([this, failure = stored ? std::string() : stored.error().message] {
            setup_.is_saved = failure.empty();
            if (failure.empty()) {
                setup_.origin = "config.json";
            } else {
                complain(failure);
            }
        });
    });
}

void App::configure_engine() {
    engine::Configure configure;
    configure.servers = setup_.in_force.servers;
    configure.settings = setup_.in_force.settings;
    configure.report_folder = setup_.in_force.report_folder;
    if (setup_.in_force.journal) configure.journal_folder = options_.folders.state;
    if (setup_.draft.candidates == setup_.in_force.candidates || setup_.posted)
        return engine_->post(std::move(configure));
    std::vector<engine::Command> commands = candidate_commands(setup_.in_force.candidates, setup_.draft.candidates);
    commands.insert(commands.begin(), std::move(configure));
    commands.emplace_back(engine::Mark{++marks_});
    note_posted(setup_, snapshot_->session, marks_);
    engine_->post(std::move(commands));
}

void App::discover() {
    if (setup_.is_discovering) return;
    setup_.is_discovering = true;
    background_->run([this, ports = options_.discovery_ports] {
        auto found = config::discover(engine_->http(), ports);
        return Background::Finish([this, found = std::move(found)]() mutable {
            setup_.is_discovering = false;
            setup_.discovered = std::move(found);
        });
    });
}

void App::start_demo_servers(demo::Fault fault) {
    if (demo_) return;
    auto started = demo::DemoServers::start({.fault = fault});
    if (!started) {
        toast(started.error().message, true);
        return;
    }
    demo_.emplace(std::move(started).value());
    setup_.runs_demo_servers = true;
    for (std::size_t i = 0; i < demo_->servers().size(); ++i)
        if (auto url = net::BaseUrl::parse(demo_->servers()[i].url))
            setup_.draft.servers.push_back({.url = std::move(url).value(), .name = fmt::format("demo-{}", i + 1)});
    if (setup_.draft.candidates.empty())
        for (const char* model : {"demo-fast", "demo-thinker", "demo-fragile"}) (void)setup_.new_candidate(model);
    setup_.origin = "demo servers";
    apply_setup(false);  // gone with the program: not into the file
    panels_.views().prompt().wants_focus = true;
}

void App::stop_demo_servers() {
    if (!demo_) return;
    std::erase_if(setup_.draft.servers, [this](const session::Server& server) {
        return std::any_of(demo_->servers().begin(), demo_->servers().end(),
                           [&](const auto& entry) { return session::names_server(entry.url, server); });
    });
    setup_.runs_demo_servers = false;
    apply_setup(false);
    background_->run([servers = std::make_shared<demo::DemoServers>(std::move(*demo_))] {
        servers->stop();
        return Background::Finish([] {});
    });
    demo_.reset();
}

// --- Keeping, and what waits for it

void App::save_session(bool asks_where) {
    if (!session_path_.empty() && !asks_where) {
        engine_->post(engine::Save{session_path_});
        return;
    }
    const std::filesystem::path proposed =
        setup_.in_force.report_folder / fmt::format("llm_compare_{}.llmc.json", base::file_stamp(clock_->wall()));
    choose_file(FileKind::session, true, proposed);
}

void App::ask_or_do(AfterKeeping what) {
    if (snapshot_->is_kept && !is_at_work())
        do_after_keeping(what);
    else
        modals_.ask_to_keep(what, is_at_work());
}

void App::do_after_keeping(AfterKeeping what) {
    switch (what) {
        case AfterKeeping::quit: quits_ = true; break;
        case AfterKeeping::clear:
            engine_->post(engine::Clear{});
            session_path_.clear();
            break;
        case AfterKeeping::suite: start_suite(); break;
        case AfterKeeping::open: {
            const WantedSession wanted = std::exchange(wanted_session_, {});
            if (wanted.is_journal)
                read_journal(wanted.path);
            else
                read_session(wanted.path);
        }
    }
}

bool App::on_close(bool is_forced) {
    if (!is_forced) {
        ask_or_do(AfterKeeping::quit);
        return false;
    }
    // The system ends the program, and nobody can be asked: what was said stays in the crash journal, which is offered
    // at the next start. Without one it goes into reports.
    if ((snapshot_->is_kept && !is_at_work()) || engine_->keep_journal()) return quits_ = true;
    if (is_ended_by_system_) return false;
    is_ended_by_system_ = true;
    keep({.then = AfterKeeping::quit});
    return false;
}

void App::keep(Keeping keeping) {
    keeping_ = keeping;
    if (is_at_work()) engine_->post(engine::StopNow{});
}

void App::take_modal(const ModalAnswer& answer) {
    using Kind = ModalAnswer::Kind;
    switch (answer.kind) {
        case Kind::save: keep({.then = answer.after, .is_saved = true}); break;
        case Kind::export_reports: keep({.then = answer.after}); break;
        case Kind::discard:
            if (is_at_work() && answer.after != AfterKeeping::quit)
                keep({.then = answer.after, .is_discarded = true});
            else
                do_after_keeping(answer.after);
            break;
        case Kind::recover: recover_session(answer.text); break;
        case Kind::discard_journal: discard_journal(answer.text); break;
        case Kind::cancel:
            keeping_.reset();  // where to save was asked for it
            break;
        case Kind::open_link:
            if (const auto opened = services_.open_link(answer.text); !opened) toast(opened.error().message, true);
            break;
        case Kind::copy_link:
            ImGui::SetClipboardText(answer.text.c_str());
            toast("Copied: link.");
            break;
        case Kind::path: {
            const auto path = config::expand_home(answer.text, config::system_environment());
            use_chosen(answer.file, answer.saves, path);
        }
    }
}

WindowState App::state_to_remember(bool has_layout) const {
    WindowState state = state_;
    panels_.remember(state);
    if (services_.place)
        if (const auto place = services_.place()) state.place = place;
    if (has_layout) {
        std::size_t size = 0;
        const char* text = ImGui::SaveIniSettingsToMemory(&size);
        state.layout.assign(text, size);
    }
    return state;
}

void App::remember() {
    if (!options_.remembers) return;
    background_->run([this, path = window_state_path(options_.folders.state), state = state_to_remember()] {
        const auto saved = save_window_state(path, state);
        return Background::Finish([this, failure = saved ? std::string() : saved.error().message] {
            if (!failure.empty()) note(LogEntry::Level::warning, failure);
        });
    });
}

}  // namespace llmc::gui
