#include "gui/probing.h"

#include <fmt/format.h>

#include "base/mutex.h"
#include "probe/store.h"

namespace llmc::gui {
namespace {

// "qwen: native works": only the best form, since a notice is one line.
std::string words_of(const probe::Probe& probe) {
    const agent::RequestForm best = probe.best();
    return fmt::format("{}: {} {}", probe.model, agent::request_form_name(best),
                       probe::verdict_word(probe.of(best).verdict()));
}

}  // namespace

// Between the window and the thread of a probe.
struct Probing::Shared {
    explicit Shared(std::function<void()> wakes) : wake(std::move(wakes)) {}

    template <class Change>
    void tell(Change change) {
        {
            const base::Lock lock(mutex);
            change();
        }
        wake();
    }

    const std::function<void()> wake;
    base::Mutex mutex;
    engine::ProbeProgress progress LLMC_GUARDED_BY(mutex);
    std::optional<std::vector<probe::Probe>> known LLMC_GUARDED_BY(mutex);
    std::optional<engine::ProbeOutcome> outcome LLMC_GUARDED_BY(mutex);
    std::vector<Told> told LLMC_GUARDED_BY(mutex);
};

Probing::Probing(std::function<void()> wake, std::filesystem::path file)
    : shared_(std::make_shared<Shared>(std::move(wake))), file_(std::move(file)) {
    thread_ = std::jthread([shared = shared_, path = file_] {
        auto known = probe::load_probes(path);
        shared->tell([&] {
            shared->mutex.assert_held();
            if (known)
                shared->known = *std::move(known);
            else
                shared->told.push_back({known.error().message, true});
        });
    });
}

Probing::~Probing() = default;

void Probing::start(engine::ProbeOrder order) {
    if (state_.is_running) return;
    state_.is_running = true;
    state_.is_stopping = false;
    state_.answers_done = state_.answers_total = 0;
    thread_ = std::jthread([shared = shared_, path = file_, order = std::move(order)](const std::stop_token& stop) {
        engine::ProbeOutcome outcome = engine::run_probes(order, stop, [&](const engine::ProbeProgress& progress) {
            bool is_news = false;
            {
                const base::Lock lock(shared->mutex);
                is_news = progress.answers_done != shared->progress.answers_done ||
                          progress.answers_total != shared->progress.answers_total;
                shared->progress = progress;
            }
            if (is_news) shared->wake();
        });
        const auto kept = probe::keep_probes(path, outcome.probes);
        auto known = probe::load_probes(path);
        shared->tell([&] {
            shared->mutex.assert_held();
            if (!kept) shared->told.push_back({"The verdicts are not kept: " + kept.error().message, true});
            if (known) shared->known = *std::move(known);
            shared->outcome = std::move(outcome);
            shared->progress = {};
        });
    });
}

void Probing::stop() {
    if (!state_.is_running) return;
    state_.is_stopping = true;
    thread_.request_stop();
}

std::vector<Probing::Told> Probing::pull() {
    const base::Lock lock(shared_->mutex);
    if (shared_->known) state_.known = *std::exchange(shared_->known, std::nullopt);
    state_.answers_done = shared_->progress.answers_done;
    state_.answers_total = shared_->progress.answers_total;
    std::vector<Told> told = std::exchange(shared_->told, {});
    const auto outcome = std::exchange(shared_->outcome, std::nullopt);
    if (!outcome) return told;
    state_.is_running = state_.is_stopping = false;
    for (const std::string& what : outcome->missing) told.push_back({what, true});
    std::string all;
    for (const probe::Probe& one : outcome->probes) all += (all.empty() ? "" : "; ") + words_of(one);
    if (outcome->is_stopped)
        told.push_back({"The probe was stopped. Nothing is kept of it.", false});
    else if (!all.empty())
        told.push_back({"Best request forms: " + all + ".", false});
    return told;
}

}  // namespace llmc::gui
