#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/utf8.h"
#include "base/white_space.h"
#include "check/checks.h"
#include "import_document.h"
#include "import_place.h"
#include "interop/results.h"
#include "report/session_file.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;
using session::Answer;
using session::AnswerState;

constexpr std::size_t kMaxResults = 1'000'000;
constexpr std::string_view kCallMark = "**Tool Call:**";

bool has_results(const OrderedJson& whole) {
    const auto is_list = [&](const char* key) {
        const auto found = whole.find(key);
        return found != whole.end() && found->is_array();
    };
    return is_list("tests") && is_list("models") && (is_list("results") || is_list("aggregates"));
}

// A call as it stands in a text: the mark, the name between backticks, a fence with the arguments. Takes it off the
// text; false where none is left or the next one is damaged.
bool take_call(std::string& text, std::vector<openai::ToolCall>& calls) {
    const std::size_t mark = text.find(kCallMark);
    if (mark == std::string::npos) return false;
    const std::size_t name_begin = text.find('`', mark);
    const std::size_t name_end = name_begin == std::string::npos ? name_begin : text.find('`', name_begin + 1);
    const std::size_t fence = name_end == std::string::npos ? name_end : text.find("```", name_end + 1);
    const std::size_t begin = fence == std::string::npos ? fence : text.find('\n', fence);
    const std::size_t end = begin == std::string::npos ? begin : text.find("```", begin);
    if (end == std::string::npos) return false;
    calls.push_back({.id = fmt::format("call_{}", calls.size() + 1),
                     .name = text.substr(name_begin + 1, name_end - name_begin - 1),
                     .arguments = std::string(base::trimmed(std::string_view(text).substr(begin, end - begin)))});
    text.erase(mark, end + 3 - mark);
    return true;
}

// A failure in the words of the program that had it, as one of ours.
session::Failure failure_of(const std::string& words) {
    struct Sign {
        std::string_view word;
        net::Phase phase;
        ErrorKind kind;
        int status = 0;
    };
    static constexpr std::array kSigns = {
        Sign{"context length", net::Phase::waiting, ErrorKind::context_limit, 400},
        Sign{"context size", net::Phase::waiting, ErrorKind::context_limit, 400},
        Sign{"500", net::Phase::waiting, ErrorKind::http, 500},
        Sign{"502", net::Phase::waiting, ErrorKind::http, 502},
        Sign{"503", net::Phase::waiting, ErrorKind::http, 503},
        Sign{"504", net::Phase::waiting, ErrorKind::http, 504},
        Sign{"timeout", net::Phase::waiting, ErrorKind::timeout},
        Sign{"timed out", net::Phase::waiting, ErrorKind::timeout},
        Sign{"connect", net::Phase::connect, ErrorKind::connection},
        Sign{"refused", net::Phase::connect, ErrorKind::connection},
        Sign{"unreachable", net::Phase::connect, ErrorKind::connection},
        Sign{"disconnected", net::Phase::waiting, ErrorKind::connection},
    };
    const std::string lower = base::to_lower(words);
    session::Failure failure{net::Phase::waiting, 0, ErrorKind::server_error, words};
    for (const Sign& sign : kSigns) {
        if (lower.find(sign.word) == std::string::npos) continue;
        failure.phase = sign.phase;
        failure.kind = sign.kind;
        failure.status = sign.status;
        break;
    }
    return failure;
}

// One run of a test by a model.
struct Outcome {
    std::string test, model, status, response, error, reason;
    std::optional<double> latency_s;
    int repeat = 1;
};

// Each once, in the order in which they came.
class Names {
public:
    void add(std::string name) {
        if (known_.insert(name).second) list_.push_back(std::move(name));
    }
    auto begin() const { return list_.begin(); }
    auto end() const { return list_.end(); }

private:
    std::vector<std::string> list_;
    std::set<std::string> known_;
};

class Reader {
public:
    Reader(const OrderedJson& whole, std::string file, Notes& notes)
        : whole_(whole), place_{std::move(file), {}}, notes_(notes) {}

