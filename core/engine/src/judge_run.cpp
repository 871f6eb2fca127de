#include "engine/judge_run.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "decide/judge_words.h"
#include "judge_paper.h"
#include "side_run.h"
#include "suite/suite.h"

namespace llmc::engine {
namespace {

using base::OrderedJson;
using session::Answer;
using session::AnswerState;

// What is under way at once: a session of so many rounds, of questions with so many bytes.
constexpr std::size_t kBatchQuestions = 500;
constexpr std::size_t kBatchBytes = std::size_t{8} << 20;
constexpr std::array kForms = {"native", "tool", "prompt"};  // request forms, in the order in which they are tried

// A prompt and a case for each question: what a value holds is never taken for a placeholder.
OrderedJson suite_of(OrderedJson cases) {
    OrderedJson schema = decide::pair_schema();
    schema["properties"]["verdict"]["enum"] = "{{words}}";
    return {{"format", suite::kSuiteFormat},
            {"version", 1},
            {"name", "judge"},
            {"system_prompt", decide::judge_system_prompt()},
            {"settings", {{"temperature", 0}}},
            {"cases", std::move(cases)},
            {"prompts",
             {{{"id", "verdict"},
               {"prompt", "{{question}}"},
               {"output", {{"name", "verdict"}, {"schema", std::move(schema)}}}}}}};
}

// Of `before`, what `now` says nothing about: who judges anew and is stopped has not taken back the rest.
void keep_verdicts(const session::Verdicts& before, session::Verdicts& now) {
    using Place = std::tuple<int, session::CandidateId, session::CandidateId>;
    std::set<Place> said;
    for (const auto& verdict : now) said.insert({verdict->round, verdict->a, verdict->b});
    std::vector<std::shared_ptr<const session::Verdict>> all(now.begin(), now.end());
    for (const auto& verdict : before)
        if (!said.contains({verdict->round, verdict->a, verdict->b})) all.push_back(verdict);
    if (all.size() == now.size()) return;
    std::ranges::stable_sort(all, {}, [](const auto& verdict) { return verdict->round; });
    now = {};
    now.append(all.begin(), all.end());
}

// Those that are not asked for again.
session::Verdicts known_verdicts(const session::Session& session, const JudgeOrder& order) {
    const session::Judge& judge = order.judge;
    if (judge.words != decide::kJudgeWords || judge.verdicts.empty()) return {};
    if (order.may_begin_anew && JudgePaper(session, judge.model, judge.verdicts).questions().empty()) return {};
    return judge.verdicts;
}

class JudgeRun {
public:
    JudgeRun(const session::Session& session, const JudgeOrder& order, const std::stop_token& stop,
             const std::function<void(const JudgeProgress&)>& tell)
        : order_(order),
          stop_(stop),
          tell_(tell),
          known_(known_verdicts(session, order)),
          paper_(session, order.judge.model, known_),
          readings_(paper_.questions().size()) {
        outcome_.judge = order.judge;
        outcome_.judge.words = decide::kJudgeWords;
        outcome_.judge.verdicts = {};
    }

    JudgeOutcome run() {
        const std::size_t total = paper_.questions().size();
        while (done_ < total && outcome_.missing.empty() && !stop_.stop_requested()) {
            const std::vector<std::size_t> batch = next_batch();
            ask_in_forms(batch);
            done_ += batch.size();
            tell(0);
        }
        outcome_.is_stopped = stop_.stop_requested();
        outcome_.judge.verdicts = paper_.verdicts(readings_);
        outcome_.new_verdicts = outcome_.judge.verdicts.size() - known_.size();
        return std::move(outcome_);
    }

private:
    // Their texts are in texts_ until they are answered.
    std::vector<std::size_t> next_batch() {
        texts_.clear();
        std::vector<std::size_t> batch;
        std::size_t bytes = 0;
        for (std::size_t i = done_; i < paper_.questions().size() && batch.size() < kBatchQuestions; ++i) {
            std::string text = paper_.text(paper_.questions()[i]);
            bytes += text.size();
            if (bytes > kBatchBytes && !batch.empty()) break;
            texts_.push_back(std::move(text));
            batch.push_back(i);
        }
        return batch;
    }

    // In the form that worked before; those that could not be read, in the next.
    void ask_in_forms(std::vector<std::size_t> open) {
        for (std::size_t form = form_; form < kForms.size() && !open.empty() && !stop_.stop_requested(); ++form) {
            const std::size_t asked = open.size();
            open = ask(open, kForms[form]);
            if (!outcome_.missing.empty()) return;
            if (open.size() < asked && form > form_ && asked == texts_.size()) form_ = form;
        }
        if (stop_.stop_requested()) return;
        for (const std::size_t i : open) readings_[i].is_done = true;  // in no form could it be read
    }

