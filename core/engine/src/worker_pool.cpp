#include "worker_pool.h"

namespace llmc::engine {

WorkerPool::~WorkerPool() {
    {
        const std::lock_guard lock(mutex_);
        is_closing_ = true;
    }
    changed_.notify_all();
    threads_.clear();  // joins
}

void WorkerPool::run(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    if (idle_ < jobs_.size() && threads_.size() < max_threads_)
        threads_.emplace_back([this] { work(); });
    else
        changed_.notify_one();
}

void WorkerPool::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        changed_.wait(lock, [this] { return is_closing_ || !jobs_.empty(); });
        --idle_;
        if (jobs_.empty()) return;  // closing; what was asked for is done
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
        job = nullptr;  // what it holds is freed here, not under the lock
        lock.lock();
    }
}

}  // namespace llmc::engine