    Result<session::Session> read(const suite::Suite* suite) {
        read_names(whole_["models"], "models", {"id", "model_id", "name"}, models_);
        read_names(whole_["tests"], "tests", {"id", "test_id", "name"}, tests_);
        if (auto done = read_outcomes(); !done) return done.error();
        const auto suite_of_names = suite ? Result<suite::Suite>(*suite) : named_suite();
        if (!suite_of_names) return suite_of_names.error();
        judges_again_ = suite != nullptr;
        build(*suite_of_names);
        return std::move(session_);
    }

private:
    void read_names(const OrderedJson& list, std::string_view key, std::initializer_list<const char*> keys,
                    Names& names) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            std::string name;
            if (list[i].is_string()) {
                name = list[i].get<std::string>();
            } else {
                Notes unheard;  // what else a test says is for who reads it as a test
                name = Members(list[i], (place_ / key)[i], unheard).text_of(keys).value_or("");
            }
            if (name.empty())
                notes_.add((place_ / key)[i], "has no name");
            else
                names.add(std::move(name));
        }
    }

    Result<void> read_outcomes() {
        for (const char* key : {"results", "aggregates"}) {
            const auto list = whole_.find(key);
            if (list == whole_.end() || !list->is_array()) continue;
            for (std::size_t i = 0; i < list->size(); ++i) read_entry((*list)[i], (place_ / key)[i]);
        }
        if (outcomes_.size() > kMaxResults)
            return Error{ErrorKind::limit, fmt::format("{}: has more than {} results", place_.file, kMaxResults)};
        if (outcomes_.empty())
            return Error{ErrorKind::parse, base::for_terminal_line(fmt::format("{}: holds no result", place_.file))};
        return {};
    }

    void read_entry(const OrderedJson& entry, const Place& place) {
        Members members(entry, place, notes_);
        Outcome outcome;
        outcome.test = members.text("test_id").value_or("");
        outcome.model = members.text("model_id").value_or("");
        if (outcome.test.empty() || outcome.model.empty()) return notes_.add(place, "names no test or no model");
        tests_.add(outcome.test);
        models_.add(outcome.model);
        if (const OrderedJson* runs = members.list("results")) {
            for (std::size_t i = 0; i < runs->size(); ++i) read_run((*runs)[i], (place / "results")[i], outcome);
            return;
        }
        read_run(entry, place, outcome);
    }

    void read_run(const OrderedJson& run, const Place& place, Outcome outcome) {
        Members members(run, place, notes_);
        outcome.status = members.text("status").value_or("");
        outcome.error = members.text("error").value_or("");
        outcome.reason = members.text("failure_reason").value_or("");
        if (const OrderedJson* response = members.find("response")) outcome.response = as_text(*response);
        if (const OrderedJson* ms = members.find("latency_ms"); ms && ms->is_number())
            outcome.latency_s = std::max(0.0, ms->get<double>() / 1000);
        outcome.repeat = ++runs_[{outcome.test, outcome.model}];
        repeats_ = std::max(repeats_, outcome.repeat);
        outcomes_.push_back(std::move(outcome));
    }

    // Of tests whose names are all that is known.
    Result<suite::Suite> named_suite() {
        OrderedJson prompts = OrderedJson::array();
        for (const std::string& test : tests_) prompts.push_back({{"id", test}, {"prompt", test}});
        notes_.add(place_, "the tests are known by name only: prompt-prix's own verdict counts as their one check");
        return suite::suite_from_json({{"format", suite::kSuiteFormat},
                                       {"version", 1},
                                       {"name", "prompt-prix results"},
                                       {"prompts", std::move(prompts)}});
    }

    void build(const suite::Suite& suite) {
        session_.settings.temperature.reset();  // the file says neither
        session_.settings.max_tokens.reset();
        session_.settings = suite::with_suite(session_.settings, suite);
        session_.suite = std::make_shared<const session::SuiteRun>(suite::suite_run(suite, repeats_));
        for (const std::string& model : models_) {
            session::Candidate& candidate = session_.candidates.emplace_back();
            candidate.id = fmt::format("c{}", session_.candidates.size());
            candidate.model_id = model;
        }
        std::set<std::string> known;
        for (const suite::Task& task : suite::tasks(suite, repeats_)) {
            known.insert(task.prompt_id);
            add_round(task);
        }
        for (const std::string& test : tests_)
            if (!known.contains(test)) notes_.add(place_, fmt::format("the test \"{}\" is not among the tests", test));
    }

    void add_round(const suite::Task& task) {
        auto round = std::make_shared<session::Round>();
        round->number = static_cast<int>(session_.rounds.size()) + 1;
        round->prompt = task.prompt;
        round->prompt_id = task.prompt_id;
        round->case_values = task.case_values;
        round->repeat = task.repeat;
        round->category = task.category;
        round->severity = task.severity;
        for (const session::Candidate& candidate : session_.candidates)
            if (const Outcome* outcome = find(task, candidate.model_id))
                if (auto answer = answer_of(*outcome, task, candidate, round->number))
                    round->answers.push_back(*std::move(answer));
        if (!round->answers.empty()) session_.rounds.push_back(std::move(round));
    }

    const Outcome* find(const suite::Task& task, const std::string& model) {
        if (by_name_.empty())
            for (const Outcome& outcome : outcomes_) by_name_[{outcome.test, outcome.model, outcome.repeat}] = &outcome;
        const auto found = by_name_.find({task.prompt_id, model, task.repeat});
        return found == by_name_.end() ? nullptr : found->second;
    }

    // Nothing for a run that was never made.
    std::optional<Answer> answer_of(const Outcome& outcome, const suite::Task& task,
                                    const session::Candidate& candidate, int round) {
        const bool has_failed = outcome.status == "error" || (!outcome.error.empty() && outcome.response.empty());
        if (!has_failed && outcome.status != "completed" && outcome.status != "semantic_failure") {
            if (outcome.status != "pending" && outcome.status != "running")
                notes_.add(place_, fmt::format("the status \"{}\" is unknown: no run", outcome.status));
            return std::nullopt;
        }
        Answer answer;
        answer.candidate = candidate.id;
        answer.round = round;
        answer.settings = session::in_force(session_.settings, candidate.own);
        answer.metrics.end_to_end_latency_s = outcome.latency_s;
        std::string text = outcome.response;
        while (take_call(text, answer.tool_calls)) {
        }
        const auto stream = session::AnswerStream::holding(base::trimmed(text), {});
        if (!stream) {
            notes_.add(place_, fmt::format("{} of {}: {}", outcome.test, outcome.model, stream.error().message));
            return std::nullopt;
        }
        answer.stream = *stream;
        if (has_failed) {
            answer.state = AnswerState::failed;
            answer.failure = failure_of(outcome.error.empty() ? "prompt-prix says no reason" : outcome.error);
        } else {
            const bool is_empty = answer.text().empty() && answer.tool_calls.empty();
            answer.state = is_empty ? AnswerState::empty : AnswerState::complete;
            if (!is_empty) answer.finish_reason = answer.tool_calls.empty() ? "stop" : "tool_calls";
        }
        answer.checks = judged_again(outcome, task, answer);
        return answer;
    }

    std::vector<session::CheckResult> judged_again(const Outcome& outcome, const suite::Task& task,
                                                   const Answer& answer) const {
        if (judges_again_) return check::judge_answer(*task.checks, answer);
        session::CheckResult check{.type = "prompt-prix", .passed = outcome.status == "completed"};
        if (!check.passed) check.detail = outcome.reason.empty() ? outcome.error : outcome.reason;
        if (!check.passed && check.detail.empty()) check.detail = outcome.status;
        return {check};
    }

    const OrderedJson& whole_;
    Place place_;
    Notes& notes_;
    Names tests_, models_;
    std::vector<Outcome> outcomes_;
    std::map<std::pair<std::string, std::string>, int> runs_;
    std::map<std::tuple<std::string, std::string, int>, const Outcome*> by_name_;
    int repeats_ = 1;
    bool judges_again_ = false;
    session::Session session_;
};

