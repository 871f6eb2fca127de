#include "gui/background.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace llmc::gui {

struct Background::Impl {
    std::function<void()> wake;
    mutable std::mutex mutex;
    std::condition_variable_any has_job;
    std::deque<Job> waiting;
    std::vector<Finish> ended;
    bool is_running = false;
    std::jthread thread;  // the last member: it uses the others

    void serve(const std::stop_token& stop) {
        std::unique_lock lock(mutex);
        // After a stop the wait gives true as long as jobs are left: a file that was to be saved is saved.
        while (has_job.wait(lock, stop, [&] { return !waiting.empty(); })) {
            Job job = std::move(waiting.front());
            waiting.pop_front();
            is_running = true;
            lock.unlock();
            Finish finish = job ? job() : nullptr;
            job = nullptr;  // what it holds is given up before it counts as ended
            lock.lock();
            is_running = false;
            ended.push_back(std::move(finish));
            lock.unlock();
            wake();
            lock.lock();
        }
    }
};

Background::Background(std::function<void()> wake) : impl_(std::make_unique<Impl>()) {
    impl_->wake = std::move(wake);
    impl_->thread = std::jthread([impl = impl_.get()](const std::stop_token& stop) { impl->serve(stop); });
}

Background::~Background() = default;

void Background::run(Job job) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->waiting.push_back(std::move(job));
    }
    impl_->has_job.notify_one();
}

bool Background::finish() {
    std::vector<Finish> ended;
    {
        const std::lock_guard lock(impl_->mutex);
        ended.swap(impl_->ended);
    }
    for (const auto& finish : ended) {
        if (finish) finish();
    }
    return !ended.empty();
}

bool Background::is_idle() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->waiting.empty() && !impl_->is_running && impl_->ended.empty();
}

}  // namespace llmc::gui
