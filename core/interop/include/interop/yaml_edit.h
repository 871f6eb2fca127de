// Edits a YAML file as a text: what is not meant stays byte for byte.
//
// Thread contract: pure functions.
// Invariants of what edit_yaml() gives:
//   1. Lines that no change is about are as they were: their blanks, comments, line ends, a missing last line end and a
//      byte order mark too. Of comments only ours (kOwnComment) are ever replaced; one that stands behind or between
//      what goes away stays.
//   2. Read again, the text means exactly what the file meant with the changes made: values, kinds, order of keys. This
//      is compared each time, and where it is not so there is no text but an error.
//   3. The same changes once more change nothing.
// Refused with the reason: no YAML; several documents; tabs as indentation; keys that stand twice, and merged, anchored
// or tagged mappings, aliases and flow style where a change is to be made.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace llmc::interop {

inline constexpr std::string_view kOwnComment = "# llm-compare:";
inline constexpr std::size_t kMaxYamlFile = std::size_t{1} << 20;  // bytes

struct YamlChange {
    std::vector<std::string> path;  // keys of mappings from the top; at least one
    // A text (written in quotes), number, truth or list of these. An object: its members are changed one by one, others
    // stay. null: the entry goes away.
    base::OrderedJson value;
    std::optional<std::vector<std::string>> comments = {};  // our lines above it, in place of those that are there
};

// Errors: `parse`, `limit`; words that go on from the file's name, with a line where there is one.
Result<std::string> edit_yaml(std::string_view text, std::span<const YamlChange> changes);

// "# llm-compare: TEXT" on one line that no reader of YAML takes for anything else.
std::string own_comment(std::string_view text);
// In double quotes, escaped where a sign would mean something to YAML 1.1 or 1.2 or act on a terminal.
std::string yaml_text(std::string_view text);

}  // namespace llmc::interop
