// The director under any sequence of commands and ends: what must hold after every one of them.
#include <map>
#include <set>
#include <tuple>

#include <doctest/doctest.h>

#include "fake_world.h"
#include "suite/suite.h"

using namespace llmc;
using namespace llmc::test;
using engine::Activity;
using engine::Event;
using session::AnswerState;

namespace {

suite::Suite small_suite() {
    const auto json = base::parse_ordered_json(R"({"format": "llm-compare-suite", "version": 1, "name": "s",
        "context": "fresh", "prompts": [{"id": "one", "prompt": "First?"}, {"id": "two", "prompt": "Second?"}]})");
    auto made = suite::suite_from_json(json.value());
    REQUIRE(made.ok());
    return std::move(made).value();
}

const std::vector<std::string> kModels{"a", "b", "c", "d"};

enum class Step {
    add,
    change,
    remove,
    bring_back,
    configure,
    by_model,
    keep_going,
    send,
    set_queue,
    pause,
    go_on,
    stop_after_round,
    stop,
    retry,
    retry_answer,
    skip,
    refresh,
    open,
    clear,
    run_suite,
    complete,
    fail,
    refuse_connection,
    obey_stops,
    all_manifests,
    poor_manifest,
    no_manifest,
    tick,
    count
};

// Plays steps, and checks after each what must hold whatever happened before.
class Model {
public:
    explicit Model(unsigned seed) : random_(seed) {
        world_.configure(servers(2));
        for (int i = 0; i < 3; ++i) play(Step::add);
        play(Step::all_manifests);
        saved_ = world_.now().session;
    }

    void play(Step step) {
        CAPTURE(static_cast<int>(step));
        const engine::Snapshot before = world_.now();
        const std::size_t ends = said_ends();
        known_ids_ = ids_of(before.session, std::move(known_ids_));
        carry_out(step, before);
        check(before, ends, step);
    }
    Step any() { return static_cast<Step>(pick(static_cast<std::size_t>(Step::count))); }

    // Everything that goes on by itself comes to its end.
    void drain() {
        for (int i = 0; i < 300; ++i) {
            if (!engine::is_busy(world_.now().activity) && world_.jobs.empty()) return;
            play(Step::obey_stops);
            play(Step::all_manifests);
            play(Step::complete);
        }
        FAIL_CHECK("it goes on for ever");
    }
    Activity activity() const { return world_.now().activity; }

private:
    using Key = std::tuple<std::string, int, std::string, int>;  // session, round, candidate, attempt

