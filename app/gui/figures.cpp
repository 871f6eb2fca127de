// The figures of widgets.h: how numbers are written everywhere in the window.
#include <cmath>

#include <fmt/format.h>

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr const char* kNothing = "–";

bool is_shown(double value) {
    return std::isfinite(value) && value >= 0;
}

}  // namespace

// Each limit is where the last digit shown would round up to the next step.
std::string seconds_text(double seconds) {
    if (!is_shown(seconds)) return kNothing;
    if (seconds == 0) return "0 s";
    if (seconds < 0.00995) return fmt::format("{:.1f} ms", seconds * 1000);
    if (seconds < 0.0995) return fmt::format("{:.0f} ms", seconds * 1000);
    if (seconds < 9.995) return fmt::format("{:.2f} s", seconds);
    if (seconds < 99.95) return fmt::format("{:.1f} s", seconds);
    return fmt::format("{:.0f} s", seconds);
}

std::string duration_text(double seconds) {
    if (!is_shown(seconds)) return kNothing;
    const auto whole = static_cast<std::int64_t>(std::llround(std::min(seconds, 1e12)));
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600)
        return whole % 60 == 0 ? fmt::format("{} min", whole / 60) : fmt::format("{} min {} s", whole / 60, whole % 60);
    const std::int64_t minutes = (whole + 30) / 60;
    return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60)
                             : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

std::string rate_text(double per_second) {
    if (!is_shown(per_second)) return kNothing;
    if (per_second < 9.995) return fmt::format("{:.2f}", per_second);
    if (per_second < 999.95) return fmt::format("{:.1f}", per_second);
    return count_text(std::llround(std::min(per_second, 1e15)));
}

std::string count_text(std::int64_t count, bool is_estimated) {
    const std::string digits = fmt::format("{}", count);
    const std::size_t start = count < 0 ? 1 : 0;
    std::string text = is_estimated ? "~" : "";
    const bool is_grouped = digits.size() - start > 4;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (is_grouped && i > start && (digits.size() - i) % 3 == 0) text += ' ';
        text += digits[i];
    }
    return text;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count_text(static_cast<std::int64_t>(count)), count == 1 ? one : many);
}

}  // namespace llmc::gui
