#include "metrics/speed.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace llmc::metrics;

namespace {

// Runs of equal gaps.
struct Gaps {
    int count;
    float ms;
};

struct Seen {
    const char* name;
    double first_s;  // of the first chunk, after the request
    std::vector<Gaps> gaps;
    double tokens;
    double decode;  // 0: none
    bool is_burst;
};

Speed speed_as(const Seen& seen) {
    std::vector<float> gaps;
    double took_ms = 0;
    for (const Gaps& run : seen.gaps)
        for (int i = 0; i < run.count; ++i) {
            gaps.push_back(run.ms);
            took_ms += static_cast<double>(run.ms);
        }
    return speed_of({.chunks = static_cast<std::int64_t>(gaps.size()) + 1,
                     .first_s = seen.first_s,
                     .last_s = seen.first_s + took_ms / 1000,
                     .gaps_ms = gaps},
                    seen.tokens);
}

}  // namespace

TEST_CASE("a speed is told where one was observed") {
    const Seen cases[] = {
        {"a token a chunk", 0.5, {{99, 10}}, 100, 100, false},
        {"four tokens a chunk", 0.5, {{24, 40}}, 100, 99 / 0.96, false},
        {"a pause in the middle", 0.5, {{49, 10}, {1, 1000}, {49, 10}}, 100, 99 / 1.98, false},
        {"a pause before the last", 0.5, {{98, 10}, {1, 1000}}, 100, 99 / 1.98, false},
        {"very fast, and long enough", 0.2, {{999, 1.25F}}, 1000, 800, false},
        {"fast, after a long wait", 20, {{99, 5}}, 100, 200, false},
        {"few tokens in few chunks", 0.5, {{1, 70}}, 8, 100, false},
        {"one token", 0.5, {}, 1, 0, false},
        {"no token", 0, {}, 0, 0, false},
        {"one chunk", 1, {}, 100, 0, true},
        {"one chunk of some tokens", 1, {}, 3, 0, true},
        {"two chunks", 1, {{1, 10}}, 100, 0, true},
        {"nine tokens in two chunks", 1, {{1, 80}}, 9, 0, true},
        {"all at once", 1, {{99, 0}}, 100, 0, true},
        {"all within a moment", 1, {{99, 0.1F}}, 100, 0, true},
        {"501 tokens a second for less than a twentieth", 20, {{500, 1000 / 501.0F}}, 501, 0, true},
        // A proxy let go at the first chunk what the model had made by then.
        {"a backlog of 30", 1, {{30, 0.05F}, {69, 10}}, 100, 100, false},
        {"a backlog of 30 of four tokens each", 1, {{30, 0.05F}, {69, 10}}, 400, 279 / 0.69, false},
        {"a backlog of 50", 1, {{50, 0.05F}, {49, 10}}, 100, 100, false},
        {"a backlog of 51", 1, {{51, 0.05F}, {48, 10}}, 100, 0, true},
        {"a backlog of 95", 1, {{95, 0}, {4, 100}}, 100, 0, true},
        {"a backlog of all but one", 1, {{98, 0}, {1, 100}}, 100, 0, true},
        {"no backlog: only the end came together", 1, {{69, 10}, {30, 0.05F}}, 100, 99 / 0.6915, false},
        {"bundles", 1, {{4, 0}, {1, 50}, {4, 0}, {1, 50}, {4, 0}, {1, 50}, {4, 0}}, 20, 100, false},
        {"two large bundles", 1, {{49, 0}, {1, 1000}, {49, 0}}, 100, 50, false},
        {"three large bundles", 1, {{32, 0}, {1, 500}, {32, 0}, {1, 500}, {33, 0}}, 100, 67, false},
    };
    for (const Seen& seen : cases) {
        CAPTURE(seen.name);
        const Speed speed = speed_as(seen);
        CHECK(speed.is_burst == seen.is_burst);
        CHECK(speed.decode_tokens_per_s.value_or(0) == doctest::Approx(seen.decode).epsilon(0.001));
        CHECK(speed.inter_token_latency_s.has_value() == speed.decode_tokens_per_s.has_value());
        if (speed.inter_token_latency_s)
            CHECK(*speed.inter_token_latency_s == doctest::Approx(1 / *speed.decode_tokens_per_s));
    }
}

TEST_CASE("of many chunks every second gap tells the backlog, too") {
    const std::vector<float> gaps{0, 0, 10, 10, 10, 10, 10, 10, 10, 10};
    const Speed speed = speed_of({.chunks = 21, .first_s = 0.5, .last_s = 0.66, .gaps_ms = gaps, .gap_stride = 2}, 21);
    CHECK(*speed.decode_tokens_per_s == doctest::Approx(100));
}

TEST_CASE("hidden is what is counted and did not arrive") {
    struct {
        std::int64_t output, counted;
        SeenReasoning seen;
        std::int64_t hidden;
    } const cases[] = {
        {100, 0, {}, 0},          {1000, 900, {}, 900},        {1000, 900, {900, 900}, 0}, {1000, 900, {225, 900}, 0},
        {1000, 900, {225, 5}, 0}, {1000, 900, {100, 40}, 800}, {100, 900, {}, 0},          {900, 900, {}, 900},
    };
    for (const auto& one : cases) CHECK(hidden_tokens(one.output, one.counted, one.seen) == one.hidden);
}
