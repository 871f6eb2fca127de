#include "metrics/recorder.h"

#include <string>

#include <doctest/doctest.h>

using namespace llmc;
using namespace std::chrono_literals;
using metrics::AnswerMetrics;
using metrics::Recorder;
using metrics::SpeedNote;

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
        const AnswerMetrics metrics = recorded({1s, 1500ms, 2s}).finish(usage(1, 101), {});
        CHECK(metrics.output_tokens == 101);
        CHECK(metrics.chunks == 3);
        CHECK(*metrics.decode_tokens_per_s == about(100));
    }
    SUBCASE("decoding does not hold prefill, and the clock starts with the request") {
        const AnswerMetrics metrics = recorded({10s, 10500ms, 11s}).finish(usage(4000, 51), {});
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
            CHECK(metrics.speed_note == SpeedNote::burst);
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

TEST_CASE("a prompt of no tokens is no count, and is estimated where the output is counted") {
    for (const std::int64_t count : {0, -1}) {
        Recorder recorder = recorded({1s, 2s});
        recorder.prompt("Hello there, you");
        const AnswerMetrics metrics = recorder.finish(usage(count, 2), {});
        CHECK(metrics.prompt_tokens == 4);
        CHECK(metrics.prompt_tokens_estimated);
        CHECK(metrics.output_tokens == 2);
        CHECK_FALSE(metrics.tokens_estimated);
    }
}

TEST_CASE("an output that chunks and text both exceed eightfold is not believed") {
    Recorder recorder;
    recorder.start(kT0);
    for (int i = 0; i < 40; ++i) {
        recorder.text("word12 ");
        recorder.token_chunk(kT0 + (i + 1) * 10ms, kText);
    }
    CHECK(recorder.finish(usage(12, 1), {}).output_tokens == 70);
    CHECK(recorder.finish(usage(12, 1), {}).tokens_estimated);
    CHECK(recorder.finish(usage(12, 5), {}).output_tokens == 5);
}

TEST_CASE("reasoning that is counted but never streamed is in no speed") {
    const auto thinker = [](int streamed, base::Duration first) {
        Recorder recorder;
        recorder.start(kT0);
        base::TimePoint now = kT0 + first;
        for (int i = 0; i < streamed + 100; ++i, now += 10ms) {
            const bool is_reasoning = i < streamed;
            is_reasoning ? recorder.reasoning("hm ") : recorder.text("word ");
            recorder.token_chunk(now, is_reasoning ? kReasoning : kText);
        }
        return recorder;
    };
    struct {
        const char* name;
        int streamed;  // reasoning chunks
        std::int64_t output, reasoning;
        double decode;
        SpeedNote note;
    } const cases[] = {
        {"none is counted", 0, 100, 0, 100, SpeedNote::none},
        {"all of it is hidden", 0, 1000, 900, 100, SpeedNote::hidden_reasoning},
        {"all of it streamed", 100, 200, 100, 100, SpeedNote::none},
        {"a summary of it streamed", 100, 2100, 2000, 100, SpeedNote::hidden_reasoning},
        {"a part cannot be more than all of it", 0, 100, 900, 100, SpeedNote::none},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        openai::Usage counted = usage(5, one.output);
        counted.reasoning_tokens = one.reasoning;
        const AnswerMetrics metrics = thinker(one.streamed, 2s).finish(counted, {});
        CHECK(*metrics.decode_tokens_per_s == doctest::Approx(one.decode).epsilon(0.001));
        CHECK(*metrics.inter_token_latency_s == doctest::Approx(1 / one.decode).epsilon(0.001));
        CHECK(*metrics.end_to_end_tokens_per_s ==
              doctest::Approx((100 + one.streamed) / *metrics.end_to_end_latency_s).epsilon(0.001));
        CHECK(metrics::streamed_tokens(metrics) == doctest::Approx(100 + one.streamed));
        CHECK(metrics.speed_note == one.note);
        CHECK(metrics.output_tokens == one.output);
    }
}

TEST_CASE("more reasoning than output is not believed where reasoning streamed") {
    Recorder recorder;
    recorder.start(kT0);
    recorder.reasoning(std::string(300, 'r'));
    recorder.token_chunk(kT0 + 1s, kReasoning);
    recorder.text(std::string(100, 't'));
    recorder.token_chunk(kT0 + 2s, kText);
    openai::Usage counted = usage(1, 200);
    counted.reasoning_tokens = 5000;
    const AnswerMetrics metrics = recorder.finish(counted, {});
    CHECK(metrics.reasoning_tokens == 150);
    CHECK(metrics.reasoning_tokens_estimated);
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

TEST_CASE("live metrics are those of the end but for the percentiles and the note on the speed") {
    Recorder recorder;
    recorder.start(kT0);
    for (int i = 0; i < 20; ++i) {
        recorder.text("word ");
        recorder.token_chunk(kT0 + 500ms + i * 50ms, kText);
    }
    AnswerMetrics live = recorder.live(usage(1, 60));
    const AnswerMetrics finished = recorder.finish(usage(1, 60), {});
    CHECK_FALSE(live.chunk_gap_p50_s);
    CHECK(*live.chunk_gap_max_s == about(0.05));
    live.chunk_gap_p50_s = finished.chunk_gap_p50_s;
    live.chunk_gap_p95_s = finished.chunk_gap_p95_s;
    live.chunk_gap_p99_s = finished.chunk_gap_p99_s;
    CHECK(live == finished);
}

TEST_CASE("live, a decode speed is shown after 16 chunks and half a second") {
    struct {
        int chunks;
        base::Duration gap;
        bool is_shown;
    } const cases[] = {{15, 100ms, false}, {16, 100ms, true}, {16, 30ms, false}, {17, 30ms, false}, {18, 30ms, true}};
    for (const auto& one : cases) {
        CAPTURE(one.chunks);
        Recorder recorder;
        recorder.start(kT0);
        for (int i = 0; i < one.chunks; ++i) {
            recorder.text("word ");
            recorder.token_chunk(kT0 + 1s + i * one.gap, kText);
        }
        const AnswerMetrics live = recorder.live({});
        CHECK(live.decode_tokens_per_s.has_value() == one.is_shown);
        CHECK(live.inter_token_latency_s.has_value() == one.is_shown);
        CHECK(live.speed_note == SpeedNote::none);
        CHECK(live.time_to_first_token_s);
    }
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
    for (const auto note : {SpeedNote::none, SpeedNote::hidden_reasoning, SpeedNote::burst})
        CHECK(metrics::speed_note_from(metrics::speed_note_name(note)) == note);
    CHECK(metrics::speed_note_name(SpeedNote::hidden_reasoning) == "hidden reasoning");
    CHECK_FALSE(metrics::speed_note_from("fast"));
    CHECK_FALSE(metrics::token_source_from("guess"));
    CHECK_FALSE(metrics::model_warmth_from("hot"));
}
