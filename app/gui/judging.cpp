#include "gui/judging.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/mutex.h"
#include "metrics/words.h"

namespace llmc::gui {
namespace {

bool is_among(const session::Server& server, const std::vector<session::Server>& servers) {
    return std::ranges::find(servers, server.url, &session::Server::url) != servers.end();
}

std::string kept_words(std::size_t verdicts) {
    return verdicts == 0 ? "no verdict was given yet"
                         : metrics::counted(verdicts, "verdict is kept", "verdicts are kept");
}

}  // namespace

// Between the window and the thread of a judge.
struct Judging::Shared {
    explicit Shared(std::function<void()> wakes) : wake(std::move(wakes)) {}

    const std::function<void()> wake;
    base::Mutex mutex;
    engine::JudgeProgress progress LLMC_GUARDED_BY(mutex);
    std::optional<engine::JudgeOutcome> outcome LLMC_GUARDED_BY(mutex);
};

Judging::Judging(std::function<void()> wake) : shared_(std::make_shared<Shared>(std::move(wake))) {}

Judging::~Judging() = default;

void Judging::want(engine::JudgeOrder order, const engine::Snapshot& now, const session::Judge* known) {
    if (state_.is_wanted) return;
    state_ = {.is_wanted = true, .model = order.judge.model, .server = order.judge.server};
    order_ = std::move(order);
    session_id_ = now.session.id;
    server_.clear();
    if (known) {
        server_ = known->server;
        order_.judge.words = known->words;
        order_.judge.verdicts = known->verdicts;
    }
    judged_.reset();
}

void Judging::stop() {
    if (!state_.is_running)
        state_.is_wanted = false;
    else if (!std::exchange(state_.is_stopping, true))
        thread_.request_stop();
    makes_room_ = false;
}

void Judging::make_room(const engine::Snapshot& now) {
    if (!state_.is_running || state_.is_stopping) return;
    const auto free = engine::servers_beside(now.servers, now.session.candidates, order_.judge);
    if (std::ranges::all_of(in_use_, [&](const session::Server& one) { return is_among(one, free); })) return;
    stop();
    makes_room_ = true;
}

void Judging::go_on(const engine::Snapshot& now) {
    if (!state_.is_wanted) return;
    if (now.session.id != session_id_) return stop();
    const bool is_busy = engine::is_busy(now.activity);
    if (is_busy) make_room(now);
    if (state_.is_running) return;
    if (judged_ == now.session.rounds) {  // there is nothing new
        state_.is_wanted = is_busy;
        return;
    }
    const std::vector<session::Candidate> nobody;
    auto servers = engine::servers_beside(now.servers, is_busy ? now.session.candidates : nobody, order_.judge);
    if (servers.empty() && !is_busy) servers = order_.servers;  // it is told that none has the model
    if (!servers.empty()) start(now, std::move(servers));
}

void Judging::start(const engine::Snapshot& now, std::vector<session::Server> servers) {
    in_use_ = servers;
    engine::JudgeOrder order = order_;
    order.servers = std::move(servers);
    order.may_begin_anew = !judged_;
    judged_ = now.session.rounds;
    state_.is_running = true;
    thread_ =
        std::jthread([shared = shared_, session = now.session, order = std::move(order)](const std::stop_token& stop) {
            engine::JudgeOutcome outcome =
                engine::run_judge(session, order, stop, [&](const engine::JudgeProgress& progress) {
                    bool is_news = false;
                    {
                        const base::Lock lock(shared->mutex);
                        is_news = progress.questions_done != shared->progress.questions_done ||
                                  progress.questions_total != shared->progress.questions_total;
                        shared->progress = progress;
                    }
                    if (is_news) shared->wake();
                });
            {
                const base::Lock lock(shared->mutex);
                shared->outcome = std::move(outcome);
                shared->progress = {};
            }
            shared->wake();
        });
}

Judging::News Judging::pull(const engine::Snapshot& now) {
    News news;
    if (!state_.is_wanted) return news;
    std::optional<engine::JudgeOutcome> outcome;
    if (state_.is_running) {
        const base::Lock lock(shared_->mutex);
        state_.questions_done = shared_->progress.questions_done;
        state_.questions_total = shared_->progress.questions_total;
        outcome = std::exchange(shared_->outcome, std::nullopt);
    }
    if (outcome) take(*std::move(outcome), news);
    go_on(now);
    return news;
}

void Judging::take(engine::JudgeOutcome outcome, News& news) {
    const bool was_asked_to_stop = std::exchange(state_.is_stopping, false);
    const bool is_first = order_.judge.verdicts.empty();
    state_.is_running = false;
    for (const std::string& what : outcome.missing) news.told.push_back({what, true});
    const std::string& name = outcome.judge.name();
    if (outcome.is_stopped && makes_room_)
        news.told.push_back({fmt::format("{} made way for the candidates: {}. It goes on when a server is free.", name,
                                         kept_words(outcome.new_verdicts)),
                             false});
    else if (outcome.is_stopped)
        news.told.push_back({fmt::format("{} was stopped: {}.", name, kept_words(outcome.new_verdicts)), false});
    else if (outcome.missing.empty() && outcome.judge.verdicts.empty() && is_first)
        news.told.push_back({engine::nothing_to_judge(outcome.judge), false});
    else if (outcome.new_verdicts > 0)
        news.told.push_back(
            {fmt::format("{} gave {}.", name, metrics::counted(outcome.new_verdicts, "verdict", "verdicts")), false});
    if (!outcome.missing.empty() || (was_asked_to_stop && !makes_room_)) state_.is_wanted = false;
    if (outcome.is_stopped && makes_room_) judged_ = session::Rounds();  // there is more to judge
    makes_room_ = false;
    if (server_.empty()) server_ = outcome.judge.server;
    outcome.judge.server = server_;  // one that is pinned nowhere may judge here and there
    order_.judge.words = outcome.judge.words;
    order_.judge.verdicts = outcome.judge.verdicts;
    if (outcome.new_verdicts == 0) return;
    news.session_id = session_id_;
    news.judge = std::move(outcome.judge);
}

}  // namespace llmc::gui
