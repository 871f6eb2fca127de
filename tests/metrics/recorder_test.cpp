#include "metrics/recorder.h"

#include <string>

#include <doctest/doctest.h>

using namespace llmc;
using namespace std::chrono_literals;
using metrics::AnswerMetrics;
using metrics::Recorder;

namespace {

constexpr openai::TokenChunk kText{.has_text = true, .has_reasoning = false, .has_tool_call = false};
constexpr openai::TokenChunk kReasoning{.has_text = false, .has_reasoning = true, .has_tool_call = false};
constexpr openai::TokenChunk kToolCall{.has_text = false, .has_reasoning = false, .has_tool_call = true};
constexpr openai::TokenChunk kHeldBack{};

const base::TimePoint kT0{100s};

openai::Usage usage(std::int64_t prompt, std::int64_t output) {
    openai::Usage usage;
    usage.prompt_tokens = prompt;
    usage.output_tokens = output;
    return usage;
}

// Chunks of text at these moments after t0.
Recorder recorded(std::initializer_list<base::Duration> moments) {
    Recorder recorder;
    recorder.start(kT0);
    for (const base::Duration moment : moments) {
        recorder.text("word");
        recorder.token_chunk(kT0 + moment, kText);
    }
    return recorder;
}

doctest::Approx about(double value) {
    return doctest::Approx(value).epsilon(1e-6);
}

}  // namespace

TEST_CASE("the metrics of an answer are those computed by hand") {
    // t0 = 0, chunks at 0.5 s, 0.6 s, 0.8 s, 1.3 s; usage says 21 tokens.
    const AnswerMetrics metrics = recorded({500ms, 600ms, 800ms, 1300ms}).finish(usage(12, 21), {});
    CHECK(*metrics.time_to_first_token_s == about(0.5));
    CHECK(*metrics.time_to_first_output_s == about(0.5));
    CHECK(*metrics.inter_token_latency_s == about(0.8 / 20));
    CHECK(*metrics.decode_tokens_per_s == about(25));
    CHECK(*metrics.end_to_end_latency_s == about(1.3));
    CHECK(*metrics.end_to_end_tokens_per_s == about(21 / 1.3));
    // Gaps 0.1, 0.2, 0.5: ranks 1, 1.9, 1.98.
    CHECK(*metrics.chunk_gap_p50_s == about(0.2));
    CHECK(*metrics.chunk_gap_p95_s == about(0.2 + 0.9 * 0.3));
    CHECK(*metrics.chunk_gap_p99_s == about(0.2 + 0.98 * 0.3));
    CHECK(*metrics.chunk_gap_max_s == about(0.5));
    CHECK(metrics.prompt_tokens == 12);
    CHECK(metrics.output_tokens == 21);
    CHECK(metrics.chunks == 4);
    CHECK_FALSE(metrics.tokens_estimated);
    CHECK(metrics.token_source == metrics::TokenSource::usage);
    CHECK_FALSE(metrics.model_load_s);
}

TEST_CASE("mistakes that other tools make are not made") {
    SUBCASE("a load that was seen is no part of the time to the first token") {
        Recorder recorder = recorded({5000ms, 5500ms, 6000ms});
        recorder.set_model_load(4s);
        const AnswerMetrics metrics = recorder.finish(usage(1, 11), {});
        CHECK(*metrics.time_to_first_token_s == about(1));
        CHECK(*metrics.time_to_first_output_s == about(1));
        CHECK(*metrics.end_to_end_latency_s == about(6));  // by definition from t0; the load stands beside it
        CHECK(*metrics.decode_tokens_per_s == about(10));
        CHECK(*metrics.model_load_s == about(4));
        CHECK(metrics.model_warmth == metrics::ModelWarmth::loaded);
    }
    SUBCASE("a chunk is not a token") {
        const AnswerMetrics metrics = recorded({1s, 2s}).finish(usage(1, 101), {});
        CHECK(metrics.output_tokens == 101);
        CHECK(metrics.chunks == 2);
        CHECK(*metrics.decode_tokens_per_s == about(100));
    }
    SUBCASE("decoding does not hold prefill, and the clock starts with the request") {
        const AnswerMetrics metrics = recorded({10s, 11s}).finish(usage(4000, 51), {});
        CHECK(*metrics.time_to_first_token_s == about(10));
        CHECK(*metrics.decode_tokens_per_s == about(50));
    }
    SUBCASE("time is not counted in whole seconds, speed not in characters") {
        const AnswerMetrics metrics = recorded({100ms, 350ms}).finish(usage(1, 6), {});
        CHECK(*metrics.decode_tokens_per_s == about(20));
    }
    SUBCASE("inter-token latency does not hold the time to the first token") {
        CHECK(*recorded({9s, 10s}).finish(usage(1, 2), {}).inter_token_latency_s == about(1));
    }
    SUBCASE("latency per token is not latency divided by all tokens") {
        CHECK(*recorded({1s, 2s}).finish(usage(1, 3), {}).inter_token_latency_s == about(0.5));
    }
    SUBCASE("an answer that arrived at once has no decode speed") {
        for (const AnswerMetrics& metrics :
             {recorded({2s}).finish(usage(1, 500), {}), recorded({2s, 2s, 2s}).finish(usage(1, 500), {})}) {
            CHECK_FALSE(metrics.decode_tokens_per_s);
            CHECK_FALSE(metrics.inter_token_latency_s);
            CHECK(*metrics.end_to_end_tokens_per_s == about(250));
        }
    }
}

