// How figures are written, the same in the window, on the command line and in reports: "1.23 s", "47.2 tok/s",
// "~386 tok", "buffered".
//
// Thread contract: plain functions. What is usual fits into a string without an allocation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "metrics/answer_metrics.h"

namespace llmc::metrics {

inline constexpr std::string_view kNoFigure = "–";
inline constexpr std::string_view kBuffered = "buffered";  // in place of a speed that nobody could observe

std::string seconds_text(double seconds);            // "38 ms", "0.31 s", "13.8 s"
std::string duration_text(double seconds);           // "1 min 20 s"
std::string rate_text(double per_second);            // "47.2"
std::string percent_text(double share);              // "93 %"; never "100 %" or "0 %" for less or more than that
std::string interval_text(double low, double high);  // "80 to 98 %"
std::string count_text(std::int64_t count, bool is_estimated = false);                // "412", "~12 345"
std::string counted(std::size_t count, std::string_view one, std::string_view many);  // "3 checks"

// In a table whose title names the unit: "0.0412", "0.412", "13.82", "–".
std::string seconds_cell(std::optional<double> seconds);
std::string rate_cell(std::optional<double> per_second, bool is_estimated = false);

std::string tokens_text(const AnswerMetrics& metrics);  // "~386 tok"; 0 where nothing came
std::string decode_text(const AnswerMetrics& metrics);  // "~47.2 tok/s", "buffered"; empty where nothing is known

}  // namespace llmc::metrics
