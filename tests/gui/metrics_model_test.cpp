#include "gui/panels/metrics_model.h"

#include <memory>
#include <string>

#include <doctest/doctest.h>

#include "gui/panels/metrics_tables.h"

namespace llmc::gui {
namespace {

using session::Answer;
using session::AnswerState;

Answer answer(std::string candidate, int round, double ttft, double decode) {
    Answer made;
    made.candidate = std::move(candidate);
    made.round = round;
    made.state = AnswerState::complete;
    made.server = "rack";
    made.stream = *session::AnswerStream::holding("text", "");
    made.metrics.time_to_first_token_s = ttft;
    made.metrics.decode_tokens_per_s = decode;
    made.metrics.output_tokens = 100;
    made.metrics.model_warmth = metrics::ModelWarmth::warm;
    return made;
}

void add_round(engine::Snapshot& snapshot, std::vector<Answer> answers) {
    auto round = std::make_shared<session::Round>();
    round->number = static_cast<int>(snapshot.session.rounds.size()) + 1;
    round->answers = std::move(answers);
    for (Answer& one : round->answers) one.round = round->number;
    snapshot.round_now = round->number;
    snapshot.rounds_of.assign(snapshot.session.candidates.size(), round->number);
    snapshot.session.rounds.push_back(std::move(round));
}

engine::Snapshot two_candidates() {
    engine::Snapshot snapshot;
    for (const char* id : {"c1", "c2"}) {
        session::Candidate candidate;
        candidate.id = id;
        candidate.model_id = "model";
        snapshot.session.candidates.push_back(candidate);
    }
    snapshot.labels = {"model", "model (2)"};
    return snapshot;
}

TEST_CASE("a candidate's figures are of its complete answers only") {
    engine::Snapshot snapshot = two_candidates();
    Answer broken = answer("c1", 2, 9, 1);
    broken.state = AnswerState::cut_off;
    add_round(snapshot, {answer("c1", 1, 0.2, 40), answer("c2", 1, 0.5, 20)});
    add_round(snapshot, {broken});
    MetricsModel model;
    model.update(snapshot, 1);
    REQUIRE(model.candidates.size() == 2);
    CHECK(model.candidates[0].sum.answers == 1);
    CHECK(model.candidates[0].sum.median_time_to_first_token_s == doctest::Approx(0.2));
    CHECK(model.candidates[1].name == "model (2)");
    CHECK(model.answers.size() == 3);  // the broken one is listed all the same
    REQUIRE(model.servers.size() == 1);
    CHECK(model.servers[0].sum.answers == 2);
    CHECK(model.max_decode == 40);
}

TEST_CASE("a cold answer counts as cold and stays out of the time to first token") {
    engine::Snapshot snapshot = two_candidates();
    Answer cold = answer("c1", 1, 30, 40);
    cold.metrics.model_warmth = metrics::ModelWarmth::cold;
    add_round(snapshot, {cold});
    add_round(snapshot, {answer("c1", 2, 0.2, 40)});
    MetricsModel model;
    model.update(snapshot, 1);
    CHECK(model.candidates[0].sum.cold_answers == 1);
    CHECK(model.candidates[0].ttft_p95_s == doctest::Approx(0.2));
}

TEST_CASE("figures are made once per revision") {
    engine::Snapshot snapshot = two_candidates();
    add_round(snapshot, {answer("c1", 1, 0.2, 40)});
    MetricsModel model;
    model.update(snapshot, 1);
    add_round(snapshot, {answer("c1", 2, 0.2, 40)});
    model.update(snapshot, 1);
    CHECK(model.answers.size() == 1);
    model.update(snapshot, 2);
    CHECK(model.answers.size() == 2);
}

TEST_CASE("a removed candidate is listed as long as it said something") {
    engine::Snapshot snapshot = two_candidates();
    snapshot.session.candidates[0].is_removed = snapshot.session.candidates[1].is_removed = true;
    add_round(snapshot, {answer("c2", 1, 0.2, 40)});
    MetricsModel model;
    model.update(snapshot, 1);
    REQUIRE(model.candidates.size() == 1);
    CHECK(model.candidates[0].index == 1);
}

TEST_CASE("a percentile lies between the ranks around it") {
    CHECK_FALSE(percentile({}, 0.5));
    CHECK(percentile({3}, 0.95) == doctest::Approx(3));
    CHECK(percentile({4, 1, 3, 2}, 0.5) == doctest::Approx(2.5));
    CHECK(percentile({1, 2, 3, 4, 5}, 1) == doctest::Approx(5));
    CHECK(percentile({0, 10}, 0.95) == doctest::Approx(9.5));
}

TEST_CASE("no cell of the candidates' CSV is a formula, and quotes are doubled") {
    engine::Snapshot snapshot = two_candidates();
    snapshot.labels = {"=cmd()", "say \"hi\", then"};
    add_round(snapshot, {answer("c1", 1, 0.25, 40), answer("c2", 1, 0.5, 20)});
    MetricsModel model;
    model.update(snapshot, 1);
    const std::string csv = candidates_csv(model);
    CHECK(csv.find("\r\n\"'=cmd()\",1,0,0.25,0.25,40,") != std::string::npos);
    CHECK(csv.find("\r\n\"say \"\"hi\"\", then\",1,") != std::string::npos);
}

TEST_CASE("tokens over time start at nothing, are sampled while they come and end with the answer") {
    engine::Snapshot snapshot = two_candidates();
    Answer running = answer("c1", 1, 0.5, 40);
    running.state = AnswerState::streaming;
    running.stream = *session::AnswerStream::make(1 << 20);
    const base::TimePoint start{std::chrono::seconds{100}};
    session::AnswerLive live;
    live.started = start;
    live.metrics.output_tokens = 10;
    live.metrics.time_to_first_token_s = 0.5;
    running.stream->publish(live);
    add_round(snapshot, {running});
    LiveTokens tokens;
    tokens.sample(snapshot, start + std::chrono::seconds{1});
    REQUIRE(tokens.lines().size() == 1);
    CHECK(tokens.is_running());
    CHECK(tokens.lines()[0].seconds == std::vector<double>{0, 0.5, 1});
    CHECK(tokens.lines()[0].tokens == std::vector<double>{0, 1, 10});

    tokens.sample(snapshot, start + std::chrono::milliseconds{1001});  // too soon for another point
    CHECK(tokens.lines()[0].seconds.size() == 3);

    auto ended = std::make_shared<session::Round>(*snapshot.session.rounds[0]);
    ended->answers[0].state = AnswerState::complete;
    ended->answers[0].metrics.output_tokens = 50;
    ended->answers[0].metrics.end_to_end_latency_s = 2;
    snapshot.session.rounds.set(0, ended);
    for (int i = 0; i < 3; ++i) tokens.sample(snapshot, start + std::chrono::seconds{5 + i});
    CHECK_FALSE(tokens.is_running());
    CHECK(tokens.lines()[0].seconds == std::vector<double>{0, 0.5, 1, 2});
    CHECK(tokens.max_tokens() == 50);

    add_round(snapshot, {answer("c2", 2, 0.2, 40)});
    tokens.sample(snapshot, start + std::chrono::seconds{9});
    CHECK(tokens.round() == 2);
    REQUIRE(tokens.lines().size() == 1);
    CHECK(tokens.lines()[0].candidate == 1);
}

TEST_CASE("an answer that streams for an hour keeps a bounded number of points") {
    engine::Snapshot snapshot = two_candidates();
    Answer running = answer("c1", 1, 0.5, 40);
    running.state = AnswerState::streaming;
    running.stream = *session::AnswerStream::make(1 << 20);
    const base::TimePoint start{std::chrono::seconds{100}};
    session::AnswerLive live;
    live.started = start;
    running.stream->publish(live);
    add_round(snapshot, {running});
    LiveTokens tokens;
    for (int i = 1; i <= 36000; ++i) tokens.sample(snapshot, start + i * std::chrono::milliseconds{100});
    CHECK(tokens.lines()[0].seconds.size() <= 1001);
    CHECK(tokens.lines()[0].seconds.size() >= 400);
    CHECK(tokens.lines()[0].seconds.front() == 0);
    CHECK(tokens.max_seconds() > 3599);
}

TEST_CASE("sums are sorted by any column, those without a value last, equal ones as they came") {
    using Order = std::vector<std::size_t>;
    std::vector<SumRow> rows(4);
    rows[0].name = "delta";
    rows[1].name = "alpha";
    rows[2].name = "beta";
    rows[3].name = "alpha";
    rows[0].ttft_p95_s = 2;
    rows[2].ttft_p95_s = 1;
    CHECK(order_of_sums(rows, -1, false) == Order{0, 1, 2, 3});
    CHECK(order_of_sums(rows, 0, false) == Order{1, 3, 2, 0});
    CHECK(order_of_sums(rows, 0, true) == Order{0, 2, 1, 3});
    CHECK(order_of_sums(rows, 3, false) == Order{2, 0, 1, 3});
    CHECK(order_of_sums(rows, 3, true) == Order{0, 2, 1, 3});
    CHECK(order_of_sums(rows, 1, true) == Order{0, 1, 2, 3});
}

}  // namespace
}  // namespace llmc::gui
