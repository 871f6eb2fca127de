// Reads the times that base::iso_utc_ms() writes: "2026-11-22T14:18:00.123Z".
//
// Thread contract: a plain function.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace llmc::report {

std::optional<base::WallTime> utc_ms_from(std::string_view text);

}  // namespace llmc::report
