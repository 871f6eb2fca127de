#include "gui/conversation/turn.h"

#include <algorithm>

#include <fmt/format.h>

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

const session::Answer* find_attempt(const session::Round& round, const session::CandidateId& candidate, int attempt) {
    for (const auto* answers : {&round.answers, &round.replaced})
        for (const session::Answer& answer : *answers)
            if (answer.candidate == candidate && answer.attempt == attempt) return &answer;
    return nullptr;
}

std::size_t longest_run(std::string_view text, char wanted) {
    std::size_t longest = 0, run = 0;
    for (const char c : text) longest = std::max(longest, run = c == wanted ? run + 1 : 0);
    return longest;
}

std::string tools_text(const session::Answer& answer) {
    std::string text;
    for (const openai::ToolCall& call : answer.tool_calls) {
        if (!text.empty()) text += '\n';
        // A code box: the name in its head, the arguments as they came.
        std::string name;
        for (const char c : call.name)
            if (c != '`' && static_cast<unsigned char>(c) > ' ') name += c;
        const std::string fence(std::max<std::size_t>(longest_run(call.arguments, '`') + 1, 3), '`');
        text += fmt::format("{}{}\n{}\n{}\n", fence, name, call.arguments, fence);
    }
    return text;
}

}  // namespace

void Turn::sync(std::shared_ptr<const session::Round> round, const TurnContext& context) {
    round_ = std::move(round);
    answer_ = find_attempt(*round_, candidate_, attempt_);
    is_earlier_ = round_->find(candidate_) != answer_;
    is_first_ = context.is_first;
    if (answer_->stream != stream_) {  // its text begins anew
        stream_ = answer_->stream;
        for (const Part part : {Part::reasoning, Part::answer}) {
            document(part) = text::Document{};
            side_scroll(part).clear();
            find(part).set_pattern(nullptr);
            taken_[static_cast<std::size_t>(part)] = 0;
        }
        was_final_ = false;
        rating_edit = {};
    }
    documents_[0].update(source(Part::prompt), true);
    describe(context);
    is_done_ = false;
}

void Turn::describe(const TurnContext& context) {
    const session::Answer& answer = *answer_;
    if (is_earlier_) {
        caption_ = earlier_text(answer);
    } else {
        caption_ = fmt::format("round {}", answer.round);
        if (answer.attempt > 1) caption_ += fmt::format(" · attempt {}", answer.attempt);
        if (session::is_final(answer.state) && answer.metrics.end_to_end_latency_s)
            caption_ += " · " + seconds_text(*answer.metrics.end_to_end_latency_s);
    }
    status_ = status_text(answer, context);
    notes_text_ = notes_text(*round_, answer);
    failure_message_ = answer.failure ? answer.failure->message : std::string();
    if (failure_message_.empty() && session::is_failure(answer.state))
        failure_message_ = std::string(words_of(answer.state));
    if (context.can_retry && !context.refused_retry.empty())
        failure_message_ += fmt::format("\nThe retry did not start: {}.", context.refused_retry);
    tools_text_ = tools_text(answer);
    can_retry_ = context.can_retry;
    can_forget_ = context.can_forget;
    // These are short and change as a whole.
    const auto renew = [](text::Document& document, text::TextMode mode, std::string_view text) {
        document = text::Document{mode};
        document.update(text, true);
    };
    renew(notes_, text::TextMode::plain, notes_text_);
    renew(failure_, text::TextMode::plain, failure_message_);
    renew(tools_, text::TextMode::markdown, tools_text_);
}

std::string_view Turn::source(Part part) const {
    switch (part) {
        case Part::prompt: return is_first_ ? std::string_view(round_->prompt) : std::string_view();
        case Part::reasoning: return answer_->reasoning();
        case Part::answer: return answer_->text();
    }
    return {};
}

bool Turn::is_shown(Part part) const {
    switch (part) {
        case Part::prompt: return is_first_;
        case Part::reasoning: return !is_folded() && is_reasoning_open && has_reasoning();
        case Part::answer: return !is_folded();
    }
    return false;
}

void Turn::show(Part part) {
    if (part != Part::prompt) is_open = true;
    if (part == Part::reasoning) is_reasoning_open = true;
}

bool Turn::pull() {
    const bool is_final = session::is_final(answer_->state);
    bool has_grown = is_final && !was_final_;
    for (const Part part : {Part::reasoning, Part::answer}) {
        const std::string_view text = source(part);
        std::size_t& taken = taken_[static_cast<std::size_t>(part)];
        if (text.size() == taken && !has_grown) continue;
        has_grown = true;
        taken = text.size();
        document(part).update(text, is_final);
    }
    was_final_ = is_final;
    if (has_grown) is_done_ = false;
    return has_grown;
}

// What the candidate thought and said, and what went wrong, from `y`; gives where it ends.
template <class Take>
double Turn::lay_out_said(double y, float width, const Theme& theme, const Take& take) {
    const float edge = theme.px(13), pad = theme.px(9);
    const float label = theme.px(20);
    place_.thought = y;
    if (has_reasoning()) y += theme.px(22);
    place_.text[1] = y;
    if (is_shown(Part::reasoning)) y += take(documents_[1], y, width - theme.px(14)) + theme.px(8);
    place_.text[2] = y;
    const bool has_text = !source(Part::answer).empty();
    if (has_text) y += take(documents_[2], y, width);
    place_.status = y;
    if (!has_text && !status_.empty()) y += theme.prose_line;
    place_.tools = y + theme.px(8) + label;  // "tool call" stands above
    if (has_tools()) y = place_.tools + take(tools_, place_.tools, width) + theme.px(8);
    place_.notes = y + theme.px(6);
    if (has_notes()) y = place_.notes + take(notes_, place_.notes, width - theme.px(18));
    place_.failure = y + theme.px(10);
    if (has_failure()) {
        place_.failure_text = place_.failure + pad + label + theme.px(2);
        y = place_.failure_text + take(failure_, place_.failure_text, width - edge - theme.px(10));
        place_.failure_actions = y + theme.px(6);
        if (can_retry_) y = place_.failure_actions + theme.px(22);
        y += pad;
        place_.failure_end = y;
        y += theme.px(4);
    }
    return y;
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
    indent_ = is_earlier_ ? theme.px(14) : 0;
    text_x_ = {theme.px(13), indent_ + theme.px(14), indent_};
    const float edge = theme.px(13), pad = theme.px(9);
    const float label = theme.px(20);

    place_.prompt_box = place_.prompt_box_end = 0;
    if (is_first_) {
        place_.prompt_box = theme.px(10);
        place_.text[0] = place_.prompt_box + pad + label;
        y = place_.text[0] + take(documents_[0], place_.text[0], width - edge - theme.px(10)) + pad;
        place_.prompt_box_end = y;
        y += theme.px(12);
    }
    if (!is_first_ && !is_earlier_) y = theme.px(8);  // below the lines of earlier attempts
    place_.label = y;
    y += label + theme.px(2);
    if (!is_folded()) y = lay_out_said(y, width - indent_, theme, take);
    place_.rating = y + theme.px(4);
    place_.end = is_earlier_ ? y + theme.px(is_open ? 8 : 2) : place_.rating + rating_row_height(theme) + theme.px(6);
    return moved_top;
}

std::string_view Turn::thought(std::array<char, 96>& buffer) const {
    const metrics::AnswerMetrics& metrics =
        session::is_final(answer_->state) ? answer_->metrics : stream_->live().metrics;
    auto out = buffer.begin();
    const std::size_t room = buffer.size();
    const bool is_over = session::is_final(answer_->state) || metrics.time_to_first_output_s.has_value();
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
