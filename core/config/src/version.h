// The version of config.json that this program writes.
#pragma once

namespace llmc::config {

inline constexpr int kVersion = 1;

}  // namespace llmc::config
