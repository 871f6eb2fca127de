#include "session/session.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>

using namespace llmc;
using namespace llmc::session;

namespace {

Answer answer(const char* candidate, AnswerState state, const char* text, const char* reasoning = "") {
    Answer answer;
    answer.candidate = candidate;
    answer.state = state;
    answer.stream = *AnswerStream::holding(text, reasoning);
    return answer;
}

std::shared_ptr<const Round> round(int number, const char* prompt, std::vector<Answer> answers,
                                   std::vector<Answer> replaced = {}) {
    auto made = std::make_shared<Round>();
    made->number = number;
    made->prompt = prompt;
    made->answers = std::move(answers);
    made->replaced = std::move(replaced);
    return made;
}

Candidate candidate(const char* id) {
    Candidate made;
    made.id = id;
    made.model_id = "m";
    return made;
}

// "user:a|assistant:b"
std::string told(const std::vector<openai::Message>& messages) {
    std::string text;
    for (const auto& message : messages)
        text += fmt::format("{}{}:{}", text.empty() ? "" : "|", message.role, message.content);
    return text;
}

}  // namespace

TEST_CASE("only complete turns are history, prompt and answer together") {
    for (const AnswerState state : {AnswerState::queued, AnswerState::loading, AnswerState::processing,
                                    AnswerState::streaming, AnswerState::stopped, AnswerState::interrupted,
                                    AnswerState::cut_off, AnswerState::empty, AnswerState::failed}) {
        CAPTURE(answer_state_name(state));
        Session session;
        session.candidates = {candidate("c1")};
        session.rounds = {round(1, "one", {answer("c1", AnswerState::complete, "first", "thoughts")}),
                          round(2, "two", {answer("c1", state, "partial")}),
                          round(3, "three", {answer("c1", AnswerState::complete, "third")})};
        CHECK(told(conversation(session, "c1")) == "user:one|assistant:first|user:three|assistant:third");
    }
}

TEST_CASE("history begins with the system prompt in force and ends before its round") {
    Session session;
    session.settings.system_prompt = "Be brief.";
    session.rounds = {round(1, "one", {answer("c1", AnswerState::complete, "first")}),
                      round(2, "two", {answer("c1", AnswerState::complete, "second")})};
    Candidate own = candidate("c1");
    CHECK(told(history(session, own, 2)) == "system:Be brief.|user:one|assistant:first");
    CHECK(told(history(session, own, 1)) == "system:Be brief.");
    own.own.system_prompt = "Be long.";
    CHECK(told(history(session, own, 1)) == "system:Be long.");
    own.own.system_prompt = "";
    CHECK(told(history(session, own, 3)) == "user:one|assistant:first|user:two|assistant:second");
}

TEST_CASE("rounds that are to be forgotten are not in the history") {
    Session session;
    session.settings.system_prompt = "Be brief.";
    session.rounds = {round(1, "one", {answer("c1", AnswerState::complete, "first")}),
                      round(2, "two", {answer("c1", AnswerState::failed, "second")}),
                      round(3, "three", {answer("c1", AnswerState::complete, "third")})};
    CHECK(rounds_of_history(session, "c1", 4) == std::vector<int>{1, 3});
    CHECK(rounds_of_history(session, "c1", 4, 2) == std::vector<int>{3});
    CHECK(told(history(session, candidate("c1"), 4, 3)) == "system:Be brief.|user:three|assistant:third");
    CHECK(told(history(session, candidate("c1"), 4, 4)) == "system:Be brief.");
}

TEST_CASE("candidates never see each other's turns, and one that came later starts empty") {
    Session session;
    session.settings.system_prompt = "";
    session.rounds = {
        round(1, "one", {answer("c1", AnswerState::complete, "mine")}),
        round(2, "two",
              {answer("c1", AnswerState::complete, "mine too"), answer("c2", AnswerState::complete, "yours")})};
    CHECK(told(history(session, candidate("c2"), 3)) == "user:two|assistant:yours");
    CHECK(told(history(session, candidate("c2"), 2)).empty());
    CHECK(told(history(session, candidate("c1"), 3)) == "user:one|assistant:mine|user:two|assistant:mine too");
}

TEST_CASE("a replaced answer is not history, the one in its place is") {
    Session session;
    session.rounds = {round(1, "one", {answer("c1", AnswerState::complete, "second try")},
                            {answer("c1", AnswerState::failed, "first try")})};
    CHECK(told(conversation(session, "c1")) == "user:one|assistant:second try");
}

