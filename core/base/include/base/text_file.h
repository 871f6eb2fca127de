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

// "UTF-16" or "UTF-32" for what is written so, by its byte order mark or, in files with many Latin letters, by the
// zeros between them; empty for anything else.
std::string_view wide_encoding_of(std::string_view text);

// Errors: `parse`, naming line and byte of the first that is not UTF-8, or what the file is written in instead.
Result<void> check_utf8(std::string_view text, const std::filesystem::path& path);

std::string_view without_byte_order_mark(std::string_view text);

// The line, from 1, that the byte at `pos` is on.
std::size_t line_at(std::string_view text, std::size_t pos);

}  // namespace llmc::base
