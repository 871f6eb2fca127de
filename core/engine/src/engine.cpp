#include "engine/engine.h"

#include <condition_variable>
#include <deque>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "base/file.h"
#include "base/mutex.h"
#include "base/spsc_queue.h"
#include "base/triple_buffer.h"
#include "director.h"
#include "engine/journal.h"
#include "journal_writer.h"
#include "report/session_file.h"
#include "report/writer.h"
#include "snapshot_diff.h"
#include "worker.h"
#include "worker_pool.h"

namespace llmc::engine {
namespace {

constexpr std::size_t kMaxThreads = 1024;  // 300 answers, and manifests and load states of as many servers

}  // namespace

struct Engine::Impl final : DirectorEffects {
    Impl(Waker& waker_, Options options)
        : clock(std::move(options.clock)),
          waker(waker_),
          http(clock, std::move(options.resolver)),
          director(*this, clock) {
        publish();
        thread = std::jthread([this](const std::stop_token& stop) { direct(stop); });
    }

    ~Impl() override {
        {
            const base::Lock lock(inbox_mutex);  // the director has either seen the request or is in its wait
            thread.request_stop();
        }
        inbox_changed.notify_all();
        thread.join();  // it has told all workers to stop
        for (const auto& query : queries)
            if (const auto running = query.lock()) running->cancel();
        pool.reset();  // waits for them; then the journal has all there is
        end_journal();
    }

    // --- The director's thread

    void direct(const std::stop_token& stop) {
        base::Lock lock(inbox_mutex);
        for (;;) {
            const auto ready = [this, &stop] {
                inbox_mutex.assert_held();
                return !inbox.empty() || stop.stop_requested();
            };
            if (const auto tick = director.next_tick())
                inbox_changed.wait_for(lock, std::max<base::Duration>(*tick - clock->now(), base::Duration{0}), ready);
            else
                inbox_changed.wait(lock, ready);
            if (stop.stop_requested()) break;
            std::deque<Message> messages = std::exchange(inbox, {});
            lock.unlock();
            if (messages.empty()) messages.emplace_back(Tick{});
            for (Message& message : messages) {
                note_journal_wishes(message);
                director.handle(std::move(message));
                if (auto opened = director.take_opened_journal()) replaced_journal = std::move(*opened);
            }
            publish();
            lock.lock();
        }
        lock.unlock();
        director.shut_down();
    }

    // Wakes the front end only for what it can show: servers are asked again and again, mostly with the same answer.
    void publish() {
        auto next = std::make_shared<const Snapshot>(director.snapshot());
        const bool is_news = !pending_events.empty() || !published || !looks_same(*published, *next);
        keep_record(*next);
        published = next;
        snapshots.write(std::move(next));
        // Events go out after the snapshot that holds what they tell.
        // A suite's start has one for each of its answers: their room is not kept.
        for (Event& event : std::exchange(pending_events, {})) events.push(std::move(event));
        if (is_news) wake();
    }

    // Where the journal is written, which the director need not know.
    void note_journal_wishes(const Message& message) {
        const auto* command = std::get_if<Command>(&message);
        if (!command) return;
        if (const auto* configure = std::get_if<Configure>(command)) {
            if (configure->journal_folder != journal_folder) has_journal_failed = false;
            journal_folder = configure->journal_folder;
        }
    }

    // A journal that failed is given up for its session; the next one gets another.
    void follow_session(const std::string& id) {
        if (id == journal_session) return;
        end_journal();
        journal_session = id;
        has_journal_failed = false;
    }

    void end_journal() {
        if (journal && !keeps_journal) journal->remove();
        journal.reset();
    }

    // There is a journal exactly while the session holds something that is not kept elsewhere. Answers start when their
    // prompts are on the disk.
    void keep_record(const Snapshot& next) {
        follow_session(next.session.id);
        if (next.is_kept) end_journal();
        // Recovered without a journal of its own, and in a file now.
        if (next.is_kept) dismiss_journal(std::exchange(replaced_journal, {}));
        std::shared_ptr<JournalTicket> ticket;
        if (!journal_folder.empty() && !has_journal_failed && !next.is_kept) {
            if (!journal) begin_journal();
            if (journal)
                if (auto items = feed.update(next.session); !items.empty())
                    ticket = journal->write(std::move(items), std::exchange(replaced_journal, {}));
        }
        has_journal = journal.has_value();
        for (AnswerJob& job : std::exchange(waiting_jobs, {})) {
            pool->run([this, ticket, job = std::move(job)] {
                if (ticket) ticket->wait(*job.control);
                tell(run_answer(
                    job, {http, *clock, [this](AnswerUpdate update) { tell(std::move(update)); }, [this] { wake(); }}));
            });
        }
    }

    void begin_journal() {
        const auto on_error = [this](Error error) {
            has_journal_failed = true;
            tell(JournalFailed{std::move(error)});
        };
        feed = {};
        try {
            journal.emplace(new_journal_path(journal_folder, clock->wall()), on_error);
        } catch (const std::system_error& error) {  // a limit on processes
            on_error({ErrorKind::io, fmt::format("no thread could be made for it ({})", error.what())});
        }
    }

    void wake() {
        if (!is_dirty.exchange(true, std::memory_order_acq_rel)) waker.wake();
    }