    std::size_t pick(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

    std::vector<session::Server> servers(int max_concurrent) {
        return {server("127.0.0.1:1", max_concurrent), server("127.0.0.1:2")};
    }
    std::string any_candidate(const engine::Snapshot& now, bool is_removed) {
        std::vector<std::string> ids;
        for (const auto& one : now.session.candidates)
            if (one.is_removed == is_removed) ids.push_back(one.id);
        return ids.empty() ? "c0" : ids[pick(ids.size())];
    }
    std::size_t said_ends() const { return world_.count(Event::Kind::done) + world_.count(Event::Kind::refused); }

    static std::set<std::string> ids_of(const session::Session& session, std::set<std::string> ids) {
        for (const auto& one : session.candidates) ids.insert(one.id);
        for (const auto& round : session.rounds)
            for (const auto& answer : round->answers) ids.insert(answer.candidate);
        return ids;
    }

    void carry_out(Step step, const engine::Snapshot& now) {
        switch (step) {
            case Step::add: return add();
            case Step::change: {
                session::Candidate changed = candidate(kModels[pick(4)]);
                changed.id = any_candidate(now, false);
                return world_.command(engine::ChangeCandidate{changed, pick(4)});
            }
            case Step::remove: return take_out(engine::RemoveCandidate{any_candidate(now, false)});
            case Step::skip: return take_out(engine::SkipCandidate{now.round_now, any_candidate(now, false)});
            case Step::bring_back: {
                session::Candidate back = candidate(kModels[pick(4)]);
                back.id = any_candidate(now, true);
                out_.erase(back.id);
                return world_.command(engine::ChangeCandidate{back, {}});
            }
            case Step::configure: return world_.configure(servers(1 + static_cast<int>(pick(3))), now.session.settings);
            case Step::by_model:
            case Step::keep_going: {
                session::Settings settings = now.session.settings;
                if (step == Step::by_model)
                    settings.order = pick(2) ? session::Order::by_model : session::Order::rotate;
                else
                    settings.on_failure = pick(2) ? session::OnFailure::halt : session::OnFailure::keep_going;
                return world_.configure(now.session.servers, settings);
            }
            case Step::send: return world_.send({"p" + std::to_string(++prompts_), "and more"});
            case Step::set_queue: {
                std::vector<std::string> queue = world_.queue();
                if (!queue.empty()) queue.erase(queue.begin());
                return world_.command(engine::SetQueue{queue});
            }
            case Step::pause: return world_.command(engine::Pause{});
            case Step::go_on: return world_.command(engine::Continue{});
            case Step::stop_after_round: return world_.command(engine::StopAfterRound{});
            case Step::stop:
                world_.command(engine::StopNow{});
                CHECK((world_.now().activity == Activity::stopping || !engine::is_busy(world_.now().activity)));
                return;
            case Step::retry: return world_.command(engine::Retry{});
            case Step::retry_answer: return retry_answer(now);
            case Step::refresh: return world_.command(engine::RefreshManifests{});
            case Step::open: return open(now);
            case Step::clear: return world_.command(engine::Clear{});
            case Step::run_suite: return world_.command(engine::RunSuite{small_suite(), 1});
            default: return go_on(step);
        }
    }

    // What comes back from outside.
    void go_on(Step step) {
        switch (step) {
            case Step::complete:
                if (!world_.jobs.empty()) {
                    const std::size_t index = pick(world_.jobs.size());
                    world_.complete(index, words_of(world_.jobs[index].key.candidate));
                }
                return;
            case Step::fail:
                if (!world_.jobs.empty()) world_.end(pick(world_.jobs.size()), AnswerState::cut_off, "half");
                return;
            case Step::refuse_connection:
                if (!world_.jobs.empty()) {
                    engine::AnswerEnd end{.key = world_.take(pick(world_.jobs.size())).key};
                    end.failure = session::Failure{net::Phase::connect, 0, ErrorKind::connection, "refused."};
                    end.never_connected = true;
                    world_.director.handle(std::move(end));
                }
                return;
            case Step::obey_stops: return world_.obey_stops();
            case Step::all_manifests: return answer_manifests(manifest(kModels));
            case Step::poor_manifest: return answer_manifests(manifest({"a"}));
            case Step::no_manifest: return answer_manifests(Error{ErrorKind::connection, "is not there"});
            default: world_.clock->advance(std::chrono::seconds{31}); return world_.director.handle(engine::Tick{});
        }
    }

    // One after the other: what one of them sends the next one may stop.
    void answer_manifests(const Result<openai::Manifest>& with) {
        for (std::size_t left = world_.manifest_queries.size(); left > 0; --left) {
            world_.answer_manifest(0, with);
            check_jobs(world_.now());
        }
    }

    void add() {
        world_.command(engine::AddCandidate{candidate(kModels[pick(4)]), {}});
        int added = 0;
        const std::set<std::string> active = ids_of(world_.now().session, {});
        for (const std::string& id : active) added += known_ids_.contains(id) ? 0 : 1;
        CHECK(added == 1);  // an id that was never there
    }

    // Of one that can be retried, where there is one.
    void retry_answer(const engine::Snapshot& now) {
        std::vector<const session::Answer*> failed;
        for (const auto& round : now.session.rounds)
            for (const session::Answer& answer : round->answers)
                if (engine::can_retry(now, answer)) failed.push_back(&answer);
        if (failed.empty()) return world_.command(engine::RetryAnswer{1, "c1"});
        const session::Answer& one = *failed[pick(failed.size())];
        world_.command(engine::RetryAnswer{one.round, one.candidate});
        if (now.activity != Activity::running && now.activity != Activity::paused) return;
        const session::Answer* again =
            world_.now().session.rounds[static_cast<std::size_t>(one.round - 1)]->find(one.candidate);
        CHECK(again->attempt == one.attempt + 1);
    }

    template <class Command>
    void take_out(const Command& command) {
        out_.insert(command.candidate);
        world_.command(command);
    }

    // A session of before, or another one with the same ids.
    void open(const engine::Snapshot& now) {
        session::Session other = saved_;
        if (pick(2)) other.id = "other " + std::to_string(++prompts_);
        world_.command(engine::Open{.session = other, .journal = {}});
        if (world_.now().session.id == other.id && now.session.id != other.id) out_.clear();
        if (!world_.jobs.empty()) return;
        out_.clear();
        for (const auto& one : world_.now().session.candidates)
            if (one.is_removed) out_.insert(one.id);
        ended_.clear();  // an older state of the same session may have come back
        sent_.clear();
    }

    std::string words_of(const std::string& candidate) const { return "words of " + candidate; }

    void check(const engine::Snapshot& before, std::size_t ends, Step step) {
        const engine::Snapshot now = world_.now();
        check_activity(before, now, ends, step == Step::open);
        check_rounds(now);
        check_jobs(now);
        for (const auto& one : now.session.candidates)
            if (out_.contains(one.id)) CHECK(one.is_removed);
        if (pick(20) == 0 && world_.jobs.empty()) saved_ = now.session;
    }

    void check_activity(const engine::Snapshot& before, const engine::Snapshot& now, std::size_t ends,
                        bool was_opened) {
        CAPTURE(engine::activity_name(now.activity));
        CAPTURE(engine::activity_name(before.activity));
        const bool runs = !world_.jobs.empty(), asks = !world_.manifest_queries.empty();
        switch (now.activity) {
            case Activity::idle:
            case Activity::halted:
                CHECK_FALSE(runs);
                CHECK_FALSE(engine::has_open_answers(now));  // nothing waits where nothing will take it
                break;
            case Activity::starting: CHECK(asks); break;
            case Activity::running: CHECK((runs || asks)); break;
            case Activity::stopping: CHECK(runs); break;
            case Activity::paused: CHECK((runs || !now.session.queue.empty() || engine::has_open_answers(now))); break;
        }
        // Whoever waits for an end hears of it; an older state of the same session has not ended.
        const bool is_at_rest = now.activity == Activity::idle || now.activity == Activity::halted;
        const bool was_stopping = before.activity == Activity::stopping && now.activity != Activity::stopping;
        if (!was_opened && before.session.id == now.session.id &&
            ((engine::is_busy(before.activity) && is_at_rest) || was_stopping))
            CHECK(said_ends() > ends);
        if (now.activity == Activity::halted) {
            CHECK(now.session.is_halted);
            CHECK_FALSE(engine::why_halted(now).empty());
        }
        CHECK(now.labels.size() == now.session.candidates.size());
        CHECK(now.rounds_of.size() == now.session.candidates.size());
    }

    void check_rounds(const engine::Snapshot& now) {
        int number = 0, unfinished = 0;
        for (const auto& round : now.session.rounds) {
            REQUIRE(round->number == ++number);
            std::set<std::string> who;
            bool is_open = false;
            for (const session::Answer& answer : round->answers) {
                CHECK(who.insert(answer.candidate).second);
                is_open = is_open || !session::is_final(answer.state);
                if (answer.state == AnswerState::queued) CHECK(answer.server.empty() != runs(answer));
                check_ended(now.session.id, answer);
            }
            unfinished += is_open ? 1 : 0;
        }
        CHECK((unfinished > 0) == engine::has_open_answers(now));
        CHECK(now.rounds_total - now.rounds_done - static_cast<int>(now.session.queue.size()) == unfinished);
        CHECK(now.rounds_done >= 0);
        check_answers(now);
        for (const auto& one : now.session.candidates)
            if (const session::Answer* answer = engine::answer_now(now, one.id)) CHECK(answer->candidate == one.id);
    }

    // The batch counts what its rounds hold.
    void check_answers(const engine::Snapshot& now) {
        int done = 0, all = 0, taking_part = 0;
        const auto rounds = static_cast<int>(now.session.rounds.size() + now.session.queue.size());
        for (const auto& one : now.session.candidates) taking_part += one.is_removed ? 0 : 1;
        for (const auto& round : now.session.rounds) {
            if (round->number <= rounds - now.rounds_total) continue;
            for (const session::Answer& answer : round->answers) {
                ++all;
                done += session::is_final(answer.state) ? 1 : 0;
            }
        }
        all += taking_part * static_cast<int>(now.session.queue.size());
        CHECK(now.answers_total == all);
        CHECK(now.answers_done >= 0);
        if (now.session.is_halted)
            CHECK(now.answers_done <= done);
        else
            CHECK(now.answers_done == done);
        const engine::Progress progress = engine::progress_of(now);
        CHECK(progress.first_round <= progress.last_round);
        CHECK(progress.last_round <= progress.rounds);
    }

    bool runs(const session::Answer& answer) const {
        return std::ranges::any_of(world_.jobs, [&](const engine::AnswerJob& job) {
            return job.key.candidate == answer.candidate && job.key.round == answer.round;
        });
    }

    // An answer that has ended stays as it is.
    void check_ended(const std::string& session, const session::Answer& answer) {
        if (!session::is_final(answer.state)) return;
        const Key key{session, answer.round, answer.candidate, answer.attempt};
        const auto [known, is_new] = ended_.try_emplace(key, answer.state, std::string(answer.text()));
        if (is_new) return;
        CHECK(known->second.first == answer.state);
        CHECK(known->second.second == answer.text());
    }

    void check_jobs(const engine::Snapshot& now) {
        std::map<int, int> in_flight;  // by port
        std::set<std::string> busy;
        for (const engine::AnswerJob& job : world_.jobs) {
            ++in_flight[job.server.url.port()];
            CHECK(busy.insert(job.key.candidate).second);  // one at a time
            const session::Answer* answer =
                now.session.rounds.at(static_cast<std::size_t>(job.key.round - 1))->find(job.key.candidate);
            REQUIRE(answer);
            CHECK(answer->attempt == job.key.attempt);
            CHECK_FALSE(session::is_final(answer->state));
            const Key key{now.session.id, job.key.round, job.key.candidate, job.key.attempt};
            if (sent_[key] == job.stream.get()) continue;
            sent_[key] = job.stream.get();
            for (int round = 1; round < job.key.round; ++round) {
                const session::Answer* earlier =
                    now.session.rounds[static_cast<std::size_t>(round - 1)]->find(job.key.candidate);
                // One that is tried again on its own waits for what its candidate was at.
                if (earlier && earlier->attempt == 1) CHECK(session::is_final(earlier->state));
            }
            CHECK(now.activity == Activity::running);  // in no pause, no stop and no halt
            CHECK_FALSE(out_.contains(job.key.candidate));
            CHECK(in_flight[job.server.url.port()] <= job.server.max_concurrent);
            for (const openai::Message& message : job.request.messages)
                if (message.role == "assistant") CHECK(message.content == words_of(job.key.candidate));
        }
    }

    std::mt19937 random_;
    FakeWorld world_;
    session::Session saved_;
    std::set<std::string> known_ids_, out_;
    std::map<Key, std::pair<AnswerState, std::string>> ended_;
    std::map<Key, const session::AnswerStream*> sent_;
    int prompts_ = 0;
};

}  // namespace

