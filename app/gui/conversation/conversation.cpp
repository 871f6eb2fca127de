#include "gui/conversation/conversation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr std::size_t kLayoutBudget = std::size_t{64} << 10;  // bytes of text laid out per frame beyond what is in view

bool is_running(session::AnswerState state) {
    return !session::is_final(state);
}

// It has not begun, and nothing of an earlier attempt is there to be seen.
bool only_waits(const session::Answer& answer) {
    return answer.state == session::AnswerState::queued && answer.server.empty() && answer.attempt == 1 &&
           answer.steps.empty();
}

}  // namespace

void Conversation::sync(const FrameView& frame, const session::Candidate& candidate) {
    if (frame.revision == revision_) return;
    revision_ = frame.revision;
    const session::Session& session = frame.snapshot.session;
    if (session.id != session_id_) {
        session_id_ = session.id;
        turns_.clear();
        view_.select(std::nullopt);
        found_.reset();
        follows_end_ = true;
    }
    TurnContext context{.model = candidate.model_id,
                        .is_paused = frame.snapshot.activity == engine::Activity::paused,
                        .refused_retry = engine::refused_retry(frame.snapshot)};
    waiting_ = 0;
    for (const auto& round : session.rounds)
        if (const session::Answer* answer = round->find(candidate.id)) waiting_ += only_waits(*answer) ? 1 : 0;
    const session::Answer* now = engine::answer_now(frame.snapshot, candidate.id);
    const bool is_next_shown = waiting_ == 1 && now && only_waits(*now);
    if (is_next_shown) waiting_ = 0;
    std::size_t count = 0;
    bool has_moved = false;
    for (const auto& round : session.rounds) {
        const session::Answer* answer = round->find(candidate.id);
        if (!answer || (only_waits(*answer) && !is_next_shown)) continue;
        bool is_first = true;
        for (const session::Answer& old : round->replaced) {
            if (old.candidate != candidate.id) continue;
            add_turns(round, old, {.model = candidate.model_id, .is_first = std::exchange(is_first, false)}, count,
                      has_moved);
        }
        context.can_retry = engine::can_retry(frame.snapshot, *answer);
        context.can_forget = engine::can_forget(frame.snapshot, *answer);
        context.is_first = is_first;
        add_turns(round, *answer, context, count, has_moved);
    }
    turns_.resize(count);
    if (!has_moved) return;
    view_.select(std::nullopt);
    found_.reset();
}

// An answer is a turn, or one for each of its steps.
void Conversation::add_turns(const std::shared_ptr<const session::Round>& round, const session::Answer& answer,
                             const TurnContext& context, std::size_t& count, bool& has_moved) {
    const int steps = steps_shown(answer), first = std::min(steps, 1);
    Attempt& attempt = *turn_at(count, answer, first, has_moved).attempt();
    const auto held = attempt.show(round, answer);
    attempt.settled = std::min(attempt.settled, std::max(steps - 1, 1));  // one that is the last again is not
    for (int step = first; step <= steps; ++step, ++count) {
        if (step > first && step <= attempt.settled) continue;
        Turn& turn = turn_at(count, answer, step, has_moved);
        turn.sync(context);
        if (step > 1 && turn.is_earlier()) turn.is_open = turns_[count - 1].turn->is_open;
        if (turn.is_settled() && step == attempt.settled + 1) attempt.settled = step;
    }
}

// The turn of an attempt, which stands at `index`: rounds are in order, their attempts, and the steps of these. What
// stood there before and is no longer in the session goes.
Turn& Conversation::turn_at(std::size_t index, const session::Answer& answer, int step, bool& has_moved) {
    const auto place = [](const session::Answer& one, int its_step) {
        return std::tuple(one.round, one.attempt, its_step);
    };
    const auto wanted = place(answer, step);
    const auto of = [&](const Shown& shown) { return place(shown.turn->answer(), shown.turn->step()); };
    const auto here = turns_.begin() + static_cast<std::ptrdiff_t>(index);
    const auto next = std::find_if(here, turns_.end(), [&](const Shown& shown) { return of(shown) >= wanted; });
    const bool is_there = next != turns_.end() && of(*next) == wanted;
    if (next != here || (!is_there && next != turns_.end())) has_moved = true;
    const auto at = turns_.erase(here, next);
    if (!is_there) {
        auto attempt = step > 1 ? turns_[index - 1].turn->attempt() : std::make_shared<Attempt>();
        turns_.insert(at, {std::make_unique<Turn>(std::move(attempt), step), 0});
    }
    return *turns_[index].turn;
}

void Conversation::open_attempt(const Turn& of) {
    for (const Shown& shown : turns_)
        if (shown.turn->answer().round == of.answer().round && shown.turn->answer().attempt == of.answer().attempt)
            shown.turn->is_open = of.is_open;
    needs_layout_ = true;
}