    // Those to be asked again.
    std::vector<std::size_t> ask(const std::vector<std::size_t>& open, const char* form) {
        SideRun side(order_.options, stop_);
        const auto silent = [](const Snapshot&) {};
        OrderedJson cases = OrderedJson::array();
        for (const std::size_t i : open)
            cases.push_back({{"question", texts_[i - done_]}, {"words", JudgePaper::words(paper_.questions()[i])}});
        const auto made = suite::suite_from_json(suite_of(std::move(cases)));
        if (!made) {
            for (const std::size_t i : open) readings_[i].fault = made.error().message;
            return {};
        }
        Configure configure{.servers = order_.servers, .settings = suite::with_suite(session::Settings(), *made)};
        configure.settings.timeout_s = order_.settings.timeout_s;
        configure.settings.connect_timeout_s = order_.settings.connect_timeout_s;
        configure.settings.on_failure = session::OnFailure::keep_going;
        side.engine().post(std::move(configure));
        side.wait_for_servers(order_.servers.size(), silent);
        session::Candidate judge{.model_id = order_.judge.model, .server = order_.judge.server};
        judge.own.request_form = form;
        if (stop_.stop_requested() || !is_there(side.engine().snapshot().servers, judge)) return {};
        side.engine().post(AddCandidate{std::move(judge), {}});
        side.engine().post(RunSuite{*made, 1});
        outcome_.missing = side.follow_to_end(
            [this](const Snapshot& now) { tell(static_cast<std::size_t>(std::max(now.answers_done, 0))); });
        return read(side.engine().snapshot().session, open);
    }

    bool is_there(const std::vector<ServerStatus>& servers, const session::Candidate& judge) {
        if (!servers_for(servers, judge).empty()) return true;
        for (const ServerStatus& status : servers)
            if (auto away = unreachable(status)) outcome_.missing.push_back(words(*away));
        outcome_.missing.push_back(words(missing_model(servers, judge)));
        return false;
    }

    std::vector<std::size_t> read(const session::Session& asked, const std::vector<std::size_t>& open) {
        std::vector<std::size_t> again;
        for (std::size_t k = 0; k < open.size(); ++k) {
            JudgeReading& reading = readings_[open[k]];
            reading.fault.clear();
            const Answer* answer = k < asked.rounds.size() && !asked.rounds[k]->answers.empty()
                                       ? &asked.rounds[k]->answers.front()
                                       : nullptr;
            if (stop_.stop_requested() && (!answer || answer->state != AnswerState::complete)) continue;
            reading.is_done = true;
            const auto ask_again = [&] {
                reading.is_done = false;
                again.push_back(open[k]);
            };
            if (!answer || answer->state != AnswerState::complete) {
                reading.fault = answer && answer->failure ? answer->failure->message : "it gave no answer";
                if (answer && answer->failure && answer->failure->status >= 400 && answer->failure->status < 500)
                    ask_again();
                continue;
            }
            if (outcome_.judge.server.empty()) outcome_.judge.server = answer->server;
            const JudgeQuestion& question = paper_.questions()[open[k]];
            reading.read =
                JudgePaper::read(question, answer->output ? std::string_view(*answer->output) : answer->text());
            if (!reading.read.word) reading.read = JudgePaper::read(question, answer->text());
            if (!reading.read.word) ask_again();
        }
        return again;
    }

    void tell(std::size_t of_batch) {
        const std::size_t total = paper_.questions().size();
        if (tell_) tell_({std::min(done_ + std::min(of_batch, texts_.size()), total), total});
    }

    const JudgeOrder& order_;
    const std::stop_token& stop_;
    const std::function<void(const JudgeProgress&)>& tell_;
    const session::Verdicts known_;
    JudgePaper paper_;
    std::vector<JudgeReading> readings_;  // beside the questions
    std::vector<std::string> texts_;      // of the batch
    std::size_t done_ = 0;                // questions of the batches before
    std::size_t form_ = 0;                // in kForms: the first that is tried
    JudgeOutcome outcome_;
};

}  // namespace

JudgeOutcome run_judge(const session::Session& session, const JudgeOrder& order, const std::stop_token& stop,
                       const std::function<void(const JudgeProgress&)>& tell) {
    return JudgeRun(session, order, stop, tell).run();
}

session::Judge judge_of(const config::JudgeModel& model) {
    session::Judge judge;
    judge.model = model.model_id;
    judge.display_name = model.display_name;
    judge.server = model.server;
    return judge;
}

std::string nothing_to_judge(const session::Judge& judge) {
    return fmt::format(
        "{} found nothing to judge: two complete answers of a round that are not its own, or an answer to a prompt "
        "with criteria.",
        judge.name());
}

std::size_t judge_questions(const session::Session& session, const std::string& model) {
    return JudgePaper(session, model).questions().size();
}

std::vector<session::Server> servers_beside(const std::vector<ServerStatus>& servers,
                                            const std::vector<session::Candidate>& candidates,
                                            const session::Judge& judge) {
    const session::Candidate asked{.model_id = judge.model, .server = judge.server};
    std::vector<session::Server> free;
    for (const ServerStatus& status : servers) {
        const auto is_served = [&](const session::Candidate& candidate) {
            return !candidate.is_removed && can_serve(status, candidate, servers.size());
        };
        if (can_serve(status, asked, servers.size()) && std::ranges::none_of(candidates, is_served))
            free.push_back(status.server);
    }
    return free;
}

void keep_judge(std::vector<session::Judge>& judges, session::Judge judge) {
    const auto known = std::ranges::find_if(
        judges, [&](const session::Judge& one) { return one.model == judge.model && one.server == judge.server; });
    if (known != judges.end()) {
        judge.id = known->id;
        if (judge.words == known->words) keep_verdicts(known->verdicts, judge.verdicts);
        *known = std::move(judge);
        return;
    }
    const auto is_taken = [&](const std::string& id) {
        return std::any_of(judges.begin(), judges.end(), [&](const session::Judge& one) { return one.id == id; });
    };
    std::size_t number = judges.size() + 1;
    while (is_taken(fmt::format("j{}", number))) ++number;
    judge.id = fmt::format("j{}", number);
    judges.push_back(std::move(judge));
}

}  // namespace llmc::engine
