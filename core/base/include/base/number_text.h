// Numbers as people write them.
//
// Thread contract: plain functions.
#pragma once

#include <string>

namespace llmc::base {

// 0.7, 300. A value that came from a single-precision field (0.699999988) is that field's 0.7.
std::string plain_number(double value);
double tidy(double value);  // the same as a number

}  // namespace llmc::base
