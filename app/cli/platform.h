// What the command line needs of the system: the terminal's width, Ctrl+C, and a wait that workers and signals can end.
//
// Thread contract: Wakeups::wake() by any thread and from the signal handler; the rest by the main thread.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <system_error>

#include "engine/engine.h"
#include "signals/stop_signals.h"

namespace llmc::cli {

bool is_terminal(int descriptor);
// Columns and rows; nothing where it is no terminal.
struct TerminalSize {
    int columns = 80;
    int rows = 24;
};
std::optional<TerminalSize> terminal_size(int descriptor);

// Writing a file beyond the size that this process may write (ulimit -f) has to be an error, as on a full disk, and not
// the end of the program. Call once in main().
void ignore_file_size_signal();

// Writes all of it; else gives why not (broken_pipe: nobody reads any more).
std::error_code write_all(int descriptor, std::string_view bytes);

// Ends the main thread's wait. While one exists, SIGINT, SIGTERM and SIGHUP are counted instead of ending the program;
// the third one ends it. At most one at a time.
class Wakeups final : public engine::Waker {
public:
    Wakeups();
    ~Wakeups() override;
    Wakeups(const Wakeups&) = delete;
    Wakeups& operator=(const Wakeups&) = delete;

    void wake() override;
    // Returns when woken, at a signal, or after `at_most`.
    void wait(std::chrono::nanoseconds at_most);
    // Signals so far.
    int interruptions() const;
    bool is_terminated() const;  // one of them was SIGTERM

private:
    int descriptor_ = -1;
    std::optional<StopSignals> signals_;
};

}  // namespace llmc::cli
