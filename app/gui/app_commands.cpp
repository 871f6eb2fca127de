// Carries out what panels, menus and keys have asked for.
#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "gui/app.h"
#include "gui/panels/compare_panel.h"
#include "gui/panels/configuration_panel.h"
#include "suite/round_conversation.h"
#include "suite/round_test.h"

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

template <class... Ts>
bool is_one_of(const engine::Command& command) {
    return (std::holds_alternative<Ts>(command) || ...);
}

// Candidates come first: a judge that runs makes way.
bool asks_for_answers(const engine::Command& command) {
    return is_one_of<engine::Send, engine::Continue, engine::Retry, engine::RetryAnswer, engine::RunAgain,
                     engine::RunMissing>(command);
}

}  // namespace

void App::carry_out(Command& command) {
    std::visit(
        Overloaded{
            [this](ToEngine& c) {
                if (blind_.is_on()) blind_.translate(c.command);
                if (asks_for_answers(c.command)) judging_->make_room(*snapshot_);
                // One that was typed: those of a file are not in the box's history.
                const auto* send = std::get_if<engine::Send>(&c.command);
                const auto& typed = panels_.views().prompt().history;
                if (send && send->prompts.size() == 1 && !typed.empty() && typed.back() == send->prompts.front())
                    history_.typed(typed.back());
                setup_.post(std::move(c.command));
            },
            [this](SaveSetup&) { setup_.save(); },
            [this](AddCandidate&) {
                panels_.show(Panel::configuration);
                open_model_picker(panels_.views().configuration());
            },
            [this](TestServer& c) { setup_.test(c.server); },
            [this](ChooseFile& c) { files_.choose(c.kind); },
            [this](OpenFile& c) {
                files_.look_for({c.path.string()},
                                [this](const auto& path, bool is_there) { history_.note(path, is_there); });
                files_.open(c.path, c.kind);
            },
            [this](ExportReports& c) { keeping_.export_reports(std::move(c.formats)); },
            [this](SaveSession& c) { keeping_.save(c.asks_where); },
            [this](SaveSessionAs& c) { keeping_.save_at(c.path); },
            [this](ClearSession&) {
                keeping_.before(AfterKeeping::clear, *snapshot_, [this] {
                    setup_.post(engine::Clear{});
                    keeping_.begun();
                    history_.session_ends();
                });
            },
            [this](OpenLink& c) {
                if (is_web_link(c.url)) modals_.ask_about_link(std::move(c.url));
            },
            [this](OpenFolder& c) {
                if (const auto opened = services_.open_path(c.folder); !opened)
                    notices_.toast(opened.error().message, true);
            },
            [this](StartDemoServers& c) {
                if (setup_.start_demo_servers(c.fault)) panels_.views().prompt().wants_focus = true;
            },
            [this](StopDemoServers&) { setup_.stop_demo_servers(); },
            [this](Discover&) { setup_.discover(options_.discovery_ports); },
            [this](ShowPanel& c) {
                if (!c.is_shown) return panels_.hide(c.panel);
                panels_.show(c.panel);
                if (c.panel == Panel::prompt) panels_.views().prompt().wants_focus = true;
            },
            [this](TogglePanel& c) { panels_.toggle(c.panel, c.by_key); },
            [this](ZoomWindow&) { panels_.zoom(); },
            [this](StepRound& c) { panels_.step_round(c.by, shown_->session); },
            [this](OpenWritten& c) {
                if (const auto opened = services_.open_path(c.file); !opened)
                    notices_.toast(opened.error().message, true);
            },
            [this](ShowCandidate& c) { panels_.show_candidate(c.candidate, c.is_shown); },
            [this](ShowRound& c) { panels_.show_round(c); },
            [this](FindInFocused&) { panels_.find_in_focused(shown_->session); },
            [this](FindInAll&) { panels_.find_in_all(shown_->session); },
            [this](EndFind&) { panels_.end_find(); },
            [this](EditText& c) { edit_target_.perform(c.edit, typed_); },
            [this](ShowPalette&) { palette_.open(); },
            [this](ChangeKeys&) {
                keyboard_.edit([this](const std::filesystem::path& file) {
                    if (const auto opened = services_.open_path(file); !opened)
                        notices_.toast(opened.error().message, true);
                });
            },
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
            [this](SetKeepsHistory& c) {
                history_.set_keeps(c.is_on);
                remember();
            },
            [this](ForgetHistory&) {
                history_.forget();
                panels_.views().prompt().history.clear();
                notices_.toast("Forgotten: prompts that were typed, and which sessions were opened.");
                remember();
            },
            [this](RefreshPreview& c) { refresh_preview(c.format); },
            [this](CopyText& c) {
                ImGui::SetClipboardText(c.text.c_str());
                notices_.toast(fmt::format("Copied: {}.", c.what));
            },
            [this](OfferSelection& c) {
                if (services_.offer_selection) services_.offer_selection(c.text);
            },
            [this](Notify& c) { notices_.toast(std::move(c.text), c.is_error, std::move(c.folder)); },
            [this](StartSuite& c) { keeping_.before(AfterKeeping::suite, *snapshot_, [this, c] { start_suite(c); }); },
            [this](SaveSuite& c) { files_.save_suite(std::move(c)); },
            [this](OpenSuiteText& c) { files_.open_suite_text(std::move(c.text)); },
            [this](MakeTest& c) { make_test(c.candidate); },
            [this](OpenConversation& c) { open_conversation(c); },
            [this](SetBlind& c) {
                // Nothing is given away where nothing was said.
                if (c.is_on || !blind_.is_on() || snapshot_->session.rounds.empty())
                    set_blind(c.is_on);
                else
                    modals_.ask_to_reveal();
            },
            [this](StartProbe& c) {
                const config::Config& now = setup_.in_force();
                probing_->start({.servers = now.servers,
                                 .candidates = std::move(c.candidates),
                                 .settings = now.settings,
                                 .options = options_.engine});
            },
            [this](StopProbe&) { probing_->stop(); },
            [this](StartJudge& c) { start_judge(c); },
            [this](StopJudge&) { judging_->stop(); },
            [this](InBackground& c) {
                background_->run([this, job = std::move(c.job)] {
                    return Background::Finish([this, finish = job()] {
                        if (finish) finish(commands_);
                    });
                });
            },
            [this](CompareAnswers& c) {
                compare_answers(panels_.views().compare(), c);
                panels_.show(Panel::compare);
            },
            [this](Quit&) { (void)on_close(false); },
        },
        command);
}

