#include "metrics/summary.h"

#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "metrics/recorder.h"

using namespace llmc::metrics;

TEST_CASE("quantiles interpolate between ranks") {
    struct {
        std::vector<double> values;
        double p, expected;
    } const cases[] = {
        {{5}, 0.5, 5},
        {{1, 2}, 0.5, 1.5},
        {{4, 1, 3, 2}, 0.5, 2.5},
        {{4, 1, 3, 2}, 0.25, 1.75},
        {{4, 1, 3, 2}, 0, 1},
        {{4, 1, 3, 2}, 1, 4},
        {{10, 20, 30, 40, 50}, 0.95, 48},
        {{10, 20, 30, 40, 50}, 0.99, 49.6},
        {{7, 7, 7}, 0.99, 7},
        {{1, 2}, 7, 2},
        {{1, 2}, -1, 1},
    };
    for (const auto& [values, p, expected] : cases) {
        CAPTURE(values.size());
        CAPTURE(p);
        CHECK(*quantile(values, p) == doctest::Approx(expected));
    }
    CHECK_FALSE(quantile({}, 0.5));
}

namespace {

AnswerMetrics answer(double first_token_s, double decode, std::int64_t tokens, double end_to_end_s,
                     ModelWarmth warmth) {
    AnswerMetrics metrics;
    metrics.time_to_first_token_s = first_token_s;
    metrics.decode_tokens_per_s = decode;
    metrics.output_tokens = tokens;
    metrics.prompt_tokens = 10;
    metrics.end_to_end_latency_s = end_to_end_s;
    metrics.end_to_end_tokens_per_s = static_cast<double>(tokens) / end_to_end_s;
    metrics.model_warmth = warmth;
    return metrics;
}

}  // namespace

TEST_CASE("a summary keeps the times of cold answers apart and adds up the rest") {
    const std::vector<AnswerMetrics> answers{answer(0.2, 40, 100, 2, ModelWarmth::warm),
                                             answer(0.4, 50, 200, 4, ModelWarmth::loaded),
                                             answer(9.0, 60, 300, 14, ModelWarmth::cold)};
    const Summary summary = summarize(answers);
    CHECK(summary.answers == 3);
    CHECK(summary.cold_answers == 1);
    CHECK(*summary.median_time_to_first_token_s == doctest::Approx(0.3));
    CHECK(*summary.median_cold_time_to_first_token_s == doctest::Approx(9));
    CHECK(*summary.median_decode_tokens_per_s == doctest::Approx(50));
    CHECK(*summary.median_end_to_end_latency_s == doctest::Approx(3));
    CHECK(*summary.median_end_to_end_tokens_per_s == doctest::Approx(50));
    CHECK_FALSE(summary.median_time_to_first_output_s);
    CHECK(summary.prompt_tokens == 30);
    CHECK(summary.output_tokens == 600);
    CHECK(summary.total_end_to_end_s == doctest::Approx(20));
    CHECK(*summary.output_tokens_per_s == doctest::Approx(50));
    CHECK_FALSE(summary.tokens_estimated);
}

TEST_CASE("one estimate makes the sum an estimate, and nothing sums up to nothing") {
    AnswerMetrics estimated;
    estimated.tokens_estimated = true;
    const std::vector<AnswerMetrics> answers{AnswerMetrics{}, estimated};
    CHECK(summarize(answers).tokens_estimated);
    const Summary nothing = summarize({});
    CHECK(nothing.answers == 0);
    CHECK_FALSE(nothing.output_tokens_per_s);
    CHECK_FALSE(nothing.median_decode_tokens_per_s);
}
