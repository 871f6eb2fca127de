// Reads the checks of a suite.
//
// Thread contract: one thread.
#pragma once

#include <string>
#include <string_view>

#include "base/field_reader.h"
#include "check/checks.h"

namespace llmc::check {

// What a member of a check holds, for those who fill in values: a number stays one, and JSON stays JSON.
enum class MemberKind { text, number, schema };
MemberKind member_kind(const base::OrderedJson& check, std::string_view key);

// What is wrong is noted in `file`, at places below `pointer`, and the check is of no use then.
Check read_check(base::JsonFile& file, const base::OrderedJson& check, const std::string& pointer);

}  // namespace llmc::check
