#include "engine/journal.h"

#include <fstream>
#include <random>

#include <doctest/doctest.h>

#include "base/file.h"
#include "base/locked_file.h"
#include "base/temp_folder.h"
#include "engine/fake_world.h"
#include "engine/memory_journal.h"
#include "journal_feed.h"
#include "journal_format.h"
#include "journal_writer.h"
#include "report/session_file.h"

using namespace llmc;
using namespace llmc::test;
using engine::JournalItem;
using session::AnswerState;

namespace {

// The session as a crash leaves it: what had not ended is interrupted.
session::Session as_after_a_crash(session::Session session) {
    bool is_unfinished = !session.queue.empty();
    for (std::size_t i = 0; i < session.rounds.size(); ++i) {
        auto copy = std::make_shared<session::Round>(*session.rounds[i]);
        for (session::Answer& answer : copy->answers)
            if (!session::is_final(answer.state)) {
                is_unfinished |= copy->counted(answer.candidate) == &answer;
                answer.state = AnswerState::interrupted;
            }
        for (const session::Candidate& one : session.candidates) copy->settle(one.id);
        session.rounds.set(i, copy);
    }
    session.is_halted = session.is_halted || is_unfinished;
    return session;
}

// What a user would miss, in lines that can be compared.
std::vector<std::string> told(const session::Session& session) {
    std::vector<std::string> lines{session.id, session.is_halted ? "halted" : "not halted"};
    for (const auto& candidate : session.candidates)
        lines.push_back(candidate.id + " " + candidate.model_id + (candidate.is_removed ? " removed" : ""));
    for (const auto& one : session.queue) lines.push_back("waits: " + one->prompt);
    for (const auto& round : session.rounds) {
        lines.push_back("round " + std::to_string(round->number) + ": " + round->prompt);
        for (const auto* list : {&round->answers, &round->replaced})
            for (const session::Answer& answer : *list)
                lines.push_back((list == &round->replaced ? "replaced " : "") + answer.candidate + "#" +
                                std::to_string(answer.attempt) + " " +
                                std::string(session::answer_state_name(answer.state)) + ": " +
                                std::string(answer.text()) + " | " + std::string(answer.reasoning()) + " from " +
                                std::to_string(answer.history_from));
    }
    return lines;
}

// Two candidates through one round that halts, a retry, and a batch that waits.
void play(FakeWorld& world, engine::JournalFeed& feed, MemoryJournal& journal) {
    const auto record = [&] { journal.take(feed.update(world.now().session)); };
    world.begin({server("http://a:1"), server("http://b:1")}, {candidate("one"), candidate("two")});
    world.send({"first", "second", "third"});
    record();
    world.complete(0, "The answer to the first.");
    record();
    (void)world.jobs.front().stream->append_reasoning("thinking");
    world.end(0, AnswerState::cut_off, "a part");
    world.obey_stops();
    record();
    world.command(engine::Retry{});
    world.answer_manifests(manifest({"one", "two"}));
    record();
    world.complete(0, "better");
    record();
    if (!world.jobs.empty()) {
        (void)world.jobs.front().stream->append_text("half of an ans");
        (void)world.jobs.front().stream->append_tool_call({0, 0, "call_1", "weather", "{\"city\":"});
    }
    record();
}

}  // namespace

TEST_CASE("what a journal was told is the session, whatever happened in between") {
    std::mt19937 random(7);
    for (int run = 0; run < 60; ++run) {
        FakeWorld world;
        engine::JournalFeed feed;
        MemoryJournal journal;
        world.begin({server("http://a:1", 2), server("http://b:1")},
                    {candidate("one"), candidate("two"), candidate("one")});
        for (int step = 0; step < 40; ++step) {
            const auto pick = [&](unsigned most) { return random() % most; };
            switch (pick(11)) {
                case 0: world.send({"prompt " + std::to_string(step), "and another"}); break;
                case 1:
                case 2:
                    if (!world.jobs.empty()) world.complete(pick(static_cast<unsigned>(world.jobs.size())));
                    break;
                case 3:
                    if (!world.jobs.empty())
                        (void)world.jobs[pick(static_cast<unsigned>(world.jobs.size()))].stream->append_text("täil ");
                    break;
                case 4:
                    if (!world.jobs.empty() && pick(3) == 0)
                        world.end(pick(static_cast<unsigned>(world.jobs.size())), AnswerState::cut_off, "cut");
                    break;
                case 5: world.obey_stops(); break;
                case 6: world.command(engine::Retry{}); break;
                case 7:
                    if (pick(4) == 0) world.command(engine::StopNow{});
                    break;
                case 8:
                    if (const auto rounds = static_cast<unsigned>(world.now().session.rounds.size()))
                        world.command(engine::RunAgain{
                            {{1 + static_cast<int>(pick(rounds)), "c" + std::to_string(1 + pick(3))}}});
                    break;
                case 9: world.command(engine::Continue{}); break;
                default: world.command(engine::SetQueue{{"only this"}}); break;
            }
            world.answer_manifests(manifest({"one", "two"}));
            if (world.now().session.rounds.empty()) continue;
            journal.take(feed.update(world.now().session));
            const auto recovered = engine::read_journal(journal.bytes(), "journal");
            REQUIRE(recovered.ok());
            CHECK(recovered->damage.empty());
            REQUIRE(told(recovered->session) == told(as_after_a_crash(world.now().session)));
        }
    }
}