TEST_CASE("reasoning counts for the first token and not for the first output") {
    Recorder recorder;
    recorder.start(kT0);
    recorder.reasoning("thinking");
    recorder.token_chunk(kT0 + 1s, kReasoning);
    recorder.text("done");
    recorder.token_chunk(kT0 + 4s, kText);
    const AnswerMetrics metrics = recorder.finish({}, {});
    CHECK(*metrics.time_to_first_token_s == about(1));
    CHECK(*metrics.time_to_first_output_s == about(4));
}

TEST_CASE("a tool call and a token that is held back count as tokens, and are no output text") {
    for (const openai::TokenChunk& chunk : {kToolCall, kHeldBack}) {
        Recorder recorder;
        recorder.start(kT0);
        recorder.token_chunk(kT0 + 2s, chunk);
        const AnswerMetrics metrics = recorder.finish({}, {});
        CHECK(*metrics.time_to_first_token_s == about(2));
        CHECK_FALSE(metrics.time_to_first_output_s);
        CHECK(metrics.chunks == 1);
    }
}

TEST_CASE("one token, or none, has no inter-token latency") {
    CHECK_FALSE(recorded({1s, 2s}).finish(usage(1, 1), {}).inter_token_latency_s);
    Recorder recorder;
    recorder.start(kT0);
    const AnswerMetrics metrics = recorder.finish({}, {});
    CHECK(metrics == AnswerMetrics{});
}

TEST_CASE("tokens come from usage, else from timings, else from an estimate that says so") {
    openai::ServerTimings timings;
    timings.prompt_tokens = 30;
    timings.output_tokens = 9;
    timings.decode_tokens_per_s = 55.5;

    AnswerMetrics metrics = recorded({1s, 2s}).finish(usage(20, 7), timings);
    CHECK(metrics.output_tokens == 7);
    CHECK(metrics.prompt_tokens == 20);
    CHECK(*metrics.server_decode_tokens_per_s == 55.5);

    metrics = recorded({1s, 2s}).finish({}, timings);
    CHECK(metrics.output_tokens == 9);
    CHECK(metrics.prompt_tokens == 30);
    CHECK(metrics.token_source == metrics::TokenSource::timings);
    CHECK_FALSE(metrics.tokens_estimated);

    Recorder recorder = recorded({1s, 2s});
    recorder.prompt("Hello there, you");
    metrics = recorder.finish({}, {});
    CHECK(metrics.output_tokens == 2);  // 8 letters
    CHECK(metrics.prompt_tokens == 4);
    CHECK(metrics.tokens_estimated);
    CHECK(metrics.token_source == metrics::TokenSource::estimate);
}

TEST_CASE("counts that cannot be true are not believed") {
    for (const std::int64_t count : {std::int64_t{0}, std::int64_t{-5}, std::numeric_limits<std::int64_t>::max()}) {
        const AnswerMetrics metrics = recorded({1s, 2s}).finish(usage(-1, count), {});
        CHECK(metrics.output_tokens == 2);
        CHECK(metrics.tokens_estimated);
        CHECK_FALSE(metrics.prompt_tokens);
    }
}

