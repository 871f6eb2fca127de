// What this layer takes of base/ascii.h.
#pragma once

#include "base/ascii.h"

namespace llmc::openai {

using base::is_blank;
using base::to_lower;
using base::trim;
using base::trim_start;

}  // namespace llmc::openai
