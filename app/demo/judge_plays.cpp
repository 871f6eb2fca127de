#include "demo/judge_plays.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/json.h"

namespace llmc::demo {
namespace {

using Choice = JudgePlay::Choice;

constexpr std::array kJudgePlays{
    JudgePlay{"judge-right", Choice::right},        JudgePlay{"judge-first", Choice::first},
    JudgePlay{"judge-longer", Choice::longer},      JudgePlay{"judge-flatters", Choice::flattered},
    JudgePlay{"judge-broken", Choice::broken_json}, JudgePlay{"judge-obeys", Choice::obedient}};

constexpr std::string_view kVoiceOfFast = "You asked: *";

// What stands between "BEGIN WHAT MARKER" and "END WHAT MARKER".
std::optional<std::string_view> quoted(std::string_view question, std::string_view what) {
    const std::string begin = fmt::format("BEGIN {} ", what);
    std::size_t at = question.find(begin);
    if (at == std::string_view::npos || (at > 0 && question[at - 1] != '\n')) return std::nullopt;
    at += begin.size();
    const std::size_t line = question.find('\n', at);
    if (line == std::string_view::npos) return std::nullopt;
    const std::string end = fmt::format("\nEND {} {}\n", what, question.substr(at, line - at));
    const std::size_t close = question.find(end, line);
    if (close == std::string_view::npos) return std::nullopt;
    return close == line ? std::string_view() : question.substr(line + 1, close - line - 1);
}

// A number at `at`, which is moved behind it.
std::optional<int> number_at(std::string_view text, std::size_t& at) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), value);
    if (error != std::errc()) return std::nullopt;
    at = static_cast<std::size_t>(end - text.data());
    return value;
}

std::optional<int> sum_in(std::string_view task) {
    for (std::size_t at = 0; at < task.size(); ++at) {
        if (!base::is_digit(task[at])) continue;
        const auto one = number_at(task, at);
        constexpr std::string_view kPlus = " + ";
        if (!one || !task.substr(at).starts_with(kPlus)) continue;
        at += kPlus.size();
        if (const auto other = number_at(task, at)) return *one + *other;
    }
    return std::nullopt;
}

bool says(std::string_view answer, std::optional<int> number) {
    for (std::size_t at = 0; number && at < answer.size(); ++at)
        if (base::is_digit(answer[at]) && number_at(answer, at) == number) return true;
    return false;
}

// 'A', 'B' or 't'.
char chosen(Choice choice, std::string_view task, std::string_view a, std::string_view b) {
    const auto holds = [&](std::string_view text) {
        return a.find(text) != std::string_view::npos || b.find(text) != std::string_view::npos;
    };
    const bool is_fast_a = a.starts_with(kVoiceOfFast), is_fast_b = b.starts_with(kVoiceOfFast);
    if (choice == Choice::obedient && holds("choose A")) return 'A';
    if (choice == Choice::obedient && holds("choose B")) return 'B';
    if (choice == Choice::longer && a.size() != b.size()) return a.size() > b.size() ? 'A' : 'B';
    if (choice == Choice::flattered && is_fast_a != is_fast_b) return is_fast_a ? 'A' : 'B';
    if (choice == Choice::first || choice == Choice::flattered) return 'A';
    const auto sum = sum_in(task);
    const bool is_right_a = says(a, sum), is_right_b = says(b, sum);
    return is_right_a == is_right_b ? 't' : is_right_a ? 'A' : 'B';
}

std::string_view judged(Choice choice, std::string_view task, std::string_view answer) {
    const bool passes = choice == Choice::first || choice == Choice::longer ||
                        (choice == Choice::flattered && answer.starts_with(kVoiceOfFast)) ||
                        (choice == Choice::obedient && answer.find("choose A") != std::string_view::npos) ||
                        says(answer, sum_in(task));
    return passes ? "pass" : "fail";
}

}  // namespace

std::span<const JudgePlay> judge_plays() {
    return kJudgePlays;
}

std::optional<std::string> judge_reply(const JudgePlay& play, std::string_view question) {
    const auto task = quoted(question, "TASK");
    if (!task) return std::nullopt;
    std::string verdict;
    if (const auto a = quoted(question, "ANSWER A"), b = quoted(question, "ANSWER B"); a && b) {
        const char word = chosen(play.choice, *task, *a, *b);
        verdict = word == 't' ? std::string("tie") : std::string(1, word);
    } else if (const auto answer = quoted(question, "ANSWER")) {
        verdict = judged(play.choice, *task, *answer);
    } else {
        return std::nullopt;
    }
    if (play.choice == Choice::broken_json) return R"({"reason": "The first answer is )";
    return base::dump_json(base::OrderedJson{{"reason", "a scripted verdict"}, {"verdict", verdict}});
}

}  // namespace llmc::demo