    void tell(Message message) {
        {
            const base::Lock lock(inbox_mutex);
            inbox.push_back(std::move(message));
        }
        inbox_changed.notify_one();
    }
    void tell_all(std::vector<Command> commands) {
        {
            const base::Lock lock(inbox_mutex);
            for (Command& command : commands) inbox.emplace_back(std::move(command));
        }
        inbox_changed.notify_one();
    }

    // --- DirectorEffects

    void start_answer(AnswerJob job) override { waiting_jobs.push_back(std::move(job)); }

    void ask_manifest(ManifestQuery query) override {
        const auto cancellation = new_query();
        pool->run([this, query = std::move(query), cancellation] {
            ManifestReply reply{.server_key = query.server_key, .hints = query.hints};
            const openai::ServerAccess access{query.server.url, query.server.api_key, query.server.ca_file};
            reply.manifest = openai::fetch_manifest(http, access, query.deadlines, reply.hints, *cancellation);
            tell(std::move(reply));
        });
    }

    void ask_load_state(LoadStateQuery query) override {
        const auto cancellation = new_query();
        pool->run([this, query = std::move(query), cancellation] {
            LoadStateReply reply{.key = query.key, .server_key = query.server_key, .model = query.model};
            reply.asked_at = clock->now();
            const openai::ServerAccess access{query.server.url, query.server.api_key, query.server.ca_file};
            const net::Deadlines deadlines{.connect = std::chrono::seconds{2},
                                           .no_progress = std::chrono::seconds{2},
                                           .total = std::chrono::seconds{2}};
            const auto state =
                openai::fetch_load_state(http, access, deadlines, query.hints, query.model, *cancellation);
            if (state.ok()) reply.state = state.value();
            tell(std::move(reply));
        });
    }

    void change_load(LoadQuery query) override {
        const auto cancellation = new_query();
        pool->run([this, query = std::move(query), cancellation] {
            const openai::ServerAccess access{query.server.url, query.server.api_key, query.server.ca_file};
            const auto wait = [&cancellation](base::Duration time) {
                constexpr base::Duration kStep = std::chrono::milliseconds{50};  // a cancellation is noticed so soon
                for (; time > base::Duration{0} && !cancellation->is_cancelled(); time -= kStep)
                    std::this_thread::sleep_for(std::min(time, kStep));
                return !cancellation->is_cancelled();
            };
            tell(LoadReply{query.server_key, query.change,
                           openai::change_load(http, access, query.deadlines, query.change, *cancellation, wait)});
        });
    }

    void emit(Event event) override { pending_events.push_back(std::move(event)); }

    Result<std::vector<std::filesystem::path>> write_reports(const session::Session& session,
                                                             const std::vector<report::Format>& formats,
                                                             const std::filesystem::path& folder) override {
        return report::write_reports(session, formats, folder, clock->wall());
    }

    Result<void> save_session(const session::Session& session, const std::filesystem::path& path) override {
        return base::save_file(path, report::to_session_file(session));
    }

    // Cancelled at the end of the program. It lives as long as its query: each has a descriptor, and servers are asked
    // again and again. Called by the director's thread only.
    std::shared_ptr<net::Cancellation> new_query() {
        std::erase_if(queries, [](const auto& query) { return query.expired(); });
        auto query = std::make_shared<net::Cancellation>();
        queries.push_back(query);
        return query;
    }

    const std::shared_ptr<const base::Clock> clock;
    Waker& waker;
    std::atomic<bool> is_dirty{false};
    net::HttpClient http;
    std::optional<WorkerPool> pool{std::in_place, kMaxThreads};
    std::vector<std::weak_ptr<net::Cancellation>> queries;

    base::TripleBuffer<std::shared_ptr<const Snapshot>> snapshots;
    std::shared_ptr<const Snapshot> published;  // the director's
    base::SpscQueue<Event> events;
    std::vector<Event> pending_events;

    std::filesystem::path journal_folder;
    OldJournal replaced_journal;
    std::optional<JournalWriter> journal;
    JournalFeed feed;
    std::string journal_session;          // whose it is
    std::vector<AnswerJob> waiting_jobs;  // until what is known of them is in the journal
    std::atomic<bool> has_journal_failed{false}, keeps_journal{false}, has_journal{false};

    base::Mutex inbox_mutex;
    std::condition_variable_any inbox_changed;
    std::deque<Message> inbox LLMC_GUARDED_BY(inbox_mutex);
    Director director;
    std::jthread thread;
};

Engine::Engine(Waker& waker) : Engine(waker, Options{}) {}
Engine::Engine(Waker& waker, Options options) : impl_(std::make_unique<Impl>(waker, std::move(options))) {}
Engine::~Engine() = default;

void Engine::post(Command command) {
    impl_->tell(std::move(command));
}

void Engine::post(std::vector<Command> commands) {
    impl_->tell_all(std::move(commands));
}

void Engine::look() {
    impl_->is_dirty.exchange(false, std::memory_order_acq_rel);
}

const Snapshot& Engine::snapshot() {
    return *impl_->snapshots.read();
}

std::optional<Event> Engine::next_event() {
    return impl_->events.pop();
}

bool Engine::keep_journal() {
    impl_->keeps_journal = true;
    return impl_->has_journal && !impl_->has_journal_failed;
}

net::HttpClient& Engine::http() {
    return impl_->http;
}

}  // namespace llmc::engine
