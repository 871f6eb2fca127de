#include "probe/probe.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "agent/leaked_call.h"
#include "base/utf8.h"
#include "base/white_space.h"
#include "requests.h"

namespace llmc::probe {
namespace {

using agent::RequestForm;
using base::OrderedJson;
using session::Answer;
using session::AnswerState;

constexpr std::array<std::string_view, 8> kWords = {
    "works", "in reasoning", "thinking suppressed", "ignored", "leaked call", "empty", "refused", "fails"};
constexpr const char* kInReasoning = "what was demanded stands in the reasoning";
constexpr std::size_t kShownBytes = 80;  // of what a model said instead

std::string prompt_id(const ProbeRequest& request, RequestForm form) {
    return fmt::format("{}, {}", request.id, agent::request_form_name(form));
}

std::string shown(std::string_view text) {
    const std::string line = base::for_terminal_line(text);
    const std::size_t end = base::utf8_cut(line, kShownBytes);
    return end < line.size() ? line.substr(0, end) + "…" : line;
}

bool thinks(const Answer& answer) {
    return !base::shows_nothing(answer.reasoning()) ||
           std::ranges::any_of(answer.steps, [](const auto& step) { return !base::shows_nothing(step->reasoning); });
}

// A status of its own that says that the request is at fault, not the server.
bool is_refusal(const Answer& answer) {
    return answer.state == AnswerState::failed && answer.failure && answer.failure->status >= 400 &&
           answer.failure->status < 500;
}

// The answers of one candidate, judged.
class Judge {
public:
    Judge(const session::Session& session, const session::CandidateId& candidate) {
        for (const auto& round : session.rounds)
            if (const Answer* answer = round->find(candidate)) answers_[round->prompt_id] = answer;
        for (suite::Task& task : suite::tasks(probe_suite(), 1)) tasks_[task.prompt_id] = std::move(task);
        for (const ProbeRequest& request : probe_requests())
            if (request.demand == ProbeRequest::Demand::nothing)
                if (const Answer* plain = answer_to(request, RequestForm::native)) thinks_ = thinks(*plain);
    }

    FormVerdict form(RequestForm form) const {
        FormVerdict all;
        for (const ProbeRequest& request : probe_requests()) {
            if (!request.applies_to(form)) continue;
            const RequestForm asked = request.is_own_in(form) ? form : RequestForm::native;
            if (const Answer* answer = answer_to(request, asked))
                all.requests.push_back(judged(request, asked, *answer));
        }
        return all;
    }

private:
    const Answer* answer_to(const ProbeRequest& request, RequestForm form) const {
        const auto found = answers_.find(prompt_id(request, form));
        return found == answers_.end() ? nullptr : found->second;
    }

    RequestVerdict judged(const ProbeRequest& request, RequestForm form, const Answer& answer) const {
        RequestVerdict verdict{.id = std::string(request.id)};
        const auto& time = answer.steps.empty() ? answer.metrics.end_to_end_latency_s : answer.metrics.task_time_s;
        verdict.seconds = time.value_or(0);
        const auto say = [&verdict](Verdict what, std::string detail) {
            verdict.verdict = what;
            verdict.detail = std::move(detail);
            return verdict;
        };
        if (answer.state == AnswerState::empty) return say(Verdict::empty, "it said nothing at all");
        if (answer.state != AnswerState::complete)
            return say(is_refusal(answer) ? Verdict::refused : Verdict::fails,
                       answer.failure ? answer.failure->message
                                      : fmt::format("the answer is {}", session::answer_state_name(answer.state)));
        const bool is_told = std::ranges::find(answer.warnings, agent::kAnswerInReasoning) != answer.warnings.end();
        const auto broken = std::ranges::find(answer.checks, false, &session::CheckResult::passed);
        if (broken == answer.checks.end() && !answer.checks.empty()) {
            if (is_told) return say(Verdict::in_reasoning, kInReasoning);
            if (thinks_ && !thinks(answer))
                return say(Verdict::thinking_suppressed, "it thinks about a plain question, and does not here");
            return say(Verdict::works, "");
        }
        if (is_told && request.demand == ProbeRequest::Demand::after_result && answer.tool_calls.empty())
            return say(Verdict::in_reasoning, kInReasoning);
        const Verdict what = fault_of(request, form, answer);
        return say(what, detail_of(what, answer, broken == answer.checks.end() ? "" : broken->detail));
    }

