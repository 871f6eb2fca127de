// Work that may block on a disk, the network or another program, away from the window's thread.
//
// Thread contract: run() and finish() by the main thread; jobs run on one thread of their own, in order. A job gives
// back what is to be done with its outcome, which finish() calls on the main thread. Invariant: after a job ended,
// `wake` is called. The destructor does the jobs that are left and drops what they leave to do.
#pragma once

#include <functional>
#include <memory>

namespace llmc::gui {

class Background {
public:
    using Finish = std::function<void()>;
    using Job = std::function<Finish()>;

    explicit Background(std::function<void()> wake);
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    void run(Job job);
    // Calls what ended jobs left to do; true where there was any.
    bool finish();
    bool is_idle() const;  // nothing runs, waits or is left to finish

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace llmc::gui
