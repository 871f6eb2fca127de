// Random names for things that must never be mistaken for each other.
//
// Thread contract: any thread.
#pragma once

#include <string>

namespace llmc::base {

// `digits` lower-case hexadecimal digits from the system's random source; 16 by default.
std::string random_id(unsigned digits = 16);

}  // namespace llmc::base
