// The command line (product.md section 10): the same engine as the window's, without one.
#pragma once

namespace llmc::cli {

// Exit statuses.
inline constexpr int kOk = 0;             // all rounds complete, all checks passed
inline constexpr int kUsage = 1;          // wrong usage or configuration
inline constexpr int kNoServer = 2;       // no server reachable, or a model missing
inline constexpr int kHalted = 3;         // a failure (reports written)
inline constexpr int kChecksFailed = 4;   // every answer is there, but not all checks of the suite passed
inline constexpr int kInterrupted = 130;  // Ctrl+C or SIGTERM (reports written)

// Parses the arguments, does what they ask and gives the exit status.
int run(int argc, const char* const* argv);

}  // namespace llmc::cli
