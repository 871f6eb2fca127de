// `run`: sends the prompts, shows what happens, writes the reports.
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/event_writer.h"
#include "cli/found_servers.h"
#include "cli/judging.h"
#include "cli/platform.h"
#include "cli/progress.h"
#include "cli/resume.h"
#include "cli/setup.h"

namespace llmc::cli {
namespace {

using namespace std::chrono_literals;
using engine::Event;

constexpr base::Duration kRedrawEvery = 100ms;  // product.md section 10: at most 10 times a second
constexpr base::Duration kEventsEvery = 20ms;   // several tokens of one answer go into one line of events

// As a shell takes it for one word.
std::string shell_word(const std::string& text) {
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+=:,@%";
    if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
    std::string word = "'";
    for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return word + "'";
}

// Events are added to a file: that may be none that this run reads. The option of the one it is, or nothing.
std::string_view input_that_is(const std::filesystem::path& events, const Options& options) {
    const std::filesystem::path config =
        options.config.value_or(config::folders(config::system_environment()).config / "config.json");
    const std::pair<std::string_view, std::optional<std::filesystem::path>> inputs[] = {
        {"--resume", options.resume},
        {"--config", config},
        {"--suite", options.suite},
        {"--prompts", options.prompt_file},
        {"--system-prompt", options.system_prompt_file}};
    for (const auto& [option, path] : inputs) {
        std::error_code ignored;
        if (path && std::filesystem::equivalent(*path, events, ignored)) return option;
    }
    return {};
}

class Run {
public:
    Run(const Options& options, Terminal& terminal) : options_(options), terminal_(terminal), engine_(wakeups_) {}

    int run() {
        const int status = prepare() ? follow() : status_;
        if (events_) {
            events_->end(clock_.wall(), status);
            complain_about_events();
        }
        return status;
    }

private:
    // An answer that is being followed: how much of it was passed on.
    struct Followed {
        session::Answer answer;
        std::string label;
        std::size_t text = 0, reasoning = 0;
        bool is_anew = false;  // what was passed on is to be forgotten
    };

    bool refuse(int status, std::string_view text) {
        status_ = status;
        terminal_.complain(text);
        return false;
    }

    // A suite that cannot be asked for so is what was typed, no server's fault.
    int refused_status() {
        const auto& findings = engine_.snapshot().preflight.findings;
        const bool has_other = std::ranges::any_of(findings, [](const engine::Finding& one) {
            return one.weight == engine::Finding::Weight::error && one.kind != engine::Finding::Kind::form_fault;
        });
        return has_other ? kNoServer : kUsage;
    }

    // Everything that can be wrong before anything is sent.
    bool prepare() {
        auto setup = make_setup(options_, config::system_environment());
        if (!setup) return refuse(kUsage, setup.error().message);
        std::optional<session::Session> resumed;
        if (options_.resume) {
            auto session = resume_session(options_, *setup);
            if (!session) return refuse(kUsage, session.error().message);
            resumed = std::move(*session);
        } else if (setup->prompts.empty() && !setup->suite)
            return refuse(kUsage, "There is no prompt. Give one with --prompt TEXT or --prompts FILE.");
        if (options_.events) {
            if (const auto option = input_that_is(*options_.events, options_); !option.empty())
                return refuse(kUsage, fmt::format("--events: {} is the file of {}; name another one",
                                                  options_.events->string(), option));
            auto file = base::OutputFile::open(*options_.events);
            if (!file) return refuse(kUsage, "--events: " + file.error().message);
            events_.emplace(std::move(file).value());
        }
        if (auto writable = base::ensure_writable_folder(setup->configure.report_folder); !writable)
            return refuse(kUsage, fmt::format("The reports could not be written: {}", writable.error().message));
        for (const std::string& note : setup->notes) terminal_.complain(note);

        discover_servers(engine_, setup->configure);
        if (setup->configure.servers.empty()) return refuse(kNoServer, kNoServerWords);
        if (setup->candidates.empty()) return list_models(setup->configure);
        folder_ = setup->configure.report_folder;
        judging_ = {std::move(setup->judges), setup->configure.servers, setup->configure.settings};
        halt_formats_ = setup->configure.halt_formats;
        const std::vector<session::Candidate> before =
            resumed ? resumed->candidates : std::vector<session::Candidate>();
        const bool is_resumed = resumed.has_value();
        if (is_resumed) engine_.post(engine::Open{.session = std::move(*resumed), .journal = {}});
        engine_.post(setup->configure);
        engine_.post(candidate_changes(before, setup->candidates));
        if (is_resumed)
            engine_.post(engine::Retry{});
        else if (setup->suite)
            engine_.post(engine::RunSuite{std::move(*setup->suite), setup->repeat});
        else
            engine_.post(engine::Send{std::move(setup->prompts)});
        begun_ = clock_.now();
        return true;
    }

