// Threads for blocking jobs: as many as run at once, kept for the next job.
//
// Thread contract: run() by any thread; the destructor waits for all jobs (whoever owns the pool cancels them first).
// Where the system gives no more threads, jobs wait for those that are there: one is made with the pool.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace llmc::engine {

class WorkerPool {
public:
    explicit WorkerPool(std::size_t max_threads);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    // Runs `job` as soon as a thread is free; makes one where none is, up to the maximum.
    void run(std::function<void()> job);

private:
    void add_thread() LLMC_REQUIRES(mutex_);
    void work();

    const std::size_t max_threads_;
    base::Mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<std::function<void()>> jobs_ LLMC_GUARDED_BY(mutex_);
    std::size_t idle_ LLMC_GUARDED_BY(mutex_) = 0;
    bool is_closing_ LLMC_GUARDED_BY(mutex_) = false;
    std::vector<std::jthread> threads_ LLMC_GUARDED_BY(mutex_);
};

}  // namespace llmc::engine
