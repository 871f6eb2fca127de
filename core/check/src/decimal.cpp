#include "decimal.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

namespace llmc::check {
namespace {

using base::Json;
__extension__ using Wide = unsigned __int128;

// digits * 10^exponent, without a sign; digits end in no 0.
struct Decimal {
    std::uint64_t digits = 0;
    int exponent = 0;
};

Decimal decimal_of(const Json& number) {
    const std::string text = number.is_number_unsigned()  ? fmt::format("{}", number.get<std::uint64_t>())
                             : number.is_number_integer() ? fmt::format("{}", number.get<std::int64_t>())
                                                          : fmt::format("{}", number.get<double>());
    Decimal decimal;
    bool is_behind_point = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.') is_behind_point = true;
        if (text[i] == 'e') {
            decimal.exponent += std::atoi(text.c_str() + i + 1);
            break;
        }
        if (text[i] < '0' || text[i] > '9') continue;
        decimal.digits = decimal.digits * 10 + static_cast<std::uint64_t>(text[i] - '0');
        if (is_behind_point) --decimal.exponent;
    }
    for (; decimal.digits > 0 && decimal.digits % 10 == 0; decimal.digits /= 10) ++decimal.exponent;
    return decimal;
}

}  // namespace

int compare_numbers(const Json& a, const Json& b) {
    if (a.is_number_unsigned() && b.is_number_unsigned()) {
        const auto x = a.get<std::uint64_t>(), y = b.get<std::uint64_t>();
        return x < y ? -1 : x > y ? 1 : 0;
    }
    // 64 bits of digits hold every whole number that JSON's parser gives, where long double has them.
    const auto x = a.get<long double>(), y = b.get<long double>();
    return x < y ? -1 : x > y ? 1 : 0;
}

bool is_multiple(const Json& value, const Json& divisor) {
    const Decimal a = decimal_of(value), b = decimal_of(divisor);
    if (a.digits == 0) return true;
    // a has no 0 at its end: where b has the larger exponent, a is no multiple of that power of ten.
    if (a.exponent < b.exponent) return false;
    Wide rest = a.digits % b.digits;
    for (int i = b.exponent; i < a.exponent && rest != 0; ++i) rest = rest * 10 % b.digits;
    return rest == 0;
}

bool is_whole(const Json& value) {
    return value.is_number_integer() || (value.is_number() && std::trunc(value.get<double>()) == value.get<double>());
}

}  // namespace llmc::check
