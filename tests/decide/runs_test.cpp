#include "decide/runs.h"

#include <doctest/doctest.h>

#include "made_suites.h"

using namespace llmc;
using namespace llmc::decide;
using namespace llmc::decide_test;
using session::Answer;
using session::AnswerState;

namespace {

// An attempt that failed so.
Answer failed(net::Phase phase, int status, ErrorKind kind, const std::string& words) {
    Answer answer = answer_of("c1", 1, 'x');
    answer.failure = session::Failure{phase, status, kind, words};
    return answer;
}

void add_attempt(session::Session& session, std::size_t at, Answer earlier) {
    change_round(session, at, [&](session::Round& round) {
        ++round.find(earlier.candidate)->attempt;
        round.replaced.push_back(std::move(earlier));
    });
}

}  // namespace

TEST_CASE("what says nothing about the model") {
    using net::Phase;
    CHECK(is_infrastructure_failure(failed(Phase::resolve, 0, ErrorKind::resolve, "rack has no address")));
    CHECK(is_infrastructure_failure(failed(Phase::connect, 0, ErrorKind::connection, "refused")));
    CHECK(is_infrastructure_failure(failed(Phase::connect, 0, ErrorKind::tls, "certificate")));
    CHECK(is_infrastructure_failure(failed(Phase::waiting, 0, ErrorKind::timeout, "No byte for 6 s")));
    CHECK(is_infrastructure_failure(failed(Phase::waiting, 503, ErrorKind::http, "Loading model")));
    CHECK(is_infrastructure_failure(failed(Phase::waiting, 500, ErrorKind::server_error, "out of memory")));
    CHECK(is_infrastructure_failure(failed(Phase::connect, 0, ErrorKind::own_limit, "no socket left")));
    CHECK(is_infrastructure_failure(failed(Phase::connect, 0, ErrorKind::limit, "no socket left, read back")));
    CHECK_FALSE(is_infrastructure_failure(failed(Phase::waiting, 0, ErrorKind::limit, "a header of 1 GB")));
    SUBCASE("a server that cannot read what the model wrote") {
        CHECK_FALSE(is_infrastructure_failure(
            failed(Phase::waiting, 500, ErrorKind::server_error, "Failed to parse input at pos 12")));
        CHECK_FALSE(is_infrastructure_failure(failed(Phase::waiting, 500, ErrorKind::http, "Invalid GRAMMAR")));
        CHECK_FALSE(is_infrastructure_failure(failed(Phase::waiting, 500, ErrorKind::http, "chat template error")));
    }
    SUBCASE("the model's, or the request's") {
        CHECK_FALSE(is_infrastructure_failure(failed(Phase::waiting, 400, ErrorKind::context_limit, "too long")));
        CHECK_FALSE(is_infrastructure_failure(failed(Phase::streaming, 0, ErrorKind::timeout, "No token for 6 s")));
        CHECK_FALSE(is_infrastructure_failure(failed(Phase::streaming, 500, ErrorKind::server_error, "crashed")));
        CHECK_FALSE(is_infrastructure_failure(answer_of("c1", 1, '0')));
        Answer cut = failed(Phase::streaming, 0, ErrorKind::cut_off, "ended");
        cut.state = AnswerState::cut_off;
        CHECK_FALSE(is_infrastructure_failure(cut));
    }
}

TEST_CASE("a table has a row for each prompt and case, a column for each candidate, and gaps apart") {
    const session::Session session = made_suite({{"a", "110x"}, {"b", "0-11"}}, 2);
    const RunTable table = run_table(session);
    REQUIRE(table.labels == std::vector<std::string>{"a", "b"});
    REQUIRE(table.prompts.size() == 2);
    CHECK(table.repeats() == 2);
    const auto cell = [&](std::size_t prompt, std::size_t candidate) -> const Cell& {
        return table.prompts[prompt].cells[candidate];
    };
    CHECK(cell(0, 0).passed == 2);
    CHECK(cell(0, 0).judged == 2);
    CHECK(cell(1, 0).rate() == 0);
    CHECK(cell(1, 0).infrastructure == 1);
    CHECK(cell(1, 0).judged == 1);
    CHECK(cell(0, 1).judged == 1);
    REQUIRE(cell(0, 1).runs.size() == 2);
    CHECK(cell(0, 1).runs[1].outcome == RunOutcome::missing);
    CHECK(table.prompts[0].separates() == 1);
    CHECK(table.prompts[1].passed() == 2);
    CHECK(table.prompts[1].judged() == 3);
}

TEST_CASE("the first complete attempt counts") {
    session::Session session = made_suite({{"a", "1"}});
    add_attempt(session, 0, answer_of("c1", 1, '0'));
    CHECK(run_table(session).prompts[0].cells[0].passed == 0);
}

TEST_CASE("an infrastructure failure is replaced, by whatever came then") {
    session::Session session = made_suite({{"a", "1"}});
    add_attempt(session, 0, answer_of("c1", 1, 'x'));
    CHECK(run_table(session).prompts[0].cells[0].passed == 1);
}

TEST_CASE("a run that fails by infrastructure twice on a server that answers others counts as the model's") {
    session::Session session = made_suite({{"a", "x"}, {"b", "1"}});
    CHECK(run_table(session).prompts[0].cells[0].runs[0].outcome == RunOutcome::infrastructure);
    add_attempt(session, 0, answer_of("c1", 1, 'x'));
    CHECK(run_table(session).prompts[0].cells[0].runs[0].outcome == RunOutcome::failed);
    SUBCASE("not where the server answers nobody") {
        change_round(session, 0, [](session::Round& round) { round.answers[1].server = "another"; });
        CHECK(run_table(session).prompts[0].cells[0].runs[0].outcome == RunOutcome::infrastructure);
    }
}

TEST_CASE("what the model failed by itself is not undone by its server's end") {
    session::Session session = made_suite({{"a", "x"}, {"b", "1"}});
    Answer own = answer_of("c1", 1, '0');
    own.state = AnswerState::cut_off;
    add_attempt(session, 0, own);
    CHECK(run_table(session).prompts[0].cells[0].runs[0].outcome == RunOutcome::failed);
}

TEST_CASE("prompts without checks are left out") {
    session::Session session = made_suite({{"a", "11"}});
    change_round(session, 0, [](session::Round& round) { round.answers[0].checks.clear(); });
    CHECK(run_table(session).prompts.size() == 1);
}

TEST_CASE("cases of one prompt are rows of their own") {
    session::Session session = made_suite({{"a", "10"}}, 2);
    change_round(session, 1, [](session::Round& round) { round.case_values = {{"city", "Rome"}}; });
    CHECK(run_table(session).prompts.size() == 2);
}

TEST_CASE("a run that was ended by others is a gap, one that a check has ended failed") {
    session::Session session = made_suite({{"a", "1"}, {"b", "0"}});
    const auto run = [&](AnswerState state, std::vector<std::string> warnings) {
        change_round(session, 0, [&](session::Round& round) {
            round.answers[1].state = state;
            round.answers[1].warnings = std::move(warnings);
        });
        return run_table(session).prompts.at(0).cells.at(1).runs.at(0).outcome;
    };
    CHECK(run(AnswerState::stopped, {}) == RunOutcome::missing);
    CHECK(run(AnswerState::interrupted, {}) == RunOutcome::missing);
    CHECK(run(AnswerState::stopped, {"stopped by its check contains: no"}) == RunOutcome::failed);
    CHECK(run(AnswerState::cut_off, {}) == RunOutcome::failed);
}
