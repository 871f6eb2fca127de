#include "answer_job.h"

namespace llmc::engine {

void AnswerControl::stop(StopReason reason) {
    auto none = StopReason::none;
    reason_.compare_exchange_strong(none, reason, std::memory_order_acq_rel);
    cancellation_.cancel();
    { const base::Lock lock(mutex_); }  // a waiter has either seen the reason or is in wait_for
    stopped_.notify_all();
}

bool AnswerControl::wait(base::Duration time) {
    base::Lock lock(mutex_);
    return !stopped_.wait_for(lock, time, [this] { return stop_reason() != StopReason::none; });
}

std::optional<base::Duration> AnswerControl::model_load() const {
    const auto load = model_load_ns_.load(std::memory_order_acquire);
    if (load < 0) return std::nullopt;
    return base::Duration{load};
}

}  // namespace llmc::engine
