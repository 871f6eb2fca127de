#include "check/stream_judge.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "text_watch.h"

namespace llmc::check {
namespace {

using metrics::AnswerMetrics;

// Whether there are more reasoning tokens than allowed, whatever comes. An estimate may take long words for several
// tokens, but hardly any server sends a token in several chunks: where both say so, it is so.
bool has_too_much_reasoning(const Check& check, const AnswerMetrics& metrics) {
    if (!metrics.reasoning_tokens) return false;
    std::int64_t tokens = *metrics.reasoning_tokens;
    if (metrics.reasoning_tokens_estimated)
        tokens = metrics.time_to_first_output_s ? 0 : std::min(tokens, metrics.chunks);
    return static_cast<double>(tokens) > check.limit;
}

}  // namespace

bool can_break_early(CheckType type) {
    return type == CheckType::not_contains || type == CheckType::not_regex || type == CheckType::max_words ||
           type == CheckType::max_chars || type == CheckType::json || type == CheckType::json_schema ||
           type == CheckType::max_ttft_s || type == CheckType::max_reasoning_tokens;
}

std::optional<session::CheckResult> judge_wait(const Check& check, double waited_s, bool is_over) {
    if (check.type != CheckType::max_ttft_s || waited_s <= check.limit) return std::nullopt;
    return session::CheckResult{
        .type = std::string(check_type_name(check.type)),
        .passed = false,
        .detail = fmt::format("{} {:.3f} s, and at most {} s are allowed",
                              is_over ? "the first token came after" : "no token came in", waited_s, check.limit)};
}

StreamJudge::StreamJudge(std::shared_ptr<const std::vector<Check>> checks) : checks_(std::move(checks)) {
    for (const Check& check : *checks_) watches_.push_back(make_watch(check));
}

StreamJudge::StreamJudge(StreamJudge&& other) noexcept = default;
StreamJudge& StreamJudge::operator=(StreamJudge&& other) noexcept = default;
StreamJudge::~StreamJudge() = default;

bool StreamJudge::is_idle() const {
    return std::none_of(checks_->begin(), checks_->end(), [](const Check& check) {
        return can_break_early(check.type) && check.type != CheckType::max_ttft_s;
    });
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
        if (check.type != CheckType::max_reasoning_tokens || !has_too_much_reasoning(check, metrics)) continue;
        if (std::ranges::find(breaks_, i, &Break::check) != breaks_.end()) continue;
        note(i, {.type = std::string(check_type_name(check.type)),
                 .passed = false,
                 .detail = fmt::format("has more than {} reasoning tokens", check.limit)});
    }
}

const Break* StreamJudge::stop() const {
    const auto found = std::find_if(breaks_.begin(), breaks_.end(), [](const Break& known) { return known.stops; });
    return found == breaks_.end() ? nullptr : &*found;
}

}  // namespace llmc::check
