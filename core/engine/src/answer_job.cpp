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

void AnswerControl::set_sent(base::TimePoint when) {
    first_token_.store({}, std::memory_order_release);
    sent_.store(when, std::memory_order_release);
}

std::optional<base::Duration> AnswerControl::model_load() const {
    const auto load = model_load_ns_.load(std::memory_order_acquire);
    if (load < 0) return std::nullopt;
    return base::Duration{load};
}

}  // namespace llmc::engine
