#include "metrics/words.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace llmc::metrics {
namespace {

bool is_shown(double value) {
    return std::isfinite(value) && value >= 0;
}

// Whole percents; the ends are for all and none.
int percent(double share) {
    const double clamped = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0;
    const int rounded = static_cast<int>(std::lround(clamped * 100));
    if (rounded == 100 && clamped < 1) return 99;
    if (rounded == 0 && clamped > 0) return 1;
    return rounded;
}

}  // namespace

// Each limit is where the last digit shown would round up to the next step.
std::string seconds_text(double seconds) {
    if (!is_shown(seconds)) return std::string(kNoFigure);
    if (seconds == 0) return "0 s";
    if (seconds < 0.00995) return fmt::format("{:.1f} ms", seconds * 1000);
    if (seconds < 0.0995) return fmt::format("{:.0f} ms", seconds * 1000);
    if (seconds < 9.995) return fmt::format("{:.2f} s", seconds);
    if (seconds < 99.95) return fmt::format("{:.1f} s", seconds);
    return fmt::format("{:.0f} s", seconds);
}

std::string duration_text(double seconds) {
    if (!is_shown(seconds)) return std::string(kNoFigure);
    const auto whole = static_cast<std::int64_t>(std::llround(std::min(seconds, 1e12)));
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600)
        return whole % 60 == 0 ? fmt::format("{} min", whole / 60) : fmt::format("{} min {} s", whole / 60, whole % 60);
    const std::int64_t minutes = (whole + 30) / 60;
    return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60)
                             : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

std::string rate_text(double per_second) {
    if (!is_shown(per_second)) return std::string(kNoFigure);
    if (per_second < 9.995) return fmt::format("{:.2f}", per_second);
    if (per_second < 999.95) return fmt::format("{:.1f}", per_second);
    return count_text(std::llround(std::min(per_second, 1e15)));
}

std::string percent_text(double share) {
    return fmt::format("{} %", percent(share));
}

std::string interval_text(double low, double high) {
    return fmt::format("{} to {} %", percent(low), percent(high));
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

std::string seconds_cell(std::optional<double> seconds) {
    if (!seconds) return std::string(kNoFigure);
    if (*seconds < 0.1) return fmt::format("{:.4f}", *seconds);
    return *seconds < 10 ? fmt::format("{:.3f}", *seconds) : fmt::format("{:.2f}", *seconds);
}

std::string rate_cell(std::optional<double> per_second, bool is_estimated) {
    if (!per_second) return std::string(kNoFigure);
    return (is_estimated ? "~" : "") + rate_text(*per_second);
}

std::string tokens_text(const AnswerMetrics& metrics) {
    const std::int64_t tokens = metrics.output_tokens.value_or(0);
    return count_text(tokens, metrics.tokens_estimated && tokens > 0) + " tok";
}

std::string decode_text(const AnswerMetrics& metrics) {
    if (metrics.decode_tokens_per_s) return rate_cell(metrics.decode_tokens_per_s, metrics.tokens_estimated) + " tok/s";
    return std::string(metrics.speed_note == SpeedNote::burst ? kBuffered : std::string_view());
}

}  // namespace llmc::metrics