TEST_CASE("a tool call is followed by one tool message per call with the same id") {
    Answer calls = answer("c1", AnswerState::complete, "");
    calls.tool_calls = {{"id1", "look", "{\"at\":1}"}, {"", "go", "{}"}};
    Session session;
    session.rounds = {round(4, "one", {calls}), round(5, "two", {answer("c1", AnswerState::complete, "done")})};
    const auto messages = conversation(session, "c1");
    REQUIRE(messages.size() == 6);
    CHECK(told(messages) == "user:one|assistant:|tool:{}|tool:{}|user:two|assistant:done");
    REQUIRE(messages[1].tool_calls.size() == 2);
    CHECK(messages[1].tool_calls[0].arguments == "{\"at\":1}");
    CHECK(messages[2].tool_call_id == "id1");
    CHECK(messages[3].tool_call_id == messages[1].tool_calls[1].id);
    CHECK_FALSE(messages[3].tool_call_id.empty());
}

TEST_CASE("what halted is the earliest failure of the last round that has one") {
    Session session;
    CHECK(first_failure(session) == nullptr);
    const auto at = [](Answer made, int ms) {
        made.ended_at = base::WallTime{std::chrono::milliseconds{ms}};
        return made;
    };
    session.rounds = {
        round(1, "one", {answer("c1", AnswerState::failed, "skipped")}),
        round(2, "two",
              {at(answer("c1", AnswerState::interrupted, ""), 5), at(answer("c2", AnswerState::cut_off, ""), 9),
               at(answer("c3", AnswerState::empty, ""), 7), answer("c4", AnswerState::failed, "")})};
    REQUIRE(first_failure(session));
    CHECK(first_failure(session)->candidate == "c3");
}

TEST_CASE("words for states lead back, and each is ended or not, failure or not") {
    int ended = 0, failures = 0;
    for (int i = 0; i <= static_cast<int>(AnswerState::failed); ++i) {
        const auto state = static_cast<AnswerState>(i);
        CHECK(answer_state_from(answer_state_name(state)) == state);
        ended += is_final(state);
        failures += is_failure(state);
        CHECK((!is_failure(state) || is_final(state)));
    }
    CHECK(ended == 6);
    CHECK(failures == 3);
    CHECK_FALSE(answer_state_from("done"));
    CHECK_FALSE(is_failure(AnswerState::stopped));
}

TEST_CASE("a stream keeps text and reasoning apart, and what was loaded stays as it is") {
    auto stream = *AnswerStream::make(1 << 20);
    CHECK(stream->reasoning().empty());
    CHECK(stream->append_reasoning("hm"));
    CHECK(stream->append_text("yes"));
    CHECK(stream->append_reasoning("m"));
    const std::string_view early = stream->text();
    CHECK(stream->append_text(", indeed"));
    stream->seal();
    CHECK(early == "yes");
    CHECK(stream->text() == "yes, indeed");
    CHECK(stream->reasoning() == "hmm");
    CHECK_FALSE(stream->append_text("more"));
    CHECK_FALSE(stream->append_reasoning("more"));

    const auto loaded = *AnswerStream::holding("text", "why");
    CHECK(loaded->text() == "text");
    CHECK(loaded->reasoning() == "why");
    CHECK_FALSE(loaded->append_text("more"));
}

TEST_CASE("text over the limit is refused and what was there stays") {
    auto stream = *AnswerStream::make(8);
    CHECK(stream->append_text("12345678"));
    CHECK(stream->append_text("9").error().kind == ErrorKind::limit);
    CHECK(stream->append_reasoning("123456789").error().kind == ErrorKind::limit);
    CHECK(stream->text() == "12345678");
}

TEST_CASE("a log whose first bytes could not be kept begins with no others") {
    rlimit before{};
    REQUIRE(getrlimit(RLIMIT_AS, &before) == 0);
    const auto set_limit = [](const rlimit& limit) { REQUIRE(setrlimit(RLIMIT_AS, &limit) == 0); };
    session::LazyLog log;
    set_limit({1, before.rlim_max});
    const bool was_kept = log.append("the beginning", std::size_t{32} << 20).ok();
    set_limit(before);
    CHECK_FALSE(was_kept);
    CHECK_FALSE(log.append("the middle", std::size_t{32} << 20).ok());
    CHECK(log.view().empty());
}

TEST_CASE("what a worker publishes last is what a front end reads") {
    auto stream = *AnswerStream::make(1 << 20);
    AnswerLive live;
    live.metrics.chunks = 1;
    stream->publish(live);
    live.metrics.chunks = 2;
    stream->publish(live);
    CHECK(stream->live().metrics.chunks == 2);
}
