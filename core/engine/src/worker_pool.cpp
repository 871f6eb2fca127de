#include "worker_pool.h"

#include <system_error>

namespace llmc::engine {

WorkerPool::WorkerPool(std::size_t max_threads) : max_threads_(max_threads) {
    add_thread();
}

void WorkerPool::add_thread() {
    threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() {
    {
        const base::Lock lock(mutex_);
        is_closing_ = true;
    }
    changed_.notify_all();
    threads_.clear();  // joins
}

void WorkerPool::run(std::function<void()> job) {
    const base::Lock lock(mutex_);
    jobs_.push_back(std::move(job));
    changed_.notify_one();
    if (idle_ >= jobs_.size() || threads_.size() >= max_threads_) return;
    try {
        add_thread();
    } catch (const std::system_error&) {  // the system has no more: a limit on processes
    }
}

void WorkerPool::work() {
    base::Lock lock(mutex_);
    for (;;) {
        ++idle_;
        while (!is_closing_ && jobs_.empty()) changed_.wait(lock);
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
