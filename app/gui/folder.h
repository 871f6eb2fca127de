// What stands in a folder, and what somebody types to choose from it. For the program's own list of files.
//
// Thread contract: plain functions; read_folder() blocks on the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace llmc::gui {

struct FolderEntry {
    std::string name;
    bool is_folder = false;
    std::uint64_t size = 0;  // bytes, of a file
    bool operator==(const FolderEntry&) const = default;
};

inline constexpr std::size_t kMaxFolderEntries = 20'000;  // what is beyond is not listed

// Folders first, each part by name; a link counts as what it points to. Errors: `not_found`, `io`.
Result<std::vector<FolderEntry>> read_folder(const std::filesystem::path& folder);

// What was typed while `folder` was shown: "~/x/na" is "na" in the home folder's x, "na" is "na" in `folder`.
struct TypedPath {
    std::filesystem::path folder;
    std::string name;  // behind the last separator
    bool operator==(const TypedPath&) const = default;
};
TypedPath typed_path(std::string_view typed, const std::filesystem::path& folder, const std::filesystem::path& home);

// Which of `entries` are shown: folders, and files that fit `patterns` ("*.txt *.md"; empty: all), whose name has
// `name` in it, whatever its case; those that begin with it first. Names that begin with a dot only where it does.
std::vector<std::size_t> shown_entries(const std::vector<FolderEntry>& entries, std::string_view patterns,
                                       std::string_view name);

// `name` made longer by all that the entries that begin with it have in common.
std::string completed(const std::vector<FolderEntry>& entries, const std::vector<std::size_t>& shown,
                      std::string_view name);

}  // namespace llmc::gui
