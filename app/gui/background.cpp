#include "gui/background.h"

#include <condition_variable>
#include <deque>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace llmc::gui {

struct Background::Impl {
    std::function<void()> wake;
    base::Mutex mutex;
    std::condition_variable_any has_job;
    std::deque<Job> waiting LLMC_GUARDED_BY(mutex);
    std::vector<Finish> ended LLMC_GUARDED_BY(mutex);
    bool is_running LLMC_GUARDED_BY(mutex) = false;
    std::jthread thread;  // the last member: it uses the others

    void serve(const std::stop_token& stop) {
        base::Lock lock(mutex);
        // After a stop the wait gives true as long as jobs are left: a file that was to be saved is saved.
        const auto has_any = [this] {
            mutex.assert_held();
            return !waiting.empty();
        };
        while (has_job.wait(lock, stop, has_any)) {
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
        const base::Lock lock(impl_->mutex);
        impl_->waiting.push_back(std::move(job));
    }
    impl_->has_job.notify_one();
}

bool Background::finish() {
    std::vector<Finish> ended;
    {
        const base::Lock lock(impl_->mutex);
        ended.swap(impl_->ended);
    }
    for (const auto& finish : ended) {
        if (finish) finish();
    }
    return !ended.empty();
}

bool Background::is_idle() const {
    const base::Lock lock(impl_->mutex);
    return impl_->waiting.empty() && !impl_->is_running && impl_->ended.empty();
}

}  // namespace llmc::gui