    // Of a complete answer that is not what was demanded.
    Verdict fault_of(const ProbeRequest& request, RequestForm form, const Answer& answer) const {
        using Demand = ProbeRequest::Demand;
        const suite::Task& task = tasks_.at(prompt_id(request, form));
        suite::OfferedTools tools = task.script->tools;
        if (task.output && form == RequestForm::tool) tools[task.output->name] = nullptr;
        if (answer.ended_by == session::EndedBy::leaked_call ||
            agent::find_leaked_call(answer.text(), answer.reasoning(), tools))
            return Verdict::leaked_call;
        if (base::shows_nothing(answer.text()) && answer.tool_calls.empty()) return Verdict::empty;
        if (answer.finish_reason == "length") return Verdict::fails;
        switch (request.demand) {
            case Demand::schema:
            case Demand::no_call: return Verdict::ignored;
            case Demand::call: return answer.tool_calls.empty() ? Verdict::ignored : Verdict::fails;
            default: return Verdict::fails;
        }
    }

    static std::string detail_of(Verdict what, const Answer& answer, const std::string& why) {
        if (what == Verdict::empty) return "no text and no call came, only reasoning";
        if (what == Verdict::leaked_call) return "the call stands in the text: " + shown(answer.text());
        if (answer.finish_reason == "length") return "the answer was cut off by max_tokens";
        if (answer.text().empty()) return why;
        return fmt::format("{}; it said: {}", why, shown(answer.text()));
    }

    std::map<std::string, const Answer*> answers_;
    std::map<std::string, suite::Task> tasks_;
    bool thinks_ = false;  // about the plain question
};

const RequestVerdict* worst(const std::vector<RequestVerdict>& requests) {
    const auto found = std::ranges::max_element(requests, {}, &RequestVerdict::verdict);
    return found == requests.end() ? nullptr : &*found;
}

}  // namespace

std::string_view verdict_word(Verdict verdict) {
    return kWords[static_cast<std::size_t>(verdict)];
}

std::optional<Verdict> verdict_from(std::string_view word) {
    const auto found = std::ranges::find(kWords, word);
    if (found == kWords.end()) return std::nullopt;
    return static_cast<Verdict>(found - kWords.begin());
}

Verdict FormVerdict::verdict() const {
    const RequestVerdict* one = worst(requests);
    return one ? one->verdict : Verdict::works;
}

const std::string& FormVerdict::detail() const {
    static const std::string none;
    const RequestVerdict* one = worst(requests);
    return one ? one->detail : none;
}

double FormVerdict::seconds() const {
    double all = 0;
    for (const RequestVerdict& one : requests) all += one.seconds;
    return all;
}

RequestForm Probe::best() const {
    RequestForm best = RequestForm::native;
    for (const RequestForm form : agent::kRequestForms)
        if (of(form).verdict() < of(best).verdict()) best = form;
    return best;
}

bool Probe::has_native_schema() const {
    const auto& requests = of(RequestForm::native).requests;
    for (const ProbeRequest& request : probe_requests()) {
        if (request.demand != ProbeRequest::Demand::schema) continue;
        const auto found = std::ranges::find(requests, request.id, &RequestVerdict::id);
        if (found == requests.end()) continue;
        if (found->verdict != Verdict::works && found->verdict != Verdict::thinking_suppressed) return false;
    }
    return true;
}

bool Probe::is_of_same(const Probe& other) const {
    return server == other.server && model == other.model && quantization == other.quantization &&
           server_version == other.server_version;
}

suite::Suite probe_suite() {
    OrderedJson prompts = OrderedJson::array();
    for (const ProbeRequest& request : probe_requests())
        for (const RequestForm form : agent::kRequestForms) {
            if (!request.is_own_in(form)) continue;
            OrderedJson prompt = OrderedJson::parse(request.prompt);
            prompt["id"] = prompt_id(request, form);
            prompt["settings"] = {{"request_form", agent::request_form_name(form)}};
            prompts.push_back(std::move(prompt));
        }
    // Room for one that thinks; the same each time.
    const OrderedJson document{{"format", suite::kSuiteFormat},
                               {"version", 1},
                               {"name", "probe"},
                               {"settings", {{"temperature", 0}, {"max_tokens", 2048}}},
                               {"prompts", std::move(prompts)}};
    auto suite = suite::suite_from_json(document);
    return suite ? *std::move(suite) : suite::Suite();  // a test says that it can be read
}

Probe probe_of(const session::Session& session, const session::CandidateId& candidate) {
    const Judge judge(session, candidate);
    Probe probe;
    if (const session::Candidate* who = session.find_candidate(candidate)) probe.model = who->model_id;
    for (const RequestForm form : agent::kRequestForms) probe.forms[static_cast<std::size_t>(form)] = judge.form(form);
    return probe;
}

bool all_answered(const session::Session& session) {
    for (const auto& round : session.rounds)
        for (const Answer& answer : round->answers)
            if (answer.state != AnswerState::complete && answer.state != AnswerState::empty && !is_refusal(answer))
                return false;
    return true;
}

}  // namespace llmc::probe
