#include "base/result.h"

#include <algorithm>
#include <array>

namespace llmc::base {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 21> kNames = {
    "usage",      "io",   "not_found", "parse",   "limit",    "limit",        "resolve",
    "connection", "tls",  "timeout",   "http",    "protocol", "server_error", "context_limit",
    "rate_limit", "auth", "model",     "cut_off", "empty",    "cancelled",    "internal"};
static_assert(kNames.size() == static_cast<std::size_t>(ErrorKind::internal) + 1);

}  // namespace

std::string_view error_kind_name(ErrorKind kind) {
    const auto index = static_cast<std::size_t>(kind);
    return index < kNames.size() ? kNames[index] : kNames.back();
}

ErrorKind error_kind_from(std::string_view name) {
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    return found == kNames.end() ? ErrorKind::internal : static_cast<ErrorKind>(found - kNames.begin());
}

}  // namespace llmc::base
