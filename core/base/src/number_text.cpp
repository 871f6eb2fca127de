#include "base/number_text.h"

#include <cstdlib>

#include <fmt/format.h>

namespace llmc::base {

std::string plain_number(double value) {
    const auto single = static_cast<float>(value);
    return static_cast<double>(single) == value ? fmt::format("{}", single) : fmt::format("{}", value);
}

double tidy(double value) {
    return std::strtod(plain_number(value).c_str(), nullptr);
}

}  // namespace llmc::base