bool Conversation::pull(const FrameView& frame) {
    bool has_grown = false;
    for (Shown& shown : turns_) {
        if (shown.turn->pull()) has_grown = true;
        if (is_running(shown.turn->state()) && shown.turn->state() != session::AnswerState::streaming)
            frame.requests.at(frame.now + std::chrono::milliseconds{200});  // seconds of waiting
    }
    return has_grown;
}

// Gives the scroll at which the text in view has stayed where it is.
double Conversation::lay_out(const FrameView& frame, float width, double scroll, double view_height) {
    if (width != width_ || fonts_.generation() != generation_) {
        width_ = width;
        generation_ = fonts_.generation();
        needs_layout_ = true;
    }
    std::size_t budget = kLayoutBudget;
    double y = 0, anchored = scroll;
    bool is_anchored = false, is_done = true;
    for (Shown& shown : turns_) {
        shown.top = y;
        Turn& turn = *shown.turn;
        if (needs_layout_ || !turn.is_done()) {
            const double moved = turn.layout(width, scroll - y, view_height, budget, frame.theme, fonts_);
            if (!is_anchored && y + turn.height() > scroll) {
                is_anchored = true;
                anchored = y + moved;
            }
        }
        if (!is_anchored && y + turn.height() > scroll) is_anchored = true;
        is_done = is_done && turn.is_done();
        y += turn.height();
    }
    turns_end_ = y;
    height_ = y + frame.theme.px(16) + (waiting_ > 0 ? frame.theme.prose_line + frame.theme.px(8) : 0);
    needs_layout_ = false;
    if (!is_done) frame.requests.next_frame();
    return anchored;
}

// From the top of all turns; negative where there is no such round, or step.
double Conversation::top_of(Place place) const {
    const auto is_there = [&](const Shown& one) { return one.turn->round().number == place.round; };
    const auto first = std::ranges::find_if(turns_, is_there);
    if (first == turns_.end()) return -1;
    const auto end = std::find_if_not(first, turns_.end(), is_there);
    if (place.step > 0) {
        const auto step = std::find_if(
            first, end, [&](const Shown& one) { return one.turn->step() == place.step && !one.turn->is_earlier(); });
        return step == end ? -1 : step->top + (place.step > 1 ? step->turn->place().label : 0);
    }
    const Shown& last = *std::prev(end);
    return first->top + place.part * (last.top + last.turn->height() - first->top);
}

// Gives the scroll at which it stands at the top; the one that was where there is no such round.
double Conversation::show_wanted(const FrameView& frame, float width, double scroll, double view_height) {
    const Place wanted = std::exchange(wanted_, {});
    if (top_of(wanted) < 0) return scroll;
    needs_layout_ = true;
    lay_out(frame, width, top_of(wanted), view_height);  // what comes into view gets its true height
    follows_end_ = false;
    blank_ = std::max(top_of(wanted) - std::max(height_ - view_height, 0.0), 0.0);
    return top_of(wanted);
}

Conversation::Place Conversation::place() const {
    if (turns_.empty()) return {};
    const double scroll = view_.scroll() + 1;  // it stands on whole pixels
    const auto after = std::ranges::upper_bound(turns_, scroll, {}, &Shown::top);
    const auto shown = after == turns_.begin() ? after : std::prev(after);
    const int round = shown->turn->round().number;
    auto first = shown, last = shown;
    while (first != turns_.begin() && std::prev(first)->turn->round().number == round) --first;
    while (std::next(last) != turns_.end() && std::next(last)->turn->round().number == round) ++last;
    const double height = last->top + last->turn->height() - first->top;
    return {round, std::clamp((view_.scroll() - first->top) / std::max(height, 1.0), 0.0, 1.0)};
}

int Conversation::round_in_view() const {
    if (wanted_.round != 0) return wanted_.round;
    if (turns_.empty()) return 0;
    return follows_end_ ? turns_.back().turn->round().number : place().round;
}

