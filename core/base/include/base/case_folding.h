// Unicode's simple case folding: one code point to one, so that places in a text stay what they are.
//
// Thread contract: a plain function.
#pragma once

namespace llmc::base {

char32_t fold_case(char32_t code_point);

}  // namespace llmc::base
