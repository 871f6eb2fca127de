#include "check/stream_judge.h"

#include <algorithm>
#include <utility>

#include "check_groups.h"
#include "text_watch.h"

namespace llmc::check {
namespace {

session::CheckResult failed(const Check& check, std::string detail) {
    return {.type = std::string(check.kind->name), .passed = false, .detail = std::move(detail)};
}

}  // namespace

std::optional<session::CheckResult> judge_wait(const Check& check, double waited_s, bool is_over) {
    if (!check.kind->judge_wait) return std::nullopt;
    auto fault = check.kind->judge_wait(check, waited_s, is_over);
    if (!fault) return std::nullopt;
    return failed(check, *std::move(fault));
}

std::vector<Break> judge_steps(const std::vector<Check>& checks, const session::Answer& so_far) {
    std::vector<Break> breaks;
    for (std::size_t i = 0; i < checks.size(); ++i) {
        const Check& check = checks[i];
        if (!check.kind->judges_steps_so_far) continue;
        const Subject subject(check, so_far, nullptr);
        auto fault = subject.missing ? std::nullopt : check.kind->judge(check, subject);
        if (fault)
            breaks.push_back({.check = i, .stops = check.stop_on_break, .result = failed(check, *std::move(fault))});
    }
    return breaks;
}

StreamJudge::StreamJudge(std::shared_ptr<const std::vector<Check>> checks) : checks_(std::move(checks)) {
    for (const Check& check : *checks_) watches_.push_back(check.kind->watch ? check.kind->watch(check) : nullptr);
}

StreamJudge::StreamJudge(StreamJudge&& other) noexcept = default;
StreamJudge& StreamJudge::operator=(StreamJudge&& other) noexcept = default;
StreamJudge::~StreamJudge() = default;

bool StreamJudge::is_idle() const {
    return std::none_of(checks_->begin(), checks_->end(),
                        [](const Check& check) { return check.kind->watch || check.kind->judge_numbers; });
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

void StreamJudge::update(const metrics::AnswerMetrics& metrics) {
    for (std::size_t i = 0; i < checks_->size(); ++i) {
        const Check& check = (*checks_)[i];
        if (!check.kind->judge_numbers || std::ranges::find(breaks_, i, &Break::check) != breaks_.end()) continue;
        if (auto fault = check.kind->judge_numbers(check, metrics)) note(i, failed(check, *std::move(fault)));
    }
}

const Break* StreamJudge::stop() const {
    const auto found = std::find_if(breaks_.begin(), breaks_.end(), [](const Break& known) { return known.stops; });
    return found == breaks_.end() ? nullptr : &*found;
}

}  // namespace llmc::check