TEST_CASE("an answer that was still coming is interrupted, says so, and keeps its text") {
    FakeWorld world;
    engine::JournalFeed feed;
    MemoryJournal journal;
    play(world, feed, journal);
    const auto recovered = engine::read_journal(journal.bytes(), "journal");
    REQUIRE(recovered.ok());
    const session::Session& session = recovered->session;
    CHECK(session.is_halted);
    CHECK(session.halt_reason.find("program ended") != std::string::npos);
    REQUIRE(session.rounds.size() == 2);
    CHECK(session.queue.size() == 1);
    CHECK(session.rounds[0]->replaced.size() == 1);
    bool has_partial = false;
    for (const session::Answer& answer : session.rounds[1]->answers)
        if (answer.text() == "half of an ans") {
            has_partial = true;
            CHECK(answer.state == AnswerState::interrupted);
            CHECK(answer.tool_calls == std::vector<openai::ToolCall>{{"call_1", "weather", "{\"city\":"}});
            REQUIRE(!answer.warnings.empty());
            CHECK(answer.warnings.back().find("program ended") != std::string::npos);
        }
    CHECK(has_partial);
}

TEST_CASE("text that was a thought is none in the session, the history and the journal") {
    FakeWorld world;
    engine::JournalFeed feed;
    MemoryJournal journal;
    world.begin({server("http://a:1")}, {candidate("one")});
    world.send({"first", "second"});
    const engine::AnswerJob job = world.jobs.front();
    CHECK_FALSE(job.begins_in_thought);
    world.director.handle(engine::AnswerUpdate{.key = job.key, .state = AnswerState::processing});
    (void)job.stream->append_text("a secret thought");
    world.director.handle(engine::AnswerUpdate{.key = job.key, .state = AnswerState::streaming});
    journal.take(feed.update(world.now().session));
    (void)journal.bytes();

    const auto next = session::AnswerStream::without_text(*job.stream).value();
    (void)next->append_reasoning(job.stream->text());
    world.director.handle(engine::AnswerUpdate{.key = job.key, .stream = next});
    (void)next->append_text("Yes.");
    journal.take(feed.update(world.now().session));
    const auto killed = engine::read_journal(journal.bytes(), "journal");
    REQUIRE(killed.ok());
    CHECK(told(killed->session) == told(as_after_a_crash(world.now().session)));
    CHECK(killed->session.rounds[0]->answers[0].text() == "Yes.");
    CHECK(killed->session.rounds[0]->answers[0].reasoning() == "a secret thought");

    world.director.handle(engine::AnswerEnd{.key = job.key, .state = AnswerState::complete, .finish_reason = "stop"});
    journal.take(feed.update(world.now().session));
    CHECK(told(engine::read_journal(journal.bytes(), "journal")->session) ==
          told(as_after_a_crash(world.now().session)));
    const engine::AnswerJob& second = world.jobs.back();
    CHECK(second.key.round == 2);
    CHECK(second.begins_in_thought);
    for (const openai::Message& message : second.request.messages)
        CHECK(message.content.find("secret") == std::string::npos);
}

TEST_CASE("a feed that starts in the middle of a session tells all of it") {
    FakeWorld world;
    engine::JournalFeed early, late;
    MemoryJournal first, second;
    play(world, early, first);
    second.take(late.update(world.now().session));
    const auto one = engine::read_journal(first.bytes(), "first");
    const auto other = engine::read_journal(second.bytes(), "second");
    REQUIRE(one.ok());
    REQUIRE(other.ok());
    CHECK(told(one->session) == told(other->session));
}

TEST_CASE("a journal is told nothing where nothing has changed") {
    FakeWorld world;
    engine::JournalFeed feed;
    MemoryJournal journal;
    play(world, feed, journal);
    CHECK(feed.update(world.now().session).empty());
    CHECK(feed.update(world.now().session).empty());
}

TEST_CASE("a torn journal loses its tail and nothing else") {
    FakeWorld world;
    engine::JournalFeed feed;
    MemoryJournal journal;
    play(world, feed, journal);
    const std::string whole = journal.bytes();
    std::size_t readable = 0, last_rounds = 0;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto recovered = engine::read_journal(std::string_view(whole).substr(0, size), "torn");
        if (!recovered) {
            CHECK(recovered.error().message.find("torn") != std::string::npos);
            CHECK(readable == 0);  // a longer beginning never holds less
            continue;
        }
        ++readable;
        CHECK(recovered->is_torn == !recovered->damage.empty());
        CHECK(recovered->session.rounds.size() >= last_rounds);
        last_rounds = recovered->session.rounds.size();
    }
    CHECK(readable > whole.size() / 2);
}

