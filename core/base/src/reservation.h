// Address space for a log: as much as was asked for, or the half, the quarter …
#pragma once

#include <cstddef>

#include "platform/memory.h"

namespace llmc::base {

inline constexpr std::size_t kSmallestReservation = std::size_t{1} << 20;  // below this, halving ends

struct Reservation {
    char* data = nullptr;   // nullptr when the system refused, and when nothing was asked for
    std::size_t size = 0;   // bytes of address space, whole pages
    std::size_t limit = 0;  // bytes of it that may be used: what was asked for, halved as often as it was refused
    bool is_refused = false;
};

// Asks `reserve` for whole pages that hold `limit` bytes; where it refuses, for half as much, down to 1 MiB.
Reservation reserve_address_space(std::size_t limit, char* (*reserve)(std::size_t) = platform::reserve_memory);

}  // namespace llmc::base
