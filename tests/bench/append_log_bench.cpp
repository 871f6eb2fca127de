// P7: appending to an answer of 1 000 000 characters costs no more than to one of 1 000 (ratio <= 1.2).
//
// A token of 4 bytes is appended, and the text looked at, until it has grown by 64 KiB: to a short and to a long log in
// turn, and likewise to the baseline, a std::string under a mutex. Which of the two comes first changes from repetition
// to repetition, and the ratio is the median over the pairs: what else happens on the machine hits both sides. Prints
// one line of JSON; the exit status says nothing about speed.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "base/append_log.h"

namespace {

using llmc::base::AppendLog;

constexpr std::size_t kShort = 1'000, kLong = 1'000'000;  // characters that are there already
constexpr std::size_t kTokens = 16'384;                   // of 4 bytes: as much as the log commits at once
constexpr int kRepetitions = 401;
constexpr std::string_view kToken = " tok";

double nanoseconds_per_token(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() / kTokens;
}

double time_log(std::size_t held) {
    auto log = AppendLog::reserve();
    if (!log || !log->append(std::string(held, 'x'))) std::abort();
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < kTokens; ++i) {
        auto appended = log->append(kToken);
        benchmark::DoNotOptimize(appended);
        std::string_view view = log->view();
        benchmark::DoNotOptimize(view);
    }
    return nanoseconds_per_token(start);
}

double time_string(std::size_t held) {
    std::string text(held, 'x');
    std::mutex mutex;
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < kTokens; ++i) {
        const std::lock_guard lock(mutex);
        text += kToken;
        std::string_view view = text;
        benchmark::DoNotOptimize(view);
    }
    return nanoseconds_per_token(start);
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

struct Pairs {
    std::vector<double> small, large, ratio;

    void measure(double (*time)(std::size_t), bool is_small_first) {
        double s = 0, l = 0;
        if (is_small_first) s = time(kShort);
        l = time(kLong);
        if (!is_small_first) s = time(kShort);
        small.push_back(s);
        large.push_back(l);
        ratio.push_back(l / s);
    }
};

}  // namespace

int main() {
    Pairs log, string;
    for (int i = -10; i < kRepetitions; ++i) {
        if (i == 0) log = string = {};  // the first ones only warm up
        log.measure(time_log, i % 2 == 0);
        string.measure(time_string, i % 2 == 0);
    }
    fmt::print(
        "{{\"name\":\"P7\",\"ratio\":{:.3f},\"goal\":1.2,\"append_log_ns\":{{\"1000\":{:.2f},\"1000000\":{:.2f}}},"
        "\"baseline\":\"std::string under a mutex\",\"baseline_ratio\":{:.3f},"
        "\"baseline_ns\":{{\"1000\":{:.2f},\"1000000\":{:.2f}}}}}\n",
        median(log.ratio), median(log.small), median(log.large), median(string.ratio), median(string.small),
        median(string.large));
}
