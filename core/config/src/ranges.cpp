#include <fmt/format.h>

#include "config/config.h"

namespace llmc::config {
namespace {

// Written so that a NaN is out of every range.
template <class T>
Result<void> check(T value, T lowest, T highest, std::string_view unit, std::string_view key) {
    if (value >= lowest && value <= highest) return {};
    return Error{ErrorKind::usage,
                 fmt::format("{}: {} is out of range: {} to {}{}", key, value, lowest, highest, unit)};
}

}  // namespace

Result<void> check_temperature(double value, std::string_view key) {
    return check(value, 0.0, 2.0, "", key);
}

Result<void> check_timeout(double seconds, std::string_view key) {
    return check(seconds, 1.0, 86400.0, " seconds", key);
}

Result<void> check_max_tokens(std::int64_t value, std::string_view key) {
    return check<std::int64_t>(value, 1, 1'000'000, "", key);
}

}  // namespace llmc::config
