#include "gui/blind.h"

#include <set>

#include "gui/gui_fixture.h"

using namespace llmc;
using namespace llmc::gui;
using namespace llmc::gui::test;

namespace {

engine::Snapshot three_candidates(int rounds) {
    engine::Snapshot now;
    now.session.id = "s";
    add_candidate(now, "c1", "zephyr-7b-beta");
    add_candidate(now, "c2", "qwen2.5-7b");
    add_candidate(now, "c3", "org/Falcon-40B");
    now.session.candidates[1].display_name = now.labels[1] = "Second choice";
    for (int number = 1; number <= rounds; ++number) {
        session::Round& round = add_round(now, "Who are you?",
                                          {answer("c1", "I am Zephyr.", "zephyr thinks"), answer("c2", "c2: Qwen2.5!"),
                                           answer("c3", "I am no FALCON-40B")});
        for (session::Answer& one : round.answers) {
            one.round = number;
            one.server = "rack";
            one.reported_model = "vendor/Osprey-1";
            one.warnings = {"the server answered with Osprey-1 instead of zephyr-7b-beta"};
            one.metrics.output_tokens = 7;
            one.metrics.decode_tokens_per_s = 50;
            one.metrics.time_to_first_token_s = 0.2;
            one.failure = session::Failure{.message = "Second choice failed at rack"};
        }
    }
    return now;
}

// The round as the next snapshot has it.
session::Round& edit(engine::Snapshot& now, int number) {
    const auto index = static_cast<std::size_t>(number - 1);
    auto copy = std::make_shared<session::Round>(*now.session.rounds[index]);
    session::Round& edited = *copy;
    now.session.rounds.set(index, std::move(copy));
    return edited;
}

const std::deque<LogEntry> kNoLog;

}  // namespace

