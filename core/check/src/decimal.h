// Numbers of JSON compared as the decimal numbers that were written: 0.3 is a multiple of 0.1, though not in doubles.
//
// Thread contract: plain functions.
#pragma once

#include "base/json.h"

namespace llmc::check {

// Below 0, 0 or above 0. Exact for whole numbers of 64 bits.
int compare_numbers(const base::Json& a, const base::Json& b);
// `divisor` is above 0.
bool is_multiple(const base::Json& value, const base::Json& divisor);
bool is_whole(const base::Json& value);

}  // namespace llmc::check
