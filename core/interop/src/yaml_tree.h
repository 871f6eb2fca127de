// A YAML document as a plain tree that remembers where its parts stand, with limits: for files that people write.
//
// Thread contract: a plain value and pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace llmc::interop {

struct YamlMember;

struct YamlTree {
    enum class Kind { null, scalar, sequence, mapping };
    Kind kind = Kind::null;
    std::string tag;                  // "?" of a plain scalar, "!" of a quoted one, else what is written
    std::string text;                 // of a scalar
    std::vector<YamlTree> items;      // of a sequence
    std::vector<YamlMember> members;  // of a mapping, in order; a key may be there twice
    bool is_flow = false;             // a sequence or mapping in brackets
    std::size_t pos = 0;              // bytes; of an anchor or tag where there is one

    bool is_mapping() const { return kind == Kind::mapping; }
    // The value of the first member of that name, and how many have it.
    const YamlTree* find(std::string_view key) const;
    std::size_t count(std::string_view key) const;
    // As readers take them: kind, tag, texts, members in order; not where and how they stand.
    bool operator==(const YamlTree& other) const;
};

struct YamlMember {
    YamlTree key, value;
    bool operator==(const YamlMember&) const = default;
};

inline constexpr std::size_t kMaxYamlNodes = 100'000;  // aliases counted as often as they stand

// The one document in `text`, which is without a byte order mark; null for one without content. Errors: `parse`, in
// words that go on from the file's name and with the line: no YAML, several documents, control characters; `limit`.
Result<YamlTree> read_yaml_tree(const std::string& text);

}  // namespace llmc::interop