TEST_CASE("in a masked snapshot nothing names a candidate, its model, its server or its speed") {
    const engine::Snapshot now = three_candidates(1);
    Blind blind;
    blind.begin(now, kNoLog, 1);
    const engine::Snapshot& shown = blind.mask(now);
    CHECK(shown.labels == std::vector<std::string>{"A", "B", "C"});
    CHECK(shown.servers.empty());
    for (const session::Candidate& slot : shown.session.candidates) {
        CHECK(slot.model_id.size() == 1);
        CHECK(slot.server.empty());
    }
    REQUIRE(shown.session.rounds.size() == 1);
    REQUIRE(shown.session.rounds[0]->answers.size() == 3);
    for (const session::Answer& one : shown.session.rounds[0]->answers) {
        std::string all = std::string(one.text()) + std::string(one.reasoning()) + one.warnings[0] +
                          one.failure->message + one.server + one.reported_model;
        std::ranges::transform(all, all.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        for (const char* name : {"zephyr", "qwen", "falcon", "osprey", "second choice"}) {
            CAPTURE(name);
            CHECK(all.find(name) == std::string::npos);
        }
        CHECK(all.find(kMasked) != std::string::npos);
        CHECK(one.metrics.output_tokens == 7);
        CHECK_FALSE(one.metrics.decode_tokens_per_s);
        CHECK_FALSE(one.metrics.time_to_first_token_s);
    }
}

TEST_CASE("steps name nobody either: not in what was said, called or answered") {
    engine::Snapshot now = three_candidates(1);
    auto step = std::make_shared<session::Step>();
    step->text = "I, Zephyr, look.";
    step->reasoning = "zephyr thinks";
    step->metrics.output_tokens = 4;
    step->metrics.end_to_end_latency_s = 0.5;
    step->calls.push_back({.call = {.name = "look", .arguments = R"({"as": "Zephyr"})"}, .result = "hello zephyr"});
    session::Answer& looped = edit(now, 1).answers[0];
    looped.steps.push_back(step);
    looped.ended_by = session::EndedBy::cycle;
    looped.resumed_at = 1;
    Blind blind;
    blind.begin(now, kNoLog, 1);
    const engine::Snapshot& shown = blind.mask(now);
    const auto& answers = shown.session.rounds[0]->answers;
    const auto found = std::ranges::find_if(answers, [](const auto& one) { return !one.steps.empty(); });
    REQUIRE(found != answers.end());
    const session::Step& masked = *found->steps[0];
    CHECK(found->ended_by == session::EndedBy::cycle);
    CHECK(found->resumed_at == 1);
    CHECK(masked.text == "I, ███, look.");
    CHECK(masked.reasoning == "███ thinks");
    CHECK(masked.calls[0].call.arguments == R"({"as": "███"})");
    CHECK(masked.calls[0].result == "hello ███");
    CHECK_FALSE(masked.metrics.end_to_end_latency_s);
}

TEST_CASE("every round has its own order, each answer stands in one slot, and a new snapshot leaves it there") {
    engine::Snapshot now = three_candidates(40);
    Blind blind;
    blind.begin(now, kNoLog, 7);
    blind.mask(now);
    std::set<std::vector<std::string>> orders;
    std::vector<std::vector<std::string>> first;
    for (int round = 1; round <= 40; ++round) {
        std::vector<std::string> order;
        for (const char* slot : {"c1", "c2", "c3"}) order.push_back(blind.behind(round, slot));
        CHECK(std::set<std::string>(order.begin(), order.end()).size() == 3);
        orders.insert(order);
        first.push_back(order);
    }
    CHECK(orders.size() == 6);  // all there are
    edit(now, 3).answers[0].rating.stars = 5;
    const engine::Snapshot& shown = blind.mask(now);
    for (int round = 1; round <= 40; ++round)
        CHECK(blind.behind(round, "c2") == first[static_cast<std::size_t>(round - 1)][1]);
    int starred = 0;
    for (const session::Answer& one : shown.session.rounds[2]->answers)
        if (one.rating.stars == 5) {
            ++starred;
            CHECK(blind.behind(3, one.candidate) == "c1");
        }
    CHECK(starred == 1);
}

TEST_CASE("votes, ratings and skips of slots are those of the candidates behind them, and come back as slots") {
    engine::Snapshot now = three_candidates(2);
    Blind blind;
    blind.begin(now, kNoLog, 3);
    blind.mask(now);
    engine::Command vote = engine::GiveVote{2, {"c1", "c3", session::Vote::Winner::a}};
    blind.translate(vote);
    const session::Vote& real = std::get<engine::GiveVote>(vote).vote;
    CHECK(real.a == blind.behind(2, "c1"));
    CHECK(real.b == blind.behind(2, "c3"));
    edit(now, 2).votes.push_back(real);
    const auto& masked = blind.mask(now).session.rounds[1]->votes;
    REQUIRE(masked.size() == 1);
    CHECK(masked[0] == session::Vote{"c1", "c3", session::Vote::Winner::a});

    engine::Command rate = engine::Rate{1, "c2", {.stars = 4}};
    blind.translate(rate);
    CHECK(std::get<engine::Rate>(rate).candidate == blind.behind(1, "c2"));
    engine::Command skip = engine::SkipCandidate{1, "c2"};
    blind.translate(skip);
    CHECK(std::get<engine::SkipCandidate>(skip).candidate ==
          blind.behind(1, "c2"));  // of the round that failed, not of the last
    engine::Command forget = engine::ForgetOldest{1, "c2"};
    blind.translate(forget);
    CHECK(std::get<engine::ForgetOldest>(forget).candidate == blind.behind(1, "c2"));
}

TEST_CASE("earlier attempts are masked as the answers are") {
    engine::Snapshot now = three_candidates(1);
    session::Answer earlier = now.session.rounds[0]->answers[1];
    earlier.stream = *session::AnswerStream::holding("Qwen2.5 speaks", "");
    session::Round& round = edit(now, 1);
    round.answers[1].attempt = 2;
    round.replaced.push_back(earlier);
    Blind blind;
    blind.begin(now, kNoLog, 1);
    const session::Round& masked = *blind.mask(now).session.rounds[0];
    REQUIRE(masked.replaced.size() == 1);
    const session::Answer& shown = masked.replaced[0];
    CHECK(blind.behind(1, shown.candidate) == "c2");
    CHECK(shown.attempt == 1);
    CHECK(shown.text().find("Qwen") == std::string::npos);
    CHECK(shown.failure->message.find("Second choice") == std::string::npos);
    CHECK(shown.server.empty());
}

TEST_CASE("what was rated and voted before is hidden, stays, and gives way to what is said in blind mode") {
    engine::Snapshot now = three_candidates(1);
    edit(now, 1).answers[0].rating = {.thumbs = 1, .stars = 4, .note = "the warm one"};
    edit(now, 1).votes.push_back({"c1", "c2", session::Vote::Winner::a});
    edit(now, 1).votes.push_back({"c1", "c3", session::Vote::Winner::tie});
    Blind blind;
    blind.begin(now, kNoLog, 3);
    const auto slot_of = [&](const char* candidate) {
        for (const char* slot : {"c1", "c2", "c3"})
            if (blind.behind(1, slot) == candidate) return std::string(slot);
        return std::string();
    };
    CHECK(blind.mask(now).session.rounds[0]->votes.empty());
    const std::string first = slot_of("c1");
    CHECK(blind.mask(now).session.rounds[0]->find(first)->rating.is_empty());

    engine::Command rate = engine::Rate{1, first, {.stars = 4}};
    blind.translate(rate);
    CHECK(std::get<engine::Rate>(rate).rating == session::Rating{.thumbs = 1, .stars = 4, .note = "the warm one"});
    edit(now, 1).answers[0].rating = std::get<engine::Rate>(rate).rating;
    CHECK(blind.mask(now).session.rounds[0]->find(first)->rating == session::Rating{.stars = 4});
    engine::Command none = engine::Rate{1, first, {}};  // taken back again
    blind.translate(none);
    CHECK(std::get<engine::Rate>(none).rating == session::Rating{.thumbs = 1, .note = "the warm one"});

    engine::Command vote = engine::GiveVote{1, {first, slot_of("c2"), session::Vote::Winner::a}};
    blind.translate(vote);
    edit(now, 1).answers[0].warnings.clear();  // the engine has taken the same vote
    CHECK(blind.mask(now).session.rounds[0]->votes.size() == 1);
}

TEST_CASE("a text that streams is masked as it comes, and is whole at its end") {
    engine::Snapshot now = three_candidates(0);
    auto stream = *session::AnswerStream::make();
    session::Answer running = answer("c1", "");
    running.state = session::AnswerState::streaming;
    running.round = 1;
    running.stream = stream;
    add_round(now, "Who?", {running});
    Blind blind;
    blind.begin(now, kNoLog, 1);
    const auto text = [&](const engine::Snapshot& shown) {
        return std::string(shown.session.rounds[0]->answers[0].text());
    };
    const engine::Snapshot& shown = blind.mask(now);
    REQUIRE(stream->append_text("Hello, I am Zep"));
    blind.pull();
    CHECK(text(shown) == "Hello, I am ");
    REQUIRE(stream->append_text("hyr, and I am zephy"));
    blind.pull();
    CHECK(text(shown) == "Hello, I am ███, and I am ");
    edit(now, 1).answers[0].state = session::AnswerState::complete;
    CHECK(text(blind.mask(now)) == "Hello, I am ███, and I am ███");
}

TEST_CASE("the log says what happened, not to whom") {
    const engine::Snapshot now = three_candidates(1);
    Blind blind;
    blind.begin(now,
                {LogEntry{.server = "rack", .label = "Second choice", .round = 1, .text = "qwen2.5-7b is loading"}}, 1);
    blind.note({.server = "rack", .label = "zephyr-7b-beta", .text = "The answer of zephyr-7b-beta is complete."});
    REQUIRE(blind.log().size() == 2);
    for (const LogEntry& entry : blind.log()) {
        CHECK(entry.server.empty());
        CHECK(entry.label.empty());
    }
    CHECK(blind.log()[0].text == "███ is loading");
    CHECK(blind.log()[1].text == "The answer of ███ is complete.");
    blind.end();
    CHECK_FALSE(blind.is_on());
}
