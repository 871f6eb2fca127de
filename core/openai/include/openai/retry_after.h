// When a server wants to be asked again.
//
// Thread contract: pure.
// Source: RFC 9110 section 10.2.3 (seconds, or a date in one of three forms); retry-after-ms of OpenAI and others.
#pragma once

#include <optional>

#include "base/clock.h"
#include "net/http.h"

namespace llmc::openai {

// After which time; a date is held against the server's own clock (Date), else against `now`, and one that has passed
// is 0. Nothing: it does not say, or not in any of these forms.
std::optional<base::Duration> retry_after(const net::ResponseHead& head, base::WallTime now);

}  // namespace llmc::openai
