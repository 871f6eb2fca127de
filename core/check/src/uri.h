// Addresses (RFC 3986), as far as the ids and references of a schema need them.
//
// Thread contract: plain functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace llmc::check {

// The length of "http:"; 0 where there is no scheme.
std::size_t scheme_size(std::string_view uri);

// What `reference` (without its fragment) means in a document whose address is `base`; as it is where `base` is empty.
std::string resolved_uri(std::string_view base, std::string_view reference);

}  // namespace llmc::check