TEST_CASE("a flipped byte ends a journal there: what stands before it counts, nothing false is read") {
    FakeWorld world;
    engine::JournalFeed feed;
    MemoryJournal journal;
    play(world, feed, journal);
    const std::string whole = journal.bytes();
    const auto right = engine::read_journal(whole, "journal");
    REQUIRE(right.ok());
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ (1U << (at % 8)));
        const auto recovered = engine::read_journal(damaged, "damaged");
        if (!recovered) continue;
        CHECK(!recovered->damage.empty());
        if (at < whole.size() / 2) CHECK_FALSE(recovered->is_torn);
        for (const auto& round : recovered->session.rounds)
            for (const session::Answer& answer : round->answers) {
                const session::Answer* known =
                    right->session.rounds.at(static_cast<std::size_t>(round->number - 1))->find(answer.candidate);
                REQUIRE(known != nullptr);
                // Earlier attempts have other texts; they are all in the whole file.
                CHECK(whole.find(answer.text()) != std::string::npos);
            }
    }
}

TEST_CASE("a journal whose session is held elsewhere goes, a damaged one is set aside and offered no more") {
    const base::TempFolder folder;
    const auto path = folder.path() / "journal_20261122_141800_1.llmcj";
    const auto write = [&] { std::ofstream(path) << "more than a mark"; };
    write();
    engine::dismiss_journal({path, false});
    CHECK(std::filesystem::is_empty(folder.path()));
    for (const char* kept : {".damaged", ".damaged_2"}) {
        write();
        CHECK(engine::find_journals(folder.path()).size() == 1);
        engine::dismiss_journal({path, true});
        CHECK(engine::find_journals(folder.path()).empty());
        CHECK(std::filesystem::exists(path.string() + kept));
    }
    engine::dismiss_journal({});  // none
}

TEST_CASE("the writer's file holds what was written when the process ends, and is gone when it was removed") {
    const base::TempFolder folder;
    const auto path = folder.path() / "journal_1.llmcj";
    FakeWorld world;
    engine::JournalFeed feed;
    world.begin({server("http://a:1")}, {candidate("one")});
    world.send({"hello"});
    {
        engine::JournalWriter writer(path, [](Error error) { FAIL(error.message); });
        const auto ticket = writer.write(feed.update(world.now().session));
        ticket->wait(*world.jobs.front().control);  // synced: an answer may be sent now
        const auto on_disk = engine::read_journal(path);
        REQUIRE(on_disk.ok());
        REQUIRE(on_disk->session.rounds.size() == 1);
        CHECK(on_disk->session.rounds[0]->prompt == "hello");
        (void)world.jobs.front().stream->append_text("so far");

        const auto found = engine::find_journals(folder.path());
        REQUIRE(found.size() == 1);
        CHECK(found[0].is_in_use);
        CHECK(!engine::remove_journal(path).ok());
    }
    const auto left = engine::read_journal(path);
    REQUIRE(left.ok());
    CHECK(left->session.rounds[0]->answers[0].text() == "so far");
    CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::all) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    REQUIRE(engine::find_journals(folder.path()).size() == 1);
    CHECK(!engine::find_journals(folder.path())[0].is_in_use);
    {
        engine::JournalWriter writer(folder.path() / "journal_2.llmcj", [](Error error) { FAIL(error.message); });
        engine::JournalFeed whole;
        writer.write(whole.update(world.now().session), {path})->wait(*world.jobs.front().control);
        CHECK(!std::filesystem::exists(path));  // the new one holds all of it
        writer.remove();
    }
    CHECK(engine::find_journals(folder.path()).empty());
}

TEST_CASE("a journal that cannot be written is said once, and nobody waits for it") {
    const base::TempFolder folder;
    base::put(folder / "file", "no folder");
    FakeWorld world;
    engine::JournalFeed feed;
    world.begin({server("http://a:1")}, {candidate("one")});
    world.send({"hello"});
    std::atomic<int> errors{0};
    engine::JournalWriter writer(folder.path() / "file" / "journal_1.llmcj", [&](Error error) {
        ++errors;
        CHECK(error.message.find("journal_1.llmcj") != std::string::npos);
    });
    writer.write(feed.update(world.now().session))->wait(*world.jobs.front().control);
    world.complete(0);
    writer.write(feed.update(world.now().session))->wait(engine::AnswerControl());
    CHECK(errors == 1);
}

TEST_CASE("a ticket's wait ends when the answer is stopped, however long the disk takes") {
    engine::JournalTicket ticket;
    engine::AnswerControl control;
    control.stop(engine::StopReason::stopped);
    ticket.wait(control);  // returns
    CHECK(control.stop_reason() == engine::StopReason::stopped);
}

TEST_CASE("a file is held by one at a time") {
    const base::TempFolder folder;
    auto held = base::LockedFile::create(folder.path() / "x" / "y");
    REQUIRE(held.ok());
    CHECK(!base::LockedFile::create(folder.path() / "x" / "y").ok());
    const auto second = base::LockedFile::claim(folder.path() / "x" / "y");
    REQUIRE(second.ok());
    CHECK(!second->has_value());
    const auto missing = base::LockedFile::claim(folder.path() / "none");
    REQUIRE(missing.ok());
    CHECK(!missing->has_value());
}
