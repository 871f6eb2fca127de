#include "window_allocations.h"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <new>

#include <execinfo.h>
#include <imgui.h>
#include <unistd.h>

namespace llmc::bench {
namespace {

struct Count {
    std::uint64_t taken = 0;
    bool is_traced = false;
};
thread_local Count count;

void* take(std::size_t size, std::size_t alignment) {
    ++count.taken;
    if (count.is_traced) {
        count.is_traced = false;  // what prints may allocate
        void* frames[24];
        backtrace_symbols_fd(frames, backtrace(frames, 24), STDERR_FILENO);
        std::fputs("--\n", stderr);
        count.is_traced = true;
    }
    if (alignment <= alignof(std::max_align_t)) return std::malloc(size ? size : 1);
    return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* take_or_throw(std::size_t size, std::size_t alignment) {
    if (void* memory = take(size, alignment)) return memory;
    throw std::bad_alloc();
}

}  // namespace

void count_imgui_allocations() {
    ImGui::SetAllocatorFunctions([](std::size_t size, void*) { return take(size, 1); },
                                 [](void* memory, void*) { std::free(memory); });
}

std::uint64_t allocations() {
    return count.taken;
}

AllocationTrace::AllocationTrace(bool is_on) {
    count.is_traced = is_on;
}

AllocationTrace::~AllocationTrace() {
    count.is_traced = false;
}

}  // namespace llmc::bench

// The other forms of operator new call these.
void* operator new(std::size_t size) {
    return llmc::bench::take_or_throw(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return llmc::bench::take_or_throw(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}
