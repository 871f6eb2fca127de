#include "check/stream_judge.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "text_watch.h"

namespace llmc::check {
namespace {

using metrics::AnswerMetrics;
using metrics::ModelWarmth;

// Why the numbers break a check for good; empty where they do not, or may still change.
std::string broken_by(const Check& check, const AnswerMetrics& metrics) {
    if (check.type == CheckType::max_ttft_s) {
        // A load of the model that comes to be known later shortens the time of a cold one.
        const bool is_exact = metrics.model_warmth && *metrics.model_warmth != ModelWarmth::cold;
        if (is_exact && metrics.time_to_first_token_s && *metrics.time_to_first_token_s > check.limit)
            return fmt::format("the first token came after {:.3f} s, and at most {} s are allowed",
                               *metrics.time_to_first_token_s, check.limit);
    }
    if (check.type == CheckType::max_reasoning_tokens) {
        const bool is_exact = metrics.reasoning_tokens && !metrics.reasoning_tokens_estimated;
        if (is_exact && static_cast<double>(*metrics.reasoning_tokens) > check.limit)
            return fmt::format("has more than {} reasoning tokens", check.limit);
    }
    return {};
}

}  // namespace

bool can_break_early(CheckType type) {
    return type == CheckType::not_contains || type == CheckType::not_regex || type == CheckType::max_words ||
           type == CheckType::max_chars || type == CheckType::json || type == CheckType::json_schema ||
           type == CheckType::max_ttft_s || type == CheckType::max_reasoning_tokens;
}

StreamJudge::StreamJudge(std::shared_ptr<const std::vector<Check>> checks) : checks_(std::move(checks)) {
    for (const Check& check : *checks_) watches_.push_back(make_watch(check));
}

StreamJudge::StreamJudge(StreamJudge&& other) noexcept = default;
StreamJudge& StreamJudge::operator=(StreamJudge&& other) noexcept = default;
StreamJudge::~StreamJudge() = default;

bool StreamJudge::is_idle() const {
    return std::none_of(checks_->begin(), checks_->end(),
                        [](const Check& check) { return can_break_early(check.type); });
}

void StreamJudge::note(std::size_t check, session::CheckResult result) {
    breaks_.push_back({.check = check, .stops = (*checks_)[check].stop_on_break, .result = std::move(result)});
}

void StreamJudge::update(std::string_view text) {
    for (std::size_t i = 0; i < watches_.size(); ++i) {
        if (!watches_[i]) continue;
        auto broken = watches_[i]->update(text);
        if (!broken) continue;
        watches_[i].reset();
        note(i, *std::move(broken));
    }
}

void StreamJudge::update(const AnswerMetrics& metrics) {
    for (std::size_t i = 0; i < checks_->size(); ++i) {
        const Check& check = (*checks_)[i];
        std::string why = broken_by(check, metrics);
        const auto is_this = [&](const Break& known) { return known.check == i; };
        if (why.empty() || std::any_of(breaks_.begin(), breaks_.end(), is_this)) continue;
        note(i, {.type = std::string(check_type_name(check.type)), .passed = false, .detail = std::move(why)});
    }
}

const Break* StreamJudge::stop() const {
    const auto found = std::find_if(breaks_.begin(), breaks_.end(), [](const Break& known) { return known.stops; });
    return found == breaks_.end() ? nullptr : &*found;
}

}  // namespace llmc::check