// The tests themselves, where the file holds more of them than their names.
Result<std::optional<suite::Suite>> tests_within(const OrderedJson& whole, const std::string& file, Notes& notes) {
    const OrderedJson& tests = whole["tests"];
    const bool has_prompts = std::any_of(tests.begin(), tests.end(),
                                         [](const OrderedJson& test) { return test.is_object() && test.size() > 1; });
    if (!has_prompts) return std::optional<suite::Suite>();
    OrderedJson document{{"tests", tests}};
    if (const auto system = whole.find("system_prompt"); system != whole.end()) document["system_prompt"] = *system;
    const auto import = import_files({{file, base::dump_json(document)}});
    if (!import) return import.error();
    for (const NotTaken& note : import->notes) notes.add({note.file, note.place}, note.what);
    auto suite = suite::suite_from_json(import->suites.front().document);
    if (!suite) return suite.error();
    return std::optional(*std::move(suite));
}

}  // namespace

bool is_results(std::string_view bytes) {
    const auto document = parse_beginning(bytes);
    return document && document->whole() && has_results(*document->whole());
}

Result<ImportedResults> read_results(const SourceFile& file, const suite::Suite* suite) {
    const auto document = parse_document(file.bytes, {file.name, {}});
    if (!document) return document.error();
    if (!document->whole() || !has_results(*document->whole()))
        return Error{ErrorKind::parse,
                     base::for_terminal_line(fmt::format("{}: holds no results of prompt-prix", file.name))};
    Notes notes;
    std::optional<suite::Suite> own;
    if (!suite) {
        auto within = tests_within(*document->whole(), file.name, notes);
        if (!within) return within.error();
        own = *std::move(within);
        if (own) suite = &*own;
    }
    auto session = Reader(*document->whole(), file.name, notes).read(suite);
    if (!session) return session.error();
    return ImportedResults{*std::move(session), notes.take()};
}

Result<ImportedResults> load_results(const std::filesystem::path& path, const suite::Suite* suite) {
    auto bytes = base::read_file(path, report::kMaxSessionFileBytes);
    if (!bytes) return bytes.error();
    auto own = report::read_session(*bytes, path.string());
    if (own) {
        if (!suite) return ImportedResults{*std::move(own), {}};
        return Error{ErrorKind::usage,
                     path.string() + ": has tests of its own; tests are named for another program's results only"};
    }
    if (!is_results(*bytes)) return own.error();
    return read_results({path.string(), *std::move(bytes)}, suite);
}

}  // namespace llmc::interop
