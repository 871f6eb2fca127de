// Address space and memory of the system, apart from each other.
//
// Thread contract: any thread; no two calls at once for the same piece.
// All sizes and starts are whole pages; a size is never 0.
#pragma once

#include <cstddef>

namespace llmc::base::platform {

std::size_t page_size();  // bytes

// Address space that may not be touched yet and costs no memory; nullptr when the system refuses.
char* reserve_memory(std::size_t size);

// Lets a reserved piece be read and written; it holds zeros. False when the system has no memory for it.
bool commit_memory(char* start, std::size_t size);

// Gives the last `size` bytes of a reservation back, memory and address space.
void release_memory(char* start, std::size_t size);

}  // namespace llmc::base::platform
