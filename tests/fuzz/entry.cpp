// The program of one target with libFuzzer; LLMC_FUZZ_TARGET is its name.
#include <cstdint>

#include "targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    llmc::fuzz::LLMC_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
    return 0;
}
