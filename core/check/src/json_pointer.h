// JSON pointers (RFC 6901): "/a/0/b".
//
// Thread contract: plain functions.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace llmc::check {

// A key as a part of a pointer: "~" and "/" written as ~0 and ~1.
std::string escaped(std::string_view key);

// A pointer in the fragment of an address ("#/caf%C3%A9") without its %XX.
std::string percent_decoded(std::string_view text);

// What a pointer means in `root`; null where there is nothing.
const base::Json* at_pointer(const base::Json& root, std::string_view pointer);

}  // namespace llmc::check
