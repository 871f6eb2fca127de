#include "gui/judging.h"

#include <utility>

#include <fmt/format.h>

#include "base/mutex.h"
#include "metrics/words.h"

namespace llmc::gui {

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

void Judging::start(session::Session session, engine::JudgeOrder order) {
    if (state_.is_running) return;
    state_ = {.is_running = true, .model = order.judge.model, .server = order.judge.server};
    session_id_ = session.id;
    gives_way_ = false;
    thread_ = std::jthread(
        [shared = shared_, session = std::move(session), order = std::move(order)](const std::stop_token& stop) {
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

void Judging::stop() {
    if (!state_.is_running) return;
    state_.is_stopping = true;
    thread_.request_stop();
}

void Judging::give_way() {
    if (!state_.is_running || state_.is_stopping) return;
    gives_way_ = true;
    stop();
}

Judging::News Judging::pull() {
    const base::Lock lock(shared_->mutex);
    state_.questions_done = shared_->progress.questions_done;
    state_.questions_total = shared_->progress.questions_total;
    News news;
    auto outcome = std::exchange(shared_->outcome, std::nullopt);
    if (!outcome) return news;
    state_.is_running = state_.is_stopping = false;
    for (const std::string& what : outcome->missing) news.told.push_back({what, true});
    const std::string& name = outcome->judge.name();
    if (outcome->is_stopped) {
        const char* what = gives_way_
                               ? "made way for the candidates. Nothing is kept of it: let it judge again when they "
                                 "are done."
                               : "was stopped. Nothing is kept of it.";
        news.told.push_back({fmt::format("{} {}", name, what), false});
    } else if (outcome->missing.empty() && outcome->judge.verdicts.empty()) {
        news.told.push_back({fmt::format("{} found nothing to judge: two complete answers of a round that are not its "
                                         "own, or an answer to a prompt with criteria.",
                                         name),
                             false});
    } else if (outcome->missing.empty()) {
        news.told.push_back(
            {fmt::format("{} gave {}.", name, metrics::counted(outcome->judge.verdicts.size(), "verdict", "verdicts")),
             false});
        news.session_id = session_id_;
        news.judge = std::move(outcome->judge);
    }
    return news;
}

}  // namespace llmc::gui
