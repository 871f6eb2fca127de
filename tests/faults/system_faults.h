// Makes the system calls of files fail in their turn, below one folder, in a program that is linked with --wrap for
// them (CMakeLists.txt). So whatever saves files is tested as it is, without a seam of its own.
//
// Thread contract: set and read between saves; the calls themselves may come from any thread.
#pragma once

#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace llmc::faults {

// What happens instead of the call.
struct Fault {
    const char* name;           // "ENOSPC"
    int error;                  // errno
    bool is_short = false;      // a write takes half of its bytes first, and fails when it is called again
    bool does_no_harm = false;  // the save has to go on
};

inline constexpr Fault kFaults[] = {
    {"ENOSPC", ENOSPC},
    {"EDQUOT", EDQUOT},
    {"EIO", EIO},
    {"EROFS", EROFS},
    {"EINTR", EINTR, false, true},
    {"short write, then ENOSPC", ENOSPC, true},
    {"short write", 0, true, true},
};

// From now on call number `at` (from 1) below `folder` meets `fault`; 0: none.
void watch(const std::filesystem::path& folder, int at, const Fault& fault);

// Since watch(): the calls made, in order, and the descriptors that are still open.
std::vector<std::string> calls();
int open_descriptors();
// Whether the fault has come to pass: a short write only can in write().
bool has_happened();

}  // namespace llmc::faults
