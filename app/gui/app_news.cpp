// What has happened since the last frame: the engine's events, jobs that ended, dialogs that were closed.
#include <algorithm>

#include <fmt/format.h>

#include "gui/app.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

using engine::Activity;
using engine::Event;

constexpr std::size_t kMaxLog = 5000;
constexpr base::Duration kToastLasts = std::chrono::seconds{7};
constexpr base::Duration kLongRun = std::chrono::seconds{20};  // after which its end asks for attention

}  // namespace

void App::take_news() {
    background_->finish();
    take_dialog();
    engine_->look();
    // Events first: what they tell is in the snapshot that is read after them.
    std::vector<Event> events;
    while (auto event = engine_->next_event()) events.push_back(std::move(*event));
    const bool was_busy = is_streaming();
    const engine::Snapshot* newest = &engine_->snapshot();
    if (newest != snapshot_) {
        snapshot_ = shown_ = newest;
        ++revision_;
        if (!was_busy && is_streaming()) run_started_ = clock_->now();
        follow_candidates(setup_, *snapshot_);
        if (wants_apply_ && !setup_.posted) apply_setup(*std::exchange(wants_apply_, std::nullopt));
        update_title();
        if (blind_.is_on()) shown_ = &blind_.mask(*snapshot_);
    }
    if (blind_.is_on()) blind_.pull();
    for (const Event& event : events) take_event(event);
    go_on_when_kept();
}

void App::take_event(const Event& event) {
    using Level = LogEntry::Level;
    switch (event.kind) {
        case Event::Kind::session: note(Level::info, "The session starts."); break;
        case Event::Kind::round: note(Level::info, "The round starts.", {}, {}, event.round); break;
        case Event::Kind::state: {
            if (!event.answer) break;
            const session::Answer& answer = *event.answer;
            const bool is_bad = session::is_failure(answer.state);
            const Level level = is_bad                                              ? Level::error
                                : answer.state == session::AnswerState::interrupted ? Level::warning
                                                                                    : Level::info;
            note(level, answer.failure ? answer.failure->message : std::string(words_of(answer.state)), event.server,
                 event.label, event.round);
            break;
        }
        case Event::Kind::anew: break;  // seen in the candidate's window
        case Event::Kind::warning: note(Level::warning, event.text, event.server, event.label, event.round); break;
        case Event::Kind::server: note(Level::info, event.text, event.server); break;
        case Event::Kind::refused: complain(event.text); break;
        case Event::Kind::halt:
            note(Level::error, event.text);
            wants_attention_ = true;
            break;
        case Event::Kind::report:
            note(Level::info, "Written: " + event.path);
            if (!saving_to_.empty() && event.path == saving_to_.string()) {
                session_path_ = std::exchange(saving_to_, {});
                update_title();
            }
            after_export(event.path);
            break;
        case Event::Kind::unwritten:
            complain(event.text);
            saving_to_.clear();
            if (is_ended_by_system_) quits_ = true;  // said on the terminal too; there is nobody to ask
            keeping_.reset();                        // what was to be kept is not: nothing is given up
            break;
        case Event::Kind::error:
            note(Level::error, event.text, event.server);
            toast(event.text, true);
            break;
        case Event::Kind::done:
            note(Level::info, "All rounds are done.");
            if (clock_->now() - run_started_ > kLongRun) wants_attention_ = true;
            break;
    }
}

void App::note(LogEntry::Level level, std::string text, std::string server, std::string label, int round) {
    log_.push_back({clock_->wall(), level, std::move(server), std::move(label), round, std::move(text)});
    if (blind_.is_on()) blind_.note(log_.back());
    if (log_.size() > kMaxLog) log_.pop_front();
}

void App::complain(const std::string& text) {
    note(LogEntry::Level::error, text);
    toast(text, true);
}

void App::toast(std::string text, bool is_error, std::filesystem::path folder) {
    if (blind_.is_on()) text = blind_.hide(text);
    // Several files of one export are one notice.
    if (!folder.empty() && !toasts_.empty() && toasts_.back().folder == folder &&
        toasts_.back().until > clock_->now() + kToastLasts - std::chrono::milliseconds{500})
        toasts_.back().text += "\n" + text;
    else
        toasts_.push_back({std::move(text), is_error, std::move(folder), {}});
    toasts_.back().until = clock_->now() + kToastLasts * (is_error ? 2 : 1);
    while (toasts_.size() > 4) toasts_.pop_front();
}

void App::after_export(const std::filesystem::path& path) {
    toast("Written: " + path.filename().string(), false, path.parent_path());
    const std::string name = path.filename().string();
    if (name.ends_with(".llmc.json")) return;
    const bool is_halt = snapshot_->activity == Activity::halted;
    // The preview opens after an export; on a halt behind what is being looked at.
    const report::Format first = report::usual_formats().front();
    if (name.ends_with(std::string(".") + first->extension)) refresh_preview(first);
    if (!is_ended_by_system_) panels_.add(Panel::report_preview, is_halt);
}

void App::update_title() {
    std::string title = "LLM Compare";
    if (!session_path_.empty()) title = session_path_.filename().string() + " – " + title;
    const engine::Snapshot& now = *snapshot_;
    if (now.activity == Activity::halted) title = "halted – " + title;
    if (now.activity == Activity::running && now.rounds_total > 0) title = progress_of(now).words + " – " + title;
    title_ = blind_.is_on() ? blind_.hide(title) : std::move(title);
}

// Stops what runs, writes the file, then does what waited for that.
void App::go_on_when_kept() {
    if (!keeping_ || is_at_work()) return;
    if (snapshot_->is_kept || keeping_->is_discarded) {
        do_after_keeping(std::exchange(keeping_, std::nullopt)->then);
    } else if (!std::exchange(keeping_->is_asked, true)) {
        if (keeping_->is_saved)
            save_session(false);
        else
            engine_->post(engine::Export{report::usual_formats(), setup_.in_force.report_folder});
    }
}

bool App::is_at_work() const {
    return is_streaming() || engine::has_open_answers(*snapshot_);
}

bool App::is_streaming() const {
    return engine::is_busy(snapshot_->activity);
}

}  // namespace llmc::gui
