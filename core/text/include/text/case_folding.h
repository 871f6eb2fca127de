// Simple case folding: one code point to one, for Latin, Greek and Cyrillic, so that offsets stay those of the source.
#pragma once

namespace llmc::text {

char32_t fold_case(char32_t code_point);

}  // namespace llmc::text
