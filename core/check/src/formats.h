// The formats of JSON Schema draft 7 that are checked; all others say nothing.
//
// Thread contract: a plain function.
#pragma once

#include <string_view>

namespace llmc::check {

// date, time, date-time, email, hostname, ipv4, ipv6, uri, uri-reference, uuid, json-pointer, regex; true for any other
// format. Time is linear in the text.
bool fits_format(std::string_view format, std::string_view text);

}  // namespace llmc::check
