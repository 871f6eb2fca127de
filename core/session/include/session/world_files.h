// A tree of files in memory that a loop's tools work on (agents.md section 2).
//
// Thread contract: plain values; texts are shared.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace llmc::session {

// A text by its path, "./a/b.txt"; a folder "./a/" has none. The top, "./", is always there and never listed.
using WorldFiles = std::map<std::string, std::shared_ptr<const std::string>, std::less<>>;

// Files that are otherwise than at the beginning: their text, or null where one is gone.
using WorldChanges = std::map<std::string, std::shared_ptr<const std::string>, std::less<>>;

// The most that a path may be; what is longer or deeper makes folders without end.
inline constexpr std::size_t kMaxWorldPath = 4096;  // bytes
inline constexpr std::size_t kMaxWorldDepth = 64;   // parts

// Whether a path of world_path()'s form is longer or deeper than that.
bool is_too_long(std::string_view world_path);

// The one way to write a place: "./a/b" for "a/b", "/a/b", "./a//b/", "a/./c/../b"; "./" for the top. Whether `path`
// ends in "/" is for the caller. Errors: `parse`, where it leads out of the top.
Result<std::string> world_path(std::string_view path);

}  // namespace llmc::session
