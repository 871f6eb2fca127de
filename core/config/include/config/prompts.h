// Prompt files (product.md section 4).
//
// Thread contract: plain functions; load blocks on the disk.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace llmc::config {

inline constexpr std::size_t kMaxPromptFile = std::size_t{16} << 20;  // bytes

// .txt: one prompt per line that is not blank, trimmed. .md: blocks separated by a line of three or more dashes outside
// fenced code, without blank lines around them; front matter at the top is skipped. .jsonl: one {"prompt": "…"} per
// line that is not blank.
// Blank is what shows nothing (base/white_space.h); lines end with LF, CR LF or CR. Other extensions are refused.
// Errors name the file (and line): not there, over 16 MiB, not UTF-8 (with the byte's place), no prompt in it.
Result<std::vector<std::string>> load_prompts(const std::filesystem::path& path);

// The same for bytes in memory; `extension` as ".txt".
Result<std::vector<std::string>> parse_prompts(std::string_view bytes, std::string_view extension,
                                               const std::filesystem::path& path);

}  // namespace llmc::config