void Conversation::draw(const FrameView& frame, const session::Candidate& candidate, ImVec2 view, Commands& commands) {
    const Theme& theme = frame.theme;
    fonts_.begin_frame(theme, frame.fonts);
    sync(frame, candidate);
    pull(frame);
    if (pattern_) search();

    if (view.x < 8 || view.y < 8) return ImGui::Dummy({0, 0});  // an item ends what moved the cursor here
    const float bar = ImGui::GetStyle().ScrollbarSize;          // stands in the right margin
    text_left_ = theme.px(12);
    const float width = std::max(view.x - 2 * text_left_, theme.px(80));

    const bool is_scrolled = view_.take_scroll(most_scroll_);
    was_scrolled_ = was_scrolled_ || is_scrolled;
    if (is_scrolled) follows_end_ = view_.scroll() >= most_scroll_ - 2;
    double scroll = view_.scroll();
    bool followed = follows_end_;
    scroll = lay_out(frame, width, scroll, view.y);
    if (wanted_.round != 0) {
        const double shown = show_wanted(frame, width, scroll, view.y);
        followed = followed && shown == scroll;
        scroll = shown;
    }
    const double end = std::max(height_ - view.y, 0.0);
    blank_ = followed ? 0 : std::clamp(scroll - end, 0.0, blank_);
    most_scroll_ = end + blank_;
    if (std::exchange(scrolls_to_found_, false) && found_) {
        const Shown& shown = turns_[found_->first.turn];
        const text::Rect caret = shown.turn->document(found_->first.part).caret(found_->second.begin);
        const double y = shown.top + shown.turn->text_y(found_->first.part) + caret.y;
        if (y < scroll + theme.px(30) || y > scroll + view.y - theme.px(50))
            scroll = lay_out(frame, width, std::clamp(y - view.y / 3, 0.0, most_scroll_), view.y);
    }
    scroll = followed ? most_scroll_ : std::clamp(scroll, 0.0, most_scroll_);
    view_.put(std::round(scroll));  // whole pixels: text stays sharp

    view_.begin("conversation", view, blank_ > 0 ? std::max(height_, double{view.y}) + blank_ : height_);
    const ImVec2 at = view_.at(), room{view.x - bar, view.y};
    take_mouse(frame, room.x, commands);
    draw_turns(frame, candidate, at, view_.scroll(), room, commands);
    draw_jump(frame, at, room);
    take_keys(frame, commands);
    context_menu(frame, commands);
    view_.end();
}

void Conversation::draw_turns(const FrameView& frame, const session::Candidate& candidate, ImVec2 at, double scroll,
                              ImVec2 view, Commands& commands) {
    for (std::size_t i = 0; i < turns_.size(); ++i) {
        const Shown& shown = turns_[i];
        const double top = shown.top - scroll;
        if (top >= view.y) break;
        if (top + shown.turn->height() <= 0 || shown.turn->height() <= 0) continue;
        draw_turn(frame, i, candidate, at, top, width_, view.y, commands);
    }
    const double y = turns_end_ - scroll + frame.theme.px(12);
    if (waiting_ == 0 || y >= view.y) return;
    std::array<char, 48> buffer{};
    const auto end = fmt::format_to_n(buffer.data(), buffer.size(), "{} {}", waiting_,
                                      waiting_ == 1 ? "prompt waits" : "prompts wait");
    paint_text(frame, {at.x + text_left_, static_cast<float>(at.y + y)}, {buffer.data(), end.size},
               {.size = frame.theme.text.quiet, .role = Role::weak}, width_);
}

void Conversation::draw_jump(const FrameView& frame, ImVec2 at, ImVec2 view) {
    if (follows_end_ || most_scroll_ - view_.scroll() < 4) return;
    const Theme& theme = frame.theme;
    const char* words = "Jump to end";
    const float width = measure(frame, words, {}).x + theme.px(24);
    ImGui::SetCursorScreenPos({at.x + std::floor((view.x - width) / 2), at.y + view.y - theme.px(40)});
    ImGui::PushStyleColor(ImGuiCol_Button, theme[Role::bg3]);
    if (button(frame, words, true, "End")) follows_end_ = true;
    ImGui::PopStyleColor();
}

void Conversation::take_keys(const FrameView& frame, Commands& commands) {
    // Also where the window has the focus and not this part of it, as after Ctrl+3.
    if (!ImGui::IsWindowFocused(ImGuiFocusedFlags_RootAndChildWindows) || ImGui::GetIO().WantTextInput) return;
    view_.take_keys(frame, *this, most_scroll_, commands);
    take_rating_keys(frame, commands);
}

// They are meant for the newest answer that has ended.
void Conversation::take_rating_keys(const FrameView& frame, Commands& commands) const {
    for (auto shown = turns_.rbegin(); shown != turns_.rend(); ++shown)
        if (session::is_final(shown->turn->answer().state) && !shown->turn->is_earlier())
            return gui::take_rating_keys(frame, shown->turn->answer(), commands);
}

void Conversation::context_menu(const FrameView& frame, Commands& commands) {
    if (!view_.begin_menu(frame, *this, commands)) return;
    ImGui::Separator();
    if (ImGui::MenuItem("Copy last answer", nullptr, false, !turns_.empty()))
        commands.add(CopyText{last_answer(), "answer"});
    if (ImGui::MenuItem("Copy conversation", nullptr, false, !turns_.empty()))
        commands.add(CopyText{whole_text(), "conversation"});
    ImGui::Separator();
    if (ImGui::MenuItem("Find…", "Ctrl+F")) commands.add(FindInFocused{});
    view_.end_menu();
}

}  // namespace llmc::gui
