#include "gui/folder.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/case_folding.h"
#include "base/utf8.h"

namespace llmc::gui {
namespace {

namespace fs = std::filesystem;

bool fits(std::string_view name, std::string_view patterns) {
    if (patterns.empty()) return true;
    const std::string lower = base::to_lower(name);
    for (std::string_view rest = patterns; !rest.empty();) {
        const std::string_view pattern = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(pattern.size() + 1, rest.size()));
        if (pattern.starts_with('*') && lower.ends_with(pattern.substr(1))) return true;
    }
    return false;
}

}  // namespace

Result<std::vector<FolderEntry>> read_folder(const fs::path& folder) {
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    std::vector<FolderEntry> entries;
    for (; !error && entry != fs::directory_iterator() && entries.size() < kMaxFolderEntries; entry.increment(error)) {
        std::error_code ignored;
        FolderEntry made{.name = base::to_valid_utf8(entry->path().filename().string())};
        made.is_folder = entry->is_directory(ignored);
        if (!made.is_folder && entry->is_regular_file(ignored)) made.size = entry->file_size(ignored);
        if (!made.is_folder && !entry->is_regular_file(ignored)) continue;  // pipes, devices, links to nothing
        entries.push_back(std::move(made));
    }
    if (error) {
        const bool is_missing = error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
        return Error{is_missing ? ErrorKind::not_found : ErrorKind::io,
                     is_missing ? fmt::format("there is no folder {}", folder.string())
                                : fmt::format("{} cannot be read: {}", folder.string(), error.message())};
    }
    std::ranges::sort(entries, [](const FolderEntry& a, const FolderEntry& b) {
        if (a.is_folder != b.is_folder) return a.is_folder;
        const std::u32string left = base::folded(a.name), right = base::folded(b.name);
        return left != right ? left < right : a.name < b.name;
    });
    return entries;
}

TypedPath typed_path(std::string_view typed, const fs::path& folder, const fs::path& home) {
    const std::size_t slash = typed.rfind('/');
    if (slash == std::string_view::npos) return {folder, std::string(typed)};
    const std::string_view before = typed.substr(0, slash + 1);
    const fs::path place = before.starts_with("~/") ? home / before.substr(2) : folder / before;
    fs::path whole = place.lexically_normal();
    if (!whole.has_filename() && whole.has_relative_path()) whole = whole.parent_path();  // without the last "/"
    return {std::move(whole), std::string(typed.substr(slash + 1))};
}

std::vector<std::size_t> shown_entries(const std::vector<FolderEntry>& entries, std::string_view patterns,
                                       std::string_view name) {
    const std::u32string wanted = base::folded(name);
    std::vector<std::size_t> beginning, containing;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const FolderEntry& entry = entries[i];
        if (entry.name.starts_with('.') && !name.starts_with('.')) continue;
        if (!entry.is_folder && !fits(entry.name, patterns)) continue;
        const std::size_t at = base::folded(entry.name).find(wanted);
        if (at != std::u32string::npos) (at == 0 ? beginning : containing).push_back(i);
    }
    beginning.insert(beginning.end(), containing.begin(), containing.end());
    return beginning;
}

std::string completed(const std::vector<FolderEntry>& entries, const std::vector<std::size_t>& shown,
                      std::string_view name) {
    const std::u32string wanted = base::folded(name);
    std::string common;
    bool has_any = false;
    for (const std::size_t i : shown) {
        const std::string_view whole = entries[i].name;
        if (!base::folded(whole).starts_with(wanted)) continue;
        if (!has_any)
            common = whole;
        else
            common.resize(static_cast<std::size_t>(
                std::mismatch(common.begin(),
                              common.begin() + static_cast<std::ptrdiff_t>(std::min(common.size(), whole.size())),
                              whole.begin())
                    .first -
                common.begin()));
        has_any = true;
    }
    common.resize(base::utf8_cut(common, common.size()));
    while (!common.empty() && !base::is_valid_utf8(common)) common.pop_back();
    return common.size() > name.size() ? common : std::string(name);
}

}  // namespace llmc::gui
