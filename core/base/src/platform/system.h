// What the system knows beyond files and memory: randomness and the local time zone.
//
// Thread contract: any thread.
#pragma once

#include <cstddef>
#include <ctime>

namespace llmc::base::platform {

// Fills from the system's random source; `size` <= 256. Ends the program where there is none: then nothing it names is
// safe from being overwritten.
void fill_random(void* into, std::size_t size);

// The local calendar time of seconds since 1970; all zeros where it cannot be told (years beyond an int).
std::tm local_time(std::time_t time);

}  // namespace llmc::base::platform
