// What a role asks of a model, by the requests of its answers.
//
// Thread contract: a pure function.
#pragma once

#include <span>
#include <string_view>

#include "interop/cast_export.h"

namespace llmc::interop {

// By the answers of one label.
RoleNeeds needs_of(std::span<const decide::EvidenceAnswer> answers, std::string_view label);

}  // namespace llmc::interop
