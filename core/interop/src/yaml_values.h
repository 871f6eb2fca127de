// JSON values as YAML writes and reads them.
//
// Thread contract: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "yaml_tree.h"

namespace llmc::interop {

// As a key: without quotes where no reader takes it for anything else.
std::string yaml_key(std::string_view text);
// A text (in quotes), a number, a truth, or a list of these in brackets.
std::string yaml_token(const base::OrderedJson& value);

// As it is read once it was written by these. Members that are null are left out.
YamlTree key_tree(std::string_view key);
YamlTree tree_of(const base::OrderedJson& value);

// Whether a file says this already, however it writes it. Of an object: its members, those that are null not being
// there; others do not matter.
bool is_read_as(const YamlTree& tree, const base::OrderedJson& value);

}  // namespace llmc::interop