    // Without a model: what there is to choose from.
    bool list_models(const engine::Configure& configure) {
        engine_.post(configure);
        const auto servers = wait_for_manifests(engine_, [this] {
            wakeups_.wait(1s);
            return wakeups_.interruptions() == 0;
        });
        const bool any =
            std::any_of(servers.begin(), servers.end(), [](const auto& status) { return status.is_reachable(); });
        refuse(any ? kUsage : kNoServer, "No model is chosen. Choose with --model ID; the servers have:");
        for (const std::string& line : describe(servers)) terminal_.complain("  " + line);
        return false;
    }

    // The main loop: until the session is over and its reports are written.
    int follow() {
        bool has_stopped = false;
        const base::Duration look_every = events_ ? kEventsEvery : kRedrawEvery;
        while (!is_over_) {
            wakeups_.wait(terminal_.is_live() ? 500ms : 10s);  // the live display has a clock
            // What came too soon after the last look waits; until look() nothing but a signal ends this wait.
            if (const auto early = last_look_ + look_every - clock_.now(); early > 0ns) wakeups_.wait(early);
            if (wakeups_.interruptions() > 0 && !has_stopped) {
                has_stopped = true;
                if (wakeups_.is_terminated()) engine_.keep_journal();
                engine_.post(engine::StopNow{});
            }
            engine_.look();
            last_look_ = clock_.now();
            (void)engine_.snapshot();  // the one that was read last holds its rounds
            while (auto event = engine_.next_event()) take(*event);
            if (events_)
                for (auto& [key, followed] : running_)
                    if (followed.answer.state == session::AnswerState::streaming) pass_on(followed, clock_.wall());
            if (terminal_.is_live() && (last_look_ >= last_draw_ + kRedrawEvery || is_over_)) draw(engine_.snapshot());
        }
        terminal_.keep_drawing();
        if (status_ != kOk) return status_;
        if (has_stopped) return kInterrupted;
        if (has_failed_checks_) return kChecksFailed;
        return has_failures_ ? kHalted : judge_status_;
    }

    void take(const Event& event) {
        if (event.kind == Event::Kind::state || event.kind == Event::Kind::step || event.kind == Event::Kind::anew)
            follow_answer(event);
        if (events_) events_->write(event);
        complain_about_events();
        switch (event.kind) {
            case Event::Kind::session:
                has_begun_ = true;
                say_what_servers_tell();
                break;
            case Event::Kind::round:
                if (rounds_seen_++ == 0) begun_ = clock_.now();
                break;
            case Event::Kind::state:
                if (session::is_final(event.answer->state)) end_answer(event);
                break;
            case Event::Kind::step:
            case Event::Kind::anew: break;
            case Event::Kind::warning:
                terminal_.complain(event.label.empty() ? "warning: " + event.text
                                                       : fmt::format("warning: {}: {}", event.label, event.text));
                break;
            case Event::Kind::server:
                break;  // in the event stream and the log; what matters of it is in preflight's words
            case Event::Kind::refused:
                for (const std::string& reason : engine_.snapshot().preflight.texts(engine::Finding::Weight::error))
                    terminal_.complain(reason);
                status_ = refused_status();
                is_over_ = true;
                break;
            case Event::Kind::halt:
                terminal_.complain(fmt::format("halted: {}", event.text));
                is_halted_ = true;
                status_ = kHalted;
                break;
            case Event::Kind::report:
                ++reports_;
                if (std::filesystem::path(event.path).extension() == ".json") json_report_ = event.path;
                if (is_halted_)
                    terminal_.complain(
                        fmt::format("report {}", event.path));  // a halt names the files written, also when quiet
                else
                    terminal_.say(fmt::format("report {}", event.path));
                if (is_exporting_ && reports_ == formats_.size()) is_over_ = true;
                break;
            case Event::Kind::error: terminal_.complain(event.text); break;
            case Event::Kind::unwritten:
                terminal_.complain(event.text);
                if ((is_exporting_ || is_halted_) && engine_.keep_journal())
                    terminal_.complain("What was said stays in the crash journal: llm-compare recover writes it out.");
                if (is_exporting_) {
                    if (status_ == kOk) status_ = kUsage;
                    is_over_ = true;
                }
                break;
            case Event::Kind::done: finish(); break;
        }
    }

    // Nothing runs any more.
    void finish() {
        if (is_halted_ || !has_begun_) {
            is_over_ = true;
            if (is_halted_ && !json_report_.empty())
                terminal_.complain("To go on: llm-compare run --resume " + shell_word(json_report_));
            if (status_ == kOk) status_ = wakeups_.interruptions() > 0 ? kInterrupted : kOk;
            return;
        }
        say_results();
        if (wakeups_.interruptions() == 0) have_judged();
        is_exporting_ = true;
        // What was interrupted is to be gone on with: as after a halt.
        formats_ = wakeups_.interruptions() > 0 ? halt_formats_ : options_.formats;
        engine_.post(engine::Export{formats_, folder_});
    }

