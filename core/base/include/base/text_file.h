// Text files that people write: UTF-8, with or without a byte order mark.
//
// Thread contract: plain functions.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace llmc::base {

// Errors: `parse`, naming line and byte of the first that is not UTF-8.
Result<void> check_utf8(std::string_view text, const std::filesystem::path& path);

std::string_view without_byte_order_mark(std::string_view text);

// The line, from 1, that the byte at `pos` is on.
std::size_t line_at(std::string_view text, std::size_t pos);

}  // namespace llmc::base
