// The character references of HTML that answers use.
//
// Thread contract: plain functions.
#pragma once

#include <string>
#include <string_view>

namespace llmc::text {

// Appends what "&…;" stands for; a name that is not known here is appended as it is.
void add_entity(std::string_view reference, std::string& out);

}  // namespace llmc::text