// --- Sessions

void App::on_drop(std::vector<std::filesystem::path> paths) {
    files_.open_all(paths);
}

void App::take_session(ReadSession read) {
    const session::Session& session = read.session;
    setup_.take(session, read.path.filename().string());
    const bool has_file = read.journal.path.empty();
    keeping_.opened(has_file ? read.path : std::filesystem::path(), read.is_report);
    history_.session_ends();
    if (has_file) remember_session(read.path);
    panels_.show_all_candidates();
    notices_.note(LogEntry::Level::info, fmt::format("Opened {}: {} candidates, {} rounds.", read.path.string(),
                                                     session.candidates.size(), session.rounds.size()));
    engine_->post(engine::Open{.session = std::move(read.session), .journal = std::move(read.journal)});
    setup_.configure_engine();
}

// Its settings hold from now on, as with `run --suite`.
void App::start_suite(const StartSuite& wanted) {
    setup_.put_in_force();
    setup_.take(*wanted.suite);
    keeping_.begun();
    history_.session_ends();
    setup_.configure_engine();
    judging_->make_room(*snapshot_);
    setup_.post(engine::RunSuite{*wanted.suite, wanted.repeat});
    panels_.add(Panel::suite, true);
}

void App::start_judge(const StartJudge& wanted) {
    const config::Config& now = setup_.in_force();
    const auto& judges = snapshot_->session.judges;
    const auto known = std::ranges::find(judges, wanted.known, &session::Judge::id);
    judging_->want({.servers = now.servers,
                    .judge = engine::judge_of(wanted.judge),
                    .settings = now.settings,
                    .options = options_.engine},
                   *snapshot_, known == judges.end() ? nullptr : &*known);
}

void App::make_test(const session::CandidateId& candidate) {
    const session::Session& session = snapshot_->session;
    const int last = static_cast<int>(session.rounds.size());
    const int in_view = panels_.round_in_view();
    const int number = in_view >= 1 && in_view <= last ? in_view : last;
    if (number < 1) return;
    if (!session.rounds[static_cast<std::size_t>(number) - 1]->find(candidate))
        return notices_.complain(fmt::format("{} took no part in round {}.", label_of(*snapshot_, candidate), number));
    files_.open_suite_text(base::dump_json(suite::test_of_round(session, number, candidate)));
    notices_.toast(fmt::format("Round {} as a test. Add checks to it: Edit….", number));
}

