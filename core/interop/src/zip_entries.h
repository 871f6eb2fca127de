// The entries of a ZIP archive in memory.
//
// Thread contract: plain function.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace llmc::interop {

inline constexpr std::size_t kMaxZipEntries = 10'000;

struct ZipEntry {
    std::string name;  // "run/llm_traces.jsonl"
    std::string bytes;
    bool is_wanted = false;  // only then it has bytes
};

bool is_zip(std::string_view bytes);

// All entries but folders, those whose name ends with `wanted` unpacked. Errors: `parse` and `limit`, "FILE: what": no
// archive or a damaged one, a name that is absolute or leads out of it, more than kMaxUnpacked bytes or kMaxZipEntries
// entries in all; of the wanted: encrypted ones, and methods other than stored and deflated.
Result<std::vector<ZipEntry>> zip_entries(std::string_view bytes, std::string_view file, std::string_view wanted);

}  // namespace llmc::interop
