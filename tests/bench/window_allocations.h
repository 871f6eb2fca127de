// Counts what one thread takes from the heap: by operator new, and by Dear ImGui, whose allocator this is in
// benchmarks.
//
// Thread contract: counts are per thread. Linking this file replaces operator new of the whole program. What C
// libraries take by malloc() is not counted.
#pragma once

#include <cstdint>

namespace llmc::bench {

// Has Dear ImGui allocate by operator new; before its context is made.
void count_imgui_allocations();
// Of this thread, since it started.
std::uint64_t allocations();
// While one lives, each allocation of this thread prints its call stack to stderr (addresses, for addr2line).
class AllocationTrace {
public:
    explicit AllocationTrace(bool is_on);
    ~AllocationTrace();
    AllocationTrace(const AllocationTrace&) = delete;
    AllocationTrace& operator=(const AllocationTrace&) = delete;
};

}  // namespace llmc::bench
