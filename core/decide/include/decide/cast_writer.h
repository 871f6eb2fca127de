// Puts a casting sheet into a folder.
//
// Thread contract: write_cast() blocks on the disk; any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "decide/cast.h"

namespace llmc::decide {

enum class CastFormat { json, yaml };

// "json,yaml" to formats, each once, in order. Errors: `usage` naming the unknown word.
Result<std::vector<CastFormat>> cast_formats_from(std::string_view list);

// As it stands in the file: indented, valid UTF-8, nothing in it that acts on a terminal.
std::string render_cast(CastFormat format, const CastSheet& sheet, base::WallTime generated_at);

// Writes llm_compare_cast_YYYYMMDD_HHMMSS.json / .yaml (_2, _3 … where taken), all or none. Errors: `io`.
Result<std::vector<std::filesystem::path>> write_cast(const CastSheet& sheet, const std::vector<CastFormat>& formats,
                                                      const std::filesystem::path& folder, base::WallTime now);

}  // namespace llmc::decide
