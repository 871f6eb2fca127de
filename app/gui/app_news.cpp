// What has happened since the last frame: the engine's events, jobs that ended, dialogs that were closed.
#include <fmt/format.h>

#include "gui/app.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

using engine::Activity;
using engine::Event;

constexpr base::Duration kLongRun = std::chrono::seconds{20};  // after which its end asks for attention

// What a judge or a probe has to say: a notice passes, the log keeps it.
void tell(Notices& notices, const std::string& text, bool is_error) {
    if (is_error) return notices.complain(text);
    notices.note(LogEntry::Level::info, text);
    notices.toast(text);
}

}  // namespace

void App::take_news() {
    background_->finish();
    for (const Probing::Told& told : probing_->pull()) tell(notices_, told.text, told.is_error);
    take_judging();
    files_.take_dialog();
    engine_->look();
    // Events first: what they tell is in the snapshot that is read after them.
    std::vector<Event> events;
    while (auto event = engine_->next_event()) events.push_back(std::move(*event));
    const bool was_at_rest = snapshot_->activity == Activity::idle || snapshot_->activity == Activity::halted;
    const engine::Snapshot* newest = &engine_->snapshot();
    if (newest != snapshot_) {
        snapshot_ = shown_ = newest;
        ++revision_;
        if (was_at_rest && is_streaming()) run_started_ = clock_->now();
        setup_.follow();
        update_title();
        if (blind_.is_on()) shown_ = &blind_.mask(*snapshot_);
    }
    if (blind_.is_on()) blind_.pull();
    for (const Event& event : events) take_event(event);
    keeping_.go_on(*snapshot_);
}

void App::take_judging() {
    Judging::News news = judging_->pull(*snapshot_);
    for (const Judging::Told& told : news.told) tell(notices_, told.text, told.is_error);
    if (news.judge) engine_->post(engine::KeepJudge{news.session_id, *std::move(news.judge)});
}

void App::take_event(const Event& event) {
    using Level = LogEntry::Level;
    switch (event.kind) {
        case Event::Kind::session: notices_.note(Level::info, "The session starts."); break;
        case Event::Kind::round: notices_.note(Level::info, "The round starts.", {}, {}, event.round); break;
        case Event::Kind::state: {
            if (!event.answer) break;
            const session::Answer& answer = *event.answer;
            const bool is_bad = session::is_failure(answer.state);
            const Level level = is_bad                                              ? Level::error
                                : answer.state == session::AnswerState::interrupted ? Level::warning
                                                                                    : Level::info;
            notices_.note(level, answer.failure ? answer.failure->message : std::string(words_of(answer.state)),
                          event.server, event.label, event.round);
            break;
        }
        case Event::Kind::step:
        case Event::Kind::anew: break;  // seen in the candidate's window
        case Event::Kind::warning:
            notices_.note(Level::warning, event.text, event.server, event.label, event.round);
            break;
        case Event::Kind::server: notices_.note(Level::info, event.text, event.server); break;
        case Event::Kind::refused: notices_.complain(event.text); break;
        case Event::Kind::halt:
            notices_.note(Level::error, event.text);
            wants_attention_ = true;
            break;
        case Event::Kind::report:
            notices_.note(Level::info, "Written: " + event.path);
            if (keeping_.written(event.path)) remember_session(event.path);
            if (snapshot_->is_kept) history_.kept();
            update_title();
            show_export(event.path);
            break;
        case Event::Kind::unwritten:
            notices_.complain(event.text);
            if (is_ended_by_system_) quits_ = true;  // said on the terminal too; there is nobody to ask
            keeping_.unwritten();
            break;
        case Event::Kind::error:
            notices_.note(Level::error, event.text, event.server);
            notices_.toast(event.text, true);
            break;
        case Event::Kind::done:
            notices_.note(Level::info, "All rounds are done.");
            if (clock_->now() - run_started_ > kLongRun) wants_attention_ = true;
            break;
    }
}

void App::show_export(const std::filesystem::path& path) {
    notices_.written(path);
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
    if (!keeping_.shown().empty()) title = keeping_.shown().filename().string() + " – " + title;
    const engine::Snapshot& now = *snapshot_;
    if (now.activity == Activity::running && now.rounds_total > 0)
        title = engine::words(engine::progress_of(now)) + " – " + title;
    else if (now.activity == Activity::halted || now.activity == Activity::paused)
        title = fmt::format("{} – {}", engine::activity_name(now.activity), title);
    title_ = blind_.is_on() ? blind_.hide(title) : std::move(title);
}

bool App::is_streaming() const {
    return engine::is_busy(snapshot_->activity);
}

}  // namespace llmc::gui