void App::open_conversation(const OpenConversation& wanted) {
    keeping_.before(AfterKeeping::open, *snapshot_, [this, wanted] {
        auto talk = suite::conversation_of(snapshot_->session, wanted.round, wanted.candidate);
        if (!talk) return notices_.complain(talk.error().message);
        setup_.take(*talk, "conversation");
        keeping_.begun();
        history_.session_ends();
        panels_.show_all_candidates();
        setup_.post(engine::Open{.session = *std::move(talk), .journal = {}, .is_of_a_file = false});
        setup_.configure_engine();
        notices_.toast(fmt::format("Round {} as a conversation: the suite's session was left.", wanted.round));
    });
}

void App::set_blind(bool is_on) {
    if (is_on == blind_.is_on()) return;
    if (is_on) {
        notices_.toasts().clear();
        blind_.begin(*snapshot_, notices_.log(), std::random_device()());
        shown_ = &blind_.mask(*snapshot_);
        panels_.add(Panel::votes, true);
        panels_.leave_what_reveals();
    } else {
        blind_.end();
        shown_ = snapshot_;
    }
    ++revision_;
    update_title();
}

void App::refresh_preview(report::Format format) {
    if (preview_.is_pending) return;
    preview_.is_pending = true;
    background_->run([this, format, session = snapshot_->session, wall = clock_->wall()] {
        auto text = std::make_shared<std::string>(report::render(format, session, wall));
        return Background::Finish([this, format, text] {
            preview_.format = format;
            preview_.text = std::move(*text);
            preview_.is_pending = false;
        });
    });
}

// --- The end

bool App::on_close(bool is_forced) {
    if (!is_forced) {
        keeping_.before(AfterKeeping::quit, *snapshot_, [this] { quits_ = true; });
        return false;
    }
    // The system ends the program, and nobody can be asked: what was said stays in the crash journal, which is offered
    // at the next start. Without one it goes into reports.
    if ((snapshot_->is_kept && !is_at_work(*snapshot_)) || engine_->keep_journal()) return quits_ = true;
    if (!std::exchange(is_ended_by_system_, true)) keeping_.export_before(*snapshot_, [this] { quits_ = true; });
    return false;
}

void App::take_modal(const ModalAnswer& answer) {
    using Kind = ModalAnswer::Kind;
    switch (answer.kind) {
        case Kind::save: keeping_.save_first(*snapshot_); break;
        case Kind::export_reports: keeping_.export_first(*snapshot_); break;
        case Kind::discard:
            history_.session_ends();
            keeping_.discard(*snapshot_);
            break;
        case Kind::recover: files_.recover(answer.text); break;
        case Kind::discard_journal: files_.discard_journal(answer.text); break;
        case Kind::cancel: keeping_.cancel(); break;  // where to save was asked for it
        case Kind::reveal: set_blind(false); break;
        case Kind::open_link:
            if (const auto opened = services_.open_link(answer.text); !opened)
                notices_.toast(opened.error().message, true);
            break;
        case Kind::copy_link:
            ImGui::SetClipboardText(answer.text.c_str());
            notices_.toast("Copied: link.");
            break;
        case Kind::path: {
            const auto path = config::expand_home(answer.text, config::system_environment());
            files_.use_chosen(answer.file, answer.saves, path);
        }
    }
}

WindowState App::state_to_remember(bool has_layout) {
    WindowState state = state_;
    panels_.remember(state);
    if (state.keeps_history) state.draft = panels_.views().prompt().unsent();
    if (services_.place)
        if (const auto place = services_.place()) state.place = place;
    if (has_layout) {
        std::size_t size = 0;
        const char* text = ImGui::SaveIniSettingsToMemory(&size);
        state.layout.assign(text, size);
    }
    return state;
}

void App::remember_session(const std::filesystem::path& path) {
    std::error_code error;
    const std::filesystem::path whole = std::filesystem::absolute(path, error);
    history_.used(error ? path : whole);
    remember();
}

void App::remember() {
    if (!options_.remembers) return;
    background_->run([this, path = window_state_path(options_.folders.state), state = state_to_remember()] {
        const auto saved = save_window_state(path, state);
        return Background::Finish([this, failure = saved ? std::string() : saved.error().message] {
            if (!failure.empty()) notices_.note(LogEntry::Level::warning, failure);
        });
    });
}

}  // namespace llmc::gui
