// Fills the placeholders of a check with the values of a case.
//
// Thread contract: plain function.
#pragma once

#include "base/json.h"
#include "placeholders.h"

namespace llmc::suite {

// Numbers stay numbers where a number belongs, and within schemas.
base::OrderedJson fill_check(const base::OrderedJson& check, Filler& filler);

}  // namespace llmc::suite
