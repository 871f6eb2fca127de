// The formats of JSON Schema.
//
// Thread contract: a plain function.
#pragma once

#include <string_view>

namespace llmc::check {

// All of draft 2020-12; true for any other format. Of idn-hostname and the host of idn-email the form is checked, not
// which letters IDNA allows together; regex is RE2's. Time is linear in the text.
bool fits_format(std::string_view format, std::string_view text);

}  // namespace llmc::check
