// Threads for blocking jobs: as many as run at once, kept for the next job.
//
// Thread contract: run() by any thread; the destructor waits for all jobs (whoever owns the pool cancels them first).
// Where the system gives no more threads, jobs wait for those that are there: one is made with the pool.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

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
    void add_thread();
    void work();

    const std::size_t max_threads_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> jobs_;
    std::size_t idle_ = 0;
    bool is_closing_ = false;
    std::vector<std::jthread> threads_;
};

}  // namespace llmc::engine