TEST_CASE("whatever is asked in whatever order, nothing runs unseen, twice, for the wrong one or for ever") {
    for (unsigned seed = 1; seed <= 400; ++seed) {
        CAPTURE(seed);
        Model model(seed);
        for (int i = 0; i < 80; ++i) model.play(model.any());
        model.drain();
    }
}

TEST_CASE("any two things that are asked one after the other, in any situation, end well") {
    const std::vector<std::vector<Step>> situations{
        {},
        {Step::send},
        {Step::send, Step::complete},
        {Step::send, Step::pause, Step::complete},
        {Step::send, Step::stop},
        {Step::send, Step::fail},
        {Step::send, Step::fail, Step::obey_stops},
        {Step::send, Step::fail, Step::obey_stops, Step::retry},
        {Step::by_model, Step::send, Step::complete, Step::complete},
        {Step::add, Step::poor_manifest, Step::send},
        {Step::run_suite, Step::complete},
    };
    unsigned seed = 0;
    for (const auto& situation : situations)
        for (int first = 0; first < static_cast<int>(Step::count); ++first)
            for (int second = 0; second < static_cast<int>(Step::count); ++second) {
                CAPTURE(seed);
                CAPTURE(first);
                CAPTURE(second);
                Model model(++seed);
                for (const Step step : situation) model.play(step);
                model.play(static_cast<Step>(first));
                model.play(static_cast<Step>(second));
                model.drain();
            }
}
