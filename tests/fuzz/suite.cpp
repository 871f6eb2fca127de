// A suite, whole or damaged: refused with its place, or read as tasks whose checks can judge any answer, also while it
// streams: what is reported early is what is reported at the end.
//
// The bytes are a suite's JSON, then after 0x1E the text of an answer and the cells of a cases file.
#include "suite/suite.h"

#include <algorithm>
#include <string>

#include "base/utf8.h"
#include "check/stream_judge.h"
#include "suite/csv.h"
#include "targets.h"

namespace llmc::fuzz {
namespace {

constexpr std::size_t kMaxTasks = 200;  // more of the same

// A step for each line of the text, with calls whose arguments are that line.
session::Answer looped(std::string_view text) {
    constexpr int kMaxSteps = 12;
    session::Answer answer;
    for (int index = 1; index <= kMaxSteps && !text.empty(); ++index) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        session::Step step{.index = index, .turn = 1 + index / 4, .text = std::string(line)};
        for (const char* name : {"look_up", "other"})
            step.calls.push_back({.call = {"id", name, std::string(line)},
                                  .result = line.size() % 5 == 0 ? std::nullopt : std::optional<std::string>(line),
                                  .is_error = line.size() % 3 == 0,
                                  .is_valid = line.size() % 7 != 0});
        answer.steps.push_back(std::make_shared<const session::Step>(std::move(step)));
    }
    return answer;
}

// What the steps so far have broken stays broken.
void judge_loop_with(const suite::Task& task, std::string_view text) {
    session::Answer answer = looped(text);
    session::Answer so_far;
    std::vector<std::size_t> broken;
    for (const auto& step : answer.steps) {
        so_far.steps.push_back(step);
        std::vector<std::size_t> now;
        for (const check::Break& found : check::judge_steps(*task.checks, so_far)) now.push_back(found.check);
        promise(std::ranges::includes(now, broken), "what a step has broken no later one mends");
        broken = std::move(now);
    }
    answer.state = session::AnswerState::complete;
    answer.ended_by = session::EndedBy::final;
    const session::WorldFiles world = {{"./a", std::make_shared<const std::string>(text)}, {"./b/", nullptr}};
    const auto results = check::judge_answer(*task.checks, answer, &world);
    for (const session::CheckResult& result : results) {
        promise(result.passed || !result.detail.empty(), "a failed check says why");
        promise(base::is_valid_utf8(result.detail), "details are valid UTF-8");
        promise(result.detail.size() < 10'000, "details are short");
    }
    for (const std::size_t one : broken)
        promise(!results[one].passed, "what the steps have broken is broken at the end");
}

void judge_with(const suite::Task& task, std::string_view text, std::size_t step) {
    session::Answer answer;
    answer.state = session::AnswerState::complete;
    answer.finish_reason = "stop";
    answer.tool_calls = {{"id", "look_up", std::string(text.substr(0, 200))}};
    answer.stream = session::AnswerStream::holding(text, "").value();
    const auto results = check::judge_answer(*task.checks, answer);
    promise(results.size() == task.checks->size(), "every check says something");
    const auto length = static_cast<std::int64_t>(base::count_code_points(text));
    for (const session::CheckResult& result : results) {
        promise(result.passed || !result.detail.empty(), "a failed check says why");
        promise(base::is_valid_utf8(result.detail), "details are valid UTF-8");
        promise(!result.at_char || (*result.at_char >= 0 && *result.at_char <= length), "places are in the text");
    }
    check::StreamJudge watch(task.checks);
    for (std::size_t at = 0; at < text.size();) {
        at += std::max<std::size_t>(base::utf8_cut(text.substr(at), step + 3), 1);
        watch.update(text.substr(0, at));
    }
    for (const check::Break& found : watch.breaks()) {
        promise(found.check < results.size(), "a break is of a check");
        promise(!results[found.check].passed, "what is broken while it streams is broken at the end");
    }
}

}  // namespace

void suite(std::string_view bytes) {
    const std::size_t end = std::min(bytes.find('\x1e'), bytes.size());
    const std::string text = base::to_valid_utf8(bytes.substr(std::min(end + 1, bytes.size())));
    const auto rows = suite::parse_csv(text);
    promise(rows.ok() || rows.error().message.starts_with("line "), "an error in a table names its line");

    const auto json = base::parse_ordered_json(bytes.substr(0, end));
    if (!json) return;
    const auto read = suite::suite_from_json(*json);
    if (!read) {
        promise(read.error().message.starts_with("suite"), "an error names the suite");
        return;
    }
    std::size_t judged = 0;
    for (const suite::Task& task : suite::tasks(*read, 1)) {
        judge_with(task, text, 1 + text.size() / 16);
        judge_loop_with(task, text);
        if (++judged == kMaxTasks) break;
    }
    promise(suite::suite_from_json(suite::suite_run(*read, 1).source).ok(),
            "what a session holds of a suite can be read");
}

}  // namespace llmc::fuzz
