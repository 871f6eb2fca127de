// A mutex whose rules the compiler checks: clang with -Wthread-safety (tools/lint) refuses code that touches a member
// that is LLMC_GUARDED_BY a mutex without holding it. GCC compiles the same code without the check.
//
// Thread contract: that of std::mutex. Waits take a std::condition_variable_any and a Lock; a condition that is given
// as a function begins with mutex.assert_held(), for the analysis does not look through the wait.
#pragma once

#include <mutex>

#if defined(__clang__)
#define LLMC_THREAD_SAFETY(attribute) __attribute__((attribute))
#else
#define LLMC_THREAD_SAFETY(attribute)
#endif
#define LLMC_GUARDED_BY(mutex) LLMC_THREAD_SAFETY(guarded_by(mutex))
#define LLMC_REQUIRES(mutex) LLMC_THREAD_SAFETY(requires_capability(mutex))

namespace llmc::base {

class LLMC_THREAD_SAFETY(capability("mutex")) Mutex {
public:
    void lock() LLMC_THREAD_SAFETY(acquire_capability()) { mutex_.lock(); }
    void unlock() LLMC_THREAD_SAFETY(release_capability()) { mutex_.unlock(); }
    void assert_held() const LLMC_THREAD_SAFETY(assert_capability(this)) {}  // says so, checks nothing at run time

private:
    std::mutex mutex_;
};

// Holds a mutex to the end of its scope; may be let go and taken again in between.
class LLMC_THREAD_SAFETY(scoped_lockable) Lock {
public:
    explicit Lock(Mutex& mutex) LLMC_THREAD_SAFETY(acquire_capability(mutex)) : mutex_(mutex) { mutex_.lock(); }
    ~Lock() LLMC_THREAD_SAFETY(release_capability()) {
        if (is_held_) mutex_.unlock();
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    void lock() LLMC_THREAD_SAFETY(acquire_capability()) {
        mutex_.lock();
        is_held_ = true;
    }
    void unlock() LLMC_THREAD_SAFETY(release_capability()) {
        is_held_ = false;
        mutex_.unlock();
    }

private:
    Mutex& mutex_;
    bool is_held_ = true;
};

}  // namespace llmc::base
