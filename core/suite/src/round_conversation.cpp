#include "suite/round_conversation.h"

#include <algorithm>
#include <utility>

#include "suite/suite.h"

namespace llmc::suite {
namespace {

using session::Answer;
using session::Round;

// Prepared turns as rounds. Messages of the user that follow one another are one prompt: a round has one.
class PreparedRounds {
public:
    PreparedRounds(session::Session& session, const session::CandidateId& candidate)
        : session_(session), candidate_(candidate) {}

    Result<void> add(const openai::Message& message) {
        if (message.role == "assistant")
            said_.push_back(message);
        else if (message.role == "tool")
            results_.push_back(message);
        else if (message.role == "system")
            session_.settings.system_prompt = message.content;
        else
            return ask(message.content);
        return {};
    }

    // What is asked last; the turns before it are rounds.
    Result<std::string> take_prompt() {
        if (auto ended = end_round(); !ended) return ended.error();
        return std::move(prompt_);
    }

private:
    Result<void> ask(const std::string& prompt) {
        if (auto ended = end_round(); !ended) return ended.error();
        prompt_ += (prompt_.empty() ? "" : "\n\n") + prompt;
        return {};
    }

    Result<void> end_round() {
        if (said_.empty()) return {};
        auto stream = session::AnswerStream::holding(said_.back().content, {});
        if (!stream) return stream.error();
        auto round = std::make_shared<Round>();
        round->number = static_cast<int>(session_.rounds.size()) + 1;
        round->prompt = std::exchange(prompt_, {});
        Answer answer;
        answer.candidate = candidate_;
        answer.round = round->number;
        answer.state = session::AnswerState::complete;
        answer.warnings = {"No model said this: the suite prepared it."};
        answer.settings = session::in_force(session_.settings, session_.candidates.front().own);
        answer.stream = *std::move(stream);
        add_steps(answer);
        round->answers.push_back(std::move(answer));
        session_.rounds.push_back(std::move(round));
        said_.clear();
        results_.clear();
        return {};
    }

    // Where tools were called, or more than one message was said in a row.
    void add_steps(Answer& answer) const {
        if (said_.size() == 1 && said_.front().tool_calls.empty()) return;
        for (const openai::Message& message : said_) {
            session::Step step{.index = static_cast<int>(answer.steps.size()) + 1};
            step.text = message.content;
            for (const openai::ToolCall& call : message.tool_calls) {
                const auto result = std::ranges::find(results_, call.id, &openai::Message::tool_call_id);
                step.calls.push_back({.call = call, .result = {}, .is_valid = true});
                if (result != results_.end()) step.calls.back().result = result->content;
                answer.tool_calls.push_back(call);
            }
            answer.steps.push_back(std::make_shared<const session::Step>(std::move(step)));
        }
        answer.ended_by = session::EndedBy::final;
    }

    session::Session& session_;
    const session::CandidateId& candidate_;
    std::string prompt_;
    std::vector<openai::Message> said_, results_;  // since the prompt
};

// What the suite prepared for the round, in its case.
Result<std::vector<openai::Message>> prepared_for(const session::Session& session, const Round& round) {
    if (!session.suite || round.prompt_id.empty()) return std::vector<openai::Message>{};
    const auto suite = suite_from_json(session.suite->source);
    if (!suite) return suite.error();
    for (const Task& task : tasks(*suite, 1))
        if (task.prompt_id == round.prompt_id && task.case_values == round.case_values) return *task.messages;
    return std::vector<openai::Message>{};
}

}  // namespace

Result<session::Session> conversation_of(const session::Session& session, int number,
                                         const session::CandidateId& candidate) {
    const Round& asked = *session.rounds[static_cast<std::size_t>(number) - 1];
    const Answer& answer = *asked.counted(candidate);
    session::Session talk;
    talk.settings = session.settings;
    talk.settings.system_prompt = answer.settings.system_prompt;
    talk.servers = session.servers;
    talk.candidates = {*session.find_candidate(candidate)};
    talk.candidates.front().own.system_prompt.reset();
    talk.candidates.front().is_removed = false;

    const auto prepared = prepared_for(session, asked);
    if (!prepared) return prepared.error();
    PreparedRounds before(talk, candidate);
    for (const openai::Message& message : *prepared)
        if (auto added = before.add(message); !added) return added.error();
    auto prompt = before.take_prompt();
    if (!prompt) return prompt.error();
    if (!asked.prompt.empty()) *prompt += (prompt->empty() ? "" : "\n\n") + asked.prompt;

    auto round = std::make_shared<Round>();
    round->number = static_cast<int>(talk.rounds.size()) + 1;
    round->prompt = *std::move(prompt);
    const auto take = [&](const std::vector<Answer>& from, std::vector<Answer>& to) {
        for (const Answer& one : from)
            if (one.candidate == candidate) {
                to.push_back(one);
                to.back().round = round->number;
                to.back().history_from = 1;
            }
    };
    take(asked.answers, round->answers);
    take(asked.replaced, round->replaced);
    talk.rounds.push_back(std::move(round));
    return talk;
}

}  // namespace llmc::suite