TEST_CASE("rates that cannot be true are not believed, and none is computed") {
    for (const double rate :
         {-1.0, 1.1e15, 1e300, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
        openai::ServerTimings timings;
        timings.prompt_tokens_per_s = timings.decode_tokens_per_s = rate;
        const AnswerMetrics metrics = recorded({1s, 2s}).finish({}, timings);
        CHECK_FALSE(metrics.server_prompt_tokens_per_s);
        CHECK_FALSE(metrics.server_decode_tokens_per_s);
    }
    const AnswerMetrics metrics = recorded({1ns, 2ns}).finish(usage(1, metrics::kMaxTokens), {});
    CHECK(metrics.output_tokens == metrics::kMaxTokens);
    CHECK_FALSE(metrics.decode_tokens_per_s);
    CHECK_FALSE(metrics.inter_token_latency_s);
    CHECK_FALSE(metrics.end_to_end_tokens_per_s);
    CHECK(*metrics.end_to_end_latency_s == about(2e-9));
}

TEST_CASE("reasoning that the server does not count is estimated by its share, and the output stays exact") {
    Recorder recorder;
    recorder.start(kT0);
    recorder.reasoning(std::string(300, 'r'));
    recorder.token_chunk(kT0 + 1s, kReasoning);
    recorder.text(std::string(100, 't'));
    recorder.token_chunk(kT0 + 2s, kText);
    AnswerMetrics metrics = recorder.finish(usage(1, 200), {});
    CHECK(metrics.output_tokens == 200);
    CHECK_FALSE(metrics.tokens_estimated);
    CHECK(metrics.reasoning_tokens == 150);
    CHECK(metrics.reasoning_tokens_estimated);

    openai::Usage counted = usage(1, 200);
    counted.reasoning_tokens = 140;
    metrics = recorder.finish(counted, {});
    CHECK(metrics.reasoning_tokens == 140);
    CHECK_FALSE(metrics.reasoning_tokens_estimated);
}

TEST_CASE("a repeated request starts anew, and a load before it is reported but not taken off") {
    Recorder recorder;
    recorder.set_queue_wait(3s);
    recorder.set_requests_in_flight(2);
    recorder.start(kT0);
    recorder.text("lost");
    recorder.token_chunk(kT0 + 1s, kText);
    recorder.set_model_load(7s);
    recorder.start(kT0 + 10s);
    recorder.text("word");
    recorder.token_chunk(kT0 + 12s, kText);
    const AnswerMetrics metrics = recorder.finish({}, {});
    CHECK(metrics.chunks == 1);
    CHECK(metrics.output_tokens == 1);
    CHECK(*metrics.time_to_first_token_s == about(2));
    CHECK(*metrics.queue_wait_s == about(3));
    CHECK(*metrics.model_load_s == about(7));
    CHECK(metrics.requests_in_flight == 2);
}

TEST_CASE("a load that seems longer than the wait leaves no negative time") {
    Recorder recorder = recorded({2s, 3s});
    recorder.set_model_load(2500ms);
    const AnswerMetrics metrics = recorder.finish(usage(1, 3), {});
    CHECK(*metrics.time_to_first_token_s == 0);
    CHECK(*metrics.end_to_end_latency_s == about(3));
}

TEST_CASE("live metrics are those of the end but for the percentiles") {
    const Recorder recorder = recorded({500ms, 600ms, 900ms});
    AnswerMetrics live = recorder.live(usage(1, 5));
    const AnswerMetrics finished = recorder.finish(usage(1, 5), {});
    CHECK_FALSE(live.chunk_gap_p50_s);
    CHECK(*live.chunk_gap_max_s == about(0.3));
    live.chunk_gap_p50_s = finished.chunk_gap_p50_s;
    live.chunk_gap_p95_s = finished.chunk_gap_p95_s;
    live.chunk_gap_p99_s = finished.chunk_gap_p99_s;
    CHECK(live == finished);
}

TEST_CASE("gaps of an endless answer are thinned evenly and the longest stays exact") {
    Recorder recorder;
    recorder.start(kT0);
    // Gaps of 1 ms, 2 ms, 3 ms, 4 ms, 5 ms over and over (5 and the stride have no common divisor), and one of 1 s.
    base::TimePoint now = kT0;
    const std::size_t gaps = 3 * Recorder::kMaxGaps;
    for (std::size_t i = 0; i <= gaps; ++i) {
        recorder.token_chunk(now, kText);
        now += i == 17 ? base::Duration{1s} : base::Duration{1ms} * static_cast<int>(i % 5 + 1);
    }
    const AnswerMetrics metrics = recorder.finish({}, {});
    CHECK(metrics.chunks == static_cast<std::int64_t>(gaps + 1));
    CHECK(*metrics.chunk_gap_p50_s == about(0.003));
    CHECK(*metrics.chunk_gap_p95_s == about(0.005));
    CHECK(*metrics.chunk_gap_max_s == about(1));
}

TEST_CASE("an estimate counts ASCII by four, CJK by one and does not depend on the cuts") {
    struct {
        const char* text;
        std::int64_t tokens;
    } const cases[] = {{"", 0},         {"a", 1},    {"abcd", 1}, {"abcde", 2}, {"東京", 2},
                       {"ひらがな", 4}, {"한국", 2}, {"éé", 2},   {"😀", 2}};
    for (const auto& [text, tokens] : cases) {
        CAPTURE(text);
        metrics::TokenEstimate estimate;
        estimate.add(text);
        CHECK(estimate.tokens() == tokens);
    }
    metrics::TokenEstimate whole, parts;
    whole.add("twelve signs");
    for (const char c : std::string("twelve signs")) parts.add(std::string(1, c));
    CHECK(whole.tokens() == parts.tokens());
}

TEST_CASE("words for token sources and model states lead back") {
    using metrics::ModelWarmth;
    using metrics::TokenSource;
    for (const auto source : {TokenSource::none, TokenSource::usage, TokenSource::timings, TokenSource::estimate})
        CHECK(metrics::token_source_from(metrics::token_source_name(source)) == source);
    for (const auto warmth : {ModelWarmth::warm, ModelWarmth::loaded, ModelWarmth::cold})
        CHECK(metrics::model_warmth_from(metrics::model_warmth_name(warmth)) == warmth);
    CHECK_FALSE(metrics::token_source_from("guess"));
    CHECK_FALSE(metrics::model_warmth_from("hot"));
}
