// Where fuzzing starts: real inputs of each target.
//
// Thread contract: reads the disk; any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace llmc::fuzz {

// `data` is tests/data. Never empty.
std::vector<std::string> seeds_of(std::string_view target, const std::filesystem::path& data);

}  // namespace llmc::fuzz