    // Nothing is asked of candidates any more: judges may have the servers.
    void have_judged() {
        const session::Session session = engine_.snapshot().session;
        Judged judged = judge(session, judging_, wakeups_, terminal_);
        judge_status_ = judged.status;
        for (session::Judge& one : judged.judges) engine_.post(engine::KeepJudge{session.id, std::move(one)});
    }

    void follow_answer(const Event& event) {
        Followed& followed = running_[{event.candidate, event.round}];
        if (followed.answer.stream != event.answer->stream) {
            followed.is_anew = event.kind == Event::Kind::anew && followed.text + followed.reasoning > 0;
            followed.text = 0;
            // Where the done tool says the text, the reasoning before it was passed on with its step.
            const bool ends_steps = session::is_final(event.answer->state) && !event.answer->steps.empty();
            followed.reasoning = ends_steps ? event.answer->reasoning().size() : 0;
        }
        followed.answer = *event.answer;
        followed.label = event.label;
        // All text comes before the state that ends it.
        const bool ends = session::is_final(event.answer->state) || event.kind == Event::Kind::step;
        if (ends && events_) pass_on(followed, event.time);
    }

    void end_answer(const Event& event) {
        has_failures_ = has_failures_ || session::is_failure(event.answer->state);
        const session::Round& round = *engine_.snapshot().session.rounds[static_cast<std::size_t>(event.round) - 1];
        if (round.severity == session::Severity::critical)
            has_failed_checks_ =
                has_failed_checks_ || !std::ranges::all_of(event.answer->checks, &session::CheckResult::passed);
        shown_[event.candidate] = {event.label, event.answer->state, event.server, event.answer->metrics, {}};
        running_.erase({event.candidate, event.round});
        if (event.answer->failure)
            terminal_.complain(fmt::format("round {}: {}: {}: {}", event.round, event.label,
                                           session::answer_state_name(event.answer->state),
                                           report::failure_line(*event.answer)));
        else if (!terminal_.is_live() && options_.shows_progress)
            terminal_.say(plain_line(*event.answer, event.label));
    }

    void pass_on(Followed& followed, base::WallTime time) {
        const std::string_view text = followed.answer.text().substr(followed.text);
        const std::string_view reasoning = followed.answer.reasoning().substr(followed.reasoning);
        if (text.empty() && reasoning.empty()) return;
        followed.text += text.size();
        followed.reasoning += reasoning.size();
        events_->text(followed.answer, followed.label, time, text, reasoning, std::exchange(followed.is_anew, false));
    }

    void draw(const engine::Snapshot& snapshot) {
        last_draw_ = last_look_;
        if (!has_begun_) return;
        for (auto& [key, followed] : running_) {
            const session::AnswerLive& live = followed.answer.stream->live();
            shown_[key.first] = {followed.label, followed.answer.state, followed.answer.server, live.metrics,
                                 followed.answer.step_now};
        }
        std::vector<CandidateProgress> candidates;
        for (const session::Candidate& candidate : snapshot.session.candidates)
            if (const auto shown = shown_.find(candidate.id); shown != shown_.end())
                candidates.push_back(shown->second);
        const RunProgress run{.progress = engine::progress_of(snapshot),
                              .elapsed_s = base::seconds(last_look_ - begun_),
                              .activity = snapshot.activity};
        terminal_.draw(live_lines(run, candidates, terminal_.columns() - 1, terminal_.rows()));
    }

    void say_what_servers_tell() {
        for (const std::string& note : engine_.snapshot().preflight.texts(engine::Finding::Weight::note))
            terminal_.say(note);
    }

    // A suite's outcome, a line per candidate.
    void say_results() {
        const session::Session& session = engine_.snapshot().session;
        if (!session.suite) return;
        for (const std::string& line : result_lines(session)) terminal_.say(line);
    }

    void complain_about_events() {
        if (!events_) return;
        if (const auto error = events_->take_error())
            terminal_.complain(fmt::format("--events: {}. The session goes on without events.", error->message));
    }

    const Options& options_;
    Terminal& terminal_;
    base::SystemClock clock_;
    Wakeups wakeups_;
    engine::Engine engine_;
    std::optional<EventWriter> events_;
    Judging judging_;
    std::filesystem::path folder_;
    std::vector<report::Format> formats_, halt_formats_;  // of reports: those being written; those after a halt
    std::string json_report_;                             // the path of the newest
    std::map<std::pair<session::CandidateId, int>, Followed> running_;
    std::map<session::CandidateId, CandidateProgress> shown_;
    base::TimePoint begun_{}, last_draw_{}, last_look_{};
    std::size_t reports_ = 0;
    int rounds_seen_ = 0;
    int status_ = kOk, judge_status_ = kOk;
    bool has_begun_ = false, is_halted_ = false, is_exporting_ = false, is_over_ = false, has_failures_ = false,
         has_failed_checks_ = false;
};

}  // namespace

int run_command(const Options& options, Terminal& terminal) {
    return Run(options, terminal).run();
}

}  // namespace llmc::cli
