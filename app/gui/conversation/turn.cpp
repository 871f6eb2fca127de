#include "gui/conversation/turn.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gui/step_words.h"
#include "gui/widgets.h"
#include "metrics/words.h"
#include "session/failure_title.h"

namespace llmc::gui {
namespace {

using session::AnswerState;

std::string status_text(const session::Answer& answer, const TurnContext& context) {
    const std::string where = answer.server.empty() ? "" : " on " + answer.server;
    switch (answer.state) {
        case AnswerState::queued:
            if (!answer.server.empty()) return fmt::format("Connecting to {}", answer.server);
            return context.is_paused ? "Waits until the session goes on." : "Waits for a free server.";
        case AnswerState::loading: {
            std::string model = context.model;
            if (!answer.served.quantization.empty()) model += fmt::format(" ({})", answer.served.quantization);
            return fmt::format("{} is being loaded{}", model, where);
        }
        case AnswerState::processing:
            return answer.server.empty() ? "The prompt is sent." : fmt::format("{} reads the prompt", answer.server);
        default: return {};
    }
}

std::string notes_text(const session::Round& round, const session::Answer& answer) {
    std::string text;
    const auto add = [&text](std::string_view line) {
        if (!text.empty()) text += '\n';
        text += line;
    };
    for (const std::string& warning : answer.warnings) add(warning);
    const std::string_view kept =
        answer.text().empty() && answer.reasoning().empty() ? "" : " The text so far is kept.";
    if (answer.state == AnswerState::interrupted) {
        // After a crash nothing has failed, and a warning says why.
        const auto is_failure = [](const session::Answer& other) { return session::is_failure(other.state); };
        const bool has_failure =
            std::ranges::any_of(round.answers, is_failure) || std::ranges::any_of(round.replaced, is_failure);
        const bool is_halt = has_failure || answer.warnings.empty();
        add(fmt::format("{}{}", is_halt ? "Interrupted because another answer failed." : "Interrupted.", kept));
    }
    if (answer.state == AnswerState::stopped) add(fmt::format("Stopped.{}", kept));
    return text;
}

// "attempt 1 · 27 tokens · cut off"
std::string earlier_text(const session::Answer& answer) {
    std::string text = fmt::format("attempt {}", answer.attempt);
    const std::int64_t tokens = answer.metrics.output_tokens.value_or(0);
    if (tokens > 0)
        text += fmt::format(" · {} token{}", metrics::count_text(tokens, answer.metrics.tokens_estimated),
                            tokens == 1 ? "" : "s");
    return text + " · " + session::outcome_words(answer);
}

// "ended by cycle after 9 steps", "asked in the form prompt", "resumed at step 4"; all in one line.
std::string ending_text(const session::Answer& answer) {
    std::string text;
    const std::string steps = counted(answer.steps.size(), "step", "steps");
    if (answer.ended_by)
        text = fmt::format("ended by {} after {}", words_of(*answer.ended_by), steps);
    else if (session::is_final(answer.state) && !answer.steps.empty())
        text = fmt::format("{} after {}", words_of(answer.state), steps);
    if (answer.form && answer.form->name != session::kUsualForm)
        text += fmt::format("{}asked in the form {}", text.empty() ? "" : " · ", answer.form->name);
    if (answer.resumed_at) text += fmt::format("{}resumed at step {}", text.empty() ? "" : " · ", *answer.resumed_at);
    return text;
}

}  // namespace

int steps_shown(const session::Answer& answer) {
    if (answer.steps.empty()) return answer.step_now.index > 0 ? 1 : 0;
    const auto ended = static_cast<int>(answer.steps.size());
    if (!session::is_final(answer.state)) return ended + 1;
    // Of a step that did not end, after a crash, the text is there. The done tool's text is no step of its own.
    const session::Step& last = *answer.steps.back();
    const bool is_said = answer.ended_by || (answer.text().empty() && answer.reasoning().empty()) ||
                         (answer.text() == last.text && answer.reasoning() == last.reasoning);
    return is_said ? ended : ended + 1;
}

std::shared_ptr<const session::Round> Attempt::show(std::shared_ptr<const session::Round> now,
                                                    const session::Answer& its) {
    const bool was_earlier = std::exchange(is_earlier, now->find(its.candidate) != &its);
    if (was_earlier != is_earlier) settled = 1;
    answer = &its;
    return std::exchange(round, std::move(now));
}

Passage& Turn::passage(Part part) {
    const auto index = static_cast<std::size_t>(part);
    return index < kSaidParts ? said_[index] : *calls_[index - kSaidParts];
}

const CallPassage* Turn::call(Part part) const {
    return part < Part::first_call ? nullptr : calls_[static_cast<std::size_t>(part) - kSaidParts].get();
}

void Turn::toggle(CallPassage& call) {
    call.is_open = !call.is_open;
    is_done_ = false;
}

void Turn::put(Passage& passage, std::string_view text, bool is_final) {
    if (!text.starts_with(passage.document.source())) {
        passage.document = text::Document{passage.document.mode()};
        passage.side.clear();
        passage.find.set_pattern(nullptr);
    }
    passage.document.update(text, is_final);
}

// Which step it is by now: it may have ended since.
void Turn::find_step() {
    const session::Answer& answer = this->answer();
    is_last_ = step_ == steps_shown(answer);
    if (step_ > 0 && static_cast<std::size_t>(step_) <= answer.steps.size()) {
        const auto& step = answer.steps[static_cast<std::size_t>(step_) - 1];
        const bool told_end =
            std::exchange(tells_end_, is_last_ && (answer.world || answer.ended_by == session::EndedBy::done));
        if (ended_ == step && tells_end_ == told_end) return;
        const std::shared_ptr<const session::Step> before = std::exchange(ended_, step);  // texts may lie in it
        put(said_[1], ended_->reasoning, true);
        put(said_[2], ended_->text, true);
        stream_.reset();
        calls_ = call_passages(answer, ended_.get(), is_last_);
        return;
    }
    // Until the step begins, the stream is that of the one before.
    const bool is_there = step_ <= 1 || answer.state != AnswerState::queued;
    const auto& stream = is_there ? answer.stream : nullptr;
    if (stream == stream_ && !ended_) return;
    const std::shared_ptr<session::AnswerStream> before = std::exchange(stream_, stream);
    ended_.reset();
    for (const Part part : {Part::reasoning, Part::answer}) said_[static_cast<std::size_t>(part)] = Passage{};
    was_final_ = false;
    rating_edit = {};
}

void Turn::sync(const TurnContext& context) {
    is_first_ = context.is_first && is_head();
    find_step();
    put(said_[0], prompt(), true);
    if (step_ == 0 && calls_.size() != answer().tool_calls.size()) calls_ = call_passages(answer(), nullptr, true);
    describe(context);
    is_done_ = false;
}

void Turn::describe(const TurnContext& context) {
    const session::Answer& answer = this->answer();
    const bool is_final = session::is_final(answer.state);
    if (is_earlier()) {
        caption_ = earlier_text(answer);
    } else if (is_head()) {
        caption_ = fmt::format("round {}", answer.round);
        if (answer.attempt > 1) caption_ += fmt::format(" · attempt {}", answer.attempt);
        if (step_ > 0) caption_ += " · " + steps_text(answer);
        if (is_final && answer.metrics.end_to_end_latency_s)
            caption_ += " · " + seconds_text(*answer.metrics.end_to_end_latency_s);
    } else {
        caption_.clear();
    }
    step_words_ = step_ > 0 ? fmt::format("step {}", step_) : std::string();
    if (ended_ && ended_->metrics.end_to_end_latency_s)
        step_words_ += " · " + seconds_text(*ended_->metrics.end_to_end_latency_s);
    if (!is_last_) {
        status_.clear();
        notes_text_.clear();
        failure_message_.clear();
        ending_.clear();
        can_retry_ = can_forget_ = false;
        return;
    }
    ending_ = ending_text(answer);
    status_ = status_text(answer, context);
    notes_text_ = notes_text(round(), answer);
    failure_message_ = answer.failure ? answer.failure->message : std::string();
    if (failure_message_.empty() && session::is_failure(answer.state))
        failure_message_ = std::string(words_of(answer.state));
    if (context.can_retry && !context.refused_retry.empty())
        failure_message_ += fmt::format("\nThe retry did not start: {}.", context.refused_retry);
    can_retry_ = context.can_retry;
    can_forget_ = context.can_forget;
    // These are short and change as a whole.
    const auto renew = [](text::Document& document, text::TextMode mode, std::string_view text) {
        document = text::Document{mode};
        document.update(text, true);
    };
    renew(notes_, text::TextMode::plain, notes_text_);
    renew(failure_, text::TextMode::plain, failure_message_);
}

std::string_view Turn::prompt() const {
    if (is_first_) return round().prompt;
    if (ended_) return ended_->prompt;
    const session::StepNow& now = answer().step_now;
    return step_ == now.index ? std::string_view(now.prompt) : std::string_view();
}

std::string_view Turn::source(Part part) const {
    switch (part) {
        case Part::prompt: return prompt();
        case Part::reasoning: return ended_ ? ended_->reasoning : stream_ ? stream_->reasoning() : std::string_view();
        case Part::answer: return ended_ ? ended_->text : stream_ ? stream_->text() : std::string_view();
        default: return call(part)->source;
    }
}

bool Turn::is_shown(Part part) const {
    switch (part) {
        case Part::prompt: return has_prompt() && (is_first_ || !is_folded());
        case Part::reasoning: return !is_folded() && is_reasoning_open && has_reasoning();
        case Part::answer: return !is_folded();
        default: return !is_folded() && (call(part)->fold.empty() || call(part)->is_open);
    }
}

void Turn::show(Part part) {
    if (part != Part::prompt || !is_first_) is_open = true;
    if (part == Part::reasoning) is_reasoning_open = true;
    if (part >= Part::first_call) calls_[static_cast<std::size_t>(part) - kSaidParts]->is_open = true;
    is_done_ = false;
}

bool Turn::pull() {
    if (ended_) return false;
    const bool is_final = session::is_final(answer().state);
    bool has_grown = is_final && !was_final_;
    for (const Part part : {Part::reasoning, Part::answer}) {
        const std::string_view text = source(part);
        if (text.size() == document(part).source().size() && !has_grown) continue;
        has_grown = true;
        document(part).update(text, is_final);
    }
    was_final_ = is_final;
    if (has_grown) is_done_ = false;
    return has_grown;
}

// Each call and what came of it.
template <class Take>
double Turn::lay_out_calls(double y, float width, const Theme& theme, const Take& take) {
    std::size_t part = kSaidParts;
    for (const auto& call : calls_) {
        const bool is_first = part == kSaidParts && source(Part::answer).empty();
        y += theme.px(call->is_result || is_first ? 3 : 8);
        const float inset = call->is_result ? theme.px(14) : 0;
        call->x = indent_ + inset;
        call->mark_y = y;
        if (!call->mark.empty()) y += theme.px(20);
        call->fold_y = y;
        if (!call->fold.empty()) y += theme.px(20);
        call->y = y;
        if (is_shown(Part{static_cast<std::uint32_t>(part++)})) y += take(call->document, y, width - inset);
    }
    return calls_.empty() ? y : y + theme.px(4);
}

// What is said of the answer as a whole.
template <class Take>
double Turn::lay_out_end(double y, float width, const Theme& theme, const Take& take) {
    const float edge = theme.px(13), pad = theme.px(9), label = theme.px(20);
    place_.notes = y + theme.px(6);
    if (has_notes()) y = place_.notes + take(notes_, place_.notes, width - theme.px(18));
    place_.ending = y + theme.px(6);
    if (!ending_.empty()) y = place_.ending + label;
    place_.failure = y + theme.px(10);
    if (!has_failure()) return y;
    place_.failure_text = place_.failure + pad + label + theme.px(2);
    y = place_.failure_text + take(failure_, place_.failure_text, width - edge - theme.px(10));
    place_.failure_actions = y + theme.px(6);
    if (can_retry_) y = place_.failure_actions + theme.px(22);
    y += pad;
    place_.failure_end = y;
    return y + theme.px(4);
}

// What the candidate thought and said, and what went wrong, from `y`; gives where it ends.
template <class Take>
double Turn::lay_out_said(double y, float width, const Theme& theme, const Take& take) {
    place_.thought = y;
    if (has_reasoning()) y += theme.px(22);
    said_[1].y = y;
    if (is_shown(Part::reasoning)) y += take(said_[1].document, y, width - theme.px(14)) + theme.px(8);
    said_[2].y = y;
    const bool has_text = !source(Part::answer).empty();
    if (has_text) y += take(said_[2].document, y, width);
    place_.status = y;
    if (!has_text && !status_.empty()) y += theme.prose_line;
    y = lay_out_calls(y, width, theme, take);
    return is_last_ ? lay_out_end(y, width, theme, take) : y;
}

double Turn::layout(float width, double view_top, double view_height, std::size_t& budget, const Theme& theme,
                    const TextFonts& fonts) {
    is_done_ = true;
    double y = 0;
    double moved_top = view_top;
    bool is_anchored = false;
    const auto take = [&](text::Document& document, double at, float room) {
        const double local = view_top - at;
        const double begin = std::max(local, 0.0),
                     end = std::min(local + view_height, document.source().empty() ? 0.0 : 1e12);
        text::LayoutRequest request{.width = std::max(room, theme.px(60)),
                                    .view_top = begin,
                                    .view_height = std::max(end - begin, 0.0),
                                    .budget_bytes = budget};
        const text::LayoutResult result = document.layout(request, fonts, fonts.style());
        if (!result.is_done) {
            is_done_ = false;
            budget = 0;
        }
        // The first text that reaches into the view keeps its place.
        if (!is_anchored && local + view_height > 0 && local < document.height()) {
            is_anchored = true;
            moved_top = local <= 0 ? view_top : at + result.view_top;
        }
        return document.height();
    };
    indent_ = is_earlier() ? theme.px(14) : 0;
    said_[0].x = theme.px(13);
    said_[1].x = indent_ + theme.px(14);
    said_[2].x = indent_;
    const float edge = theme.px(13), pad = theme.px(9);
    const float label = theme.px(20);

    place_.prompt_box = place_.prompt_box_end = 0;
    if (is_shown(Part::prompt)) {
        place_.prompt_box = theme.px(10);
        said_[0].y = place_.prompt_box + pad + label;
        y = said_[0].y + take(said_[0].document, said_[0].y, width - edge - theme.px(10)) + pad;
        place_.prompt_box_end = y;
        y += theme.px(12);
    }
    if (is_head() && !is_first_ && !is_earlier()) y = theme.px(8);  // below the lines of earlier attempts
    place_.label = y;
    if (is_head() || !is_folded()) y += label + theme.px(2);
    if (!is_folded()) y = lay_out_said(y, width - indent_, theme, take);
    place_.rating = y + theme.px(4);
    if (is_last_ && !is_earlier())
        place_.end = place_.rating + rating_row_height(theme) + theme.px(6);
    else
        place_.end = is_folded() ? (is_head() ? y + theme.px(2) : 0) : y + theme.px(8);
    return moved_top;
}

std::string_view Turn::thought(std::array<char, 96>& buffer) const {
    const bool is_final = session::is_final(state()) || !stream_;
    const metrics::AnswerMetrics& metrics = ended_     ? ended_->metrics
                                            : is_final ? answer().metrics
                                                       : stream_->live().metrics;
    auto out = buffer.begin();
    const std::size_t room = buffer.size();
    const bool is_over = is_final || metrics.time_to_first_output_s.has_value();
    const double thinking = metrics.time_to_first_output_s.value_or(0) - metrics.time_to_first_token_s.value_or(0);
    if (is_over && thinking >= 0.05)
        out = fmt::format_to_n(buffer.begin(), room, "Thought for {:.1f} s", thinking).out;
    else
        out = fmt::format_to_n(buffer.begin(), room, "{}", is_over ? "Thought" : "Thinking").out;
    if (metrics.reasoning_tokens.value_or(0) > 0)
        out = fmt::format_to_n(out, room - static_cast<std::size_t>(out - buffer.begin()), " · {}{} tokens",
                               metrics.reasoning_tokens_estimated || metrics.tokens_estimated ? "~" : "",
                               *metrics.reasoning_tokens)
                  .out;
    return {buffer.data(), static_cast<std::size_t>(out - buffer.begin())};
}

}  // namespace llmc::gui
