#include "openai/retry_after.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <vector>

namespace llmc::openai {
namespace {

constexpr double kLongest_s = 1e9;

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0)) return std::nullopt;
    return value;
}

std::optional<unsigned> month_in(std::string_view text) {
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto found = std::find(kMonths.begin(), kMonths.end(), text);
    if (found == kMonths.end()) return std::nullopt;
    return static_cast<unsigned>(found - kMonths.begin()) + 1;
}

std::vector<std::string_view> parts_of(std::string_view text) {
    constexpr std::string_view kBetween = " ,-:";
    std::vector<std::string_view> parts;
    for (auto begin = text.find_first_not_of(kBetween); begin != std::string_view::npos;) {
        const auto end = std::min(text.find_first_of(kBetween, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = text.find_first_not_of(kBetween, end);
    }
    return parts;
}

// "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" or "Sun Nov  6 08:49:37 1994".
std::optional<base::WallTime> date_in(std::string_view text) {
    auto parts = parts_of(text);
    if (parts.size() < 7) return std::nullopt;
    if (month_in(parts[1])) {  // the last form: as the others
        std::swap(parts[1], parts[2]);
        std::rotate(parts.begin() + 3, parts.begin() + 6, parts.begin() + 7);
    }
    const auto month = month_in(parts[2]);
    const auto day = number_in<unsigned>(parts[1]);
    auto year = number_in<int>(parts[3]);
    const auto hour = number_in<int>(parts[4]), minute = number_in<int>(parts[5]), second = number_in<int>(parts[6]);
    if (!month || !day || !year || !hour || !minute || !second) return std::nullopt;
    if (parts[3].size() == 2) *year += *year < 70 ? 2000 : 1900;
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                                           std::chrono::day(*day)};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

}  // namespace

std::optional<base::Duration> retry_after(const net::ResponseHead& head, base::WallTime now) {
    if (const auto ms = number_in<double>(head.retry_after_ms))
        return base::from_seconds(std::min(*ms / 1000, kLongest_s));
    if (const auto seconds = number_in<double>(head.retry_after))
        return base::from_seconds(std::min(*seconds, kLongest_s));
    const auto date = date_in(head.retry_after);
    if (!date) return std::nullopt;
    const auto wait = *date - date_in(head.date).value_or(now);
    const auto longest = std::chrono::duration_cast<base::WallTime::duration>(base::from_seconds(kLongest_s));
    return std::chrono::duration_cast<base::Duration>(std::clamp(wait, base::WallTime::duration{0}, longest));
}

}  // namespace llmc::openai
