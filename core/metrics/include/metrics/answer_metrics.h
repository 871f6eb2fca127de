// The numbers of one answer: standard definitions (product.md section 6), each with its unit in its name.
//
// Thread contract: plain values.
// With t0 = just before the request's first byte is written, tF = first token chunk, tL = last token chunk, n = output
// tokens:
//   time to first token     tF - t0, less a model load that was seen; any non-empty content, reasoning or tool call
//                           counts
//   time to first output    first content chunk that is not reasoning - t0, less the same
//   inter-token latency     (tL - tF) / (n - 1), of the tokens that streamed, without a backlog (speed.h); none for
//                           n < 2 and for a burst
//   decode tokens per s     1 / inter-token latency
//   end-to-end latency      tL - t0
//   end-to-end tokens per s n / end-to-end latency, of the tokens that streamed
//   chunk gap p50 … max     gaps between token chunks; percentiles by linear interpolation between ranks
// A chunk is not a token: n comes from `usage`, else from the server's timings, else from an estimate
// (tokens_estimated).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace llmc::metrics {

// The most that figures of an answer can be. What a server claims beyond is not believed, a rate beyond is not computed
// (recorder.h), and a file that holds more is damaged: so every file that is written can be read again.
inline constexpr std::int64_t kMaxTokens = 1'000'000'000'000;
inline constexpr double kMaxFigure = 1e15;  // seconds, tokens per second

// Where the token counts come from.
enum class TokenSource { none, usage, timings, estimate };
std::string_view token_source_name(TokenSource source);  // "usage", "timings", "estimate", ""
std::optional<TokenSource> token_source_from(std::string_view name);

// What is known about the model's state when the request was sent.
enum class ModelWarmth {
    warm,    // the server said that it was loaded, or it answered the request before
    loaded,  // the load was seen; model_load_s is taken off TTFT
    cold     // unknown: TTFT may hold a load
};
std::string_view model_warmth_name(ModelWarmth warmth);  // "warm", "loaded", "cold"
std::optional<ModelWarmth> model_warmth_from(std::string_view name);

// What is to be known about the speeds.
enum class SpeedNote {
    none,
    hidden_reasoning,  // they are of the tokens that streamed: reasoning was counted that did not
    burst              // somebody held the tokens back: no decode speed was observed; shown as "buffered"
};
std::string_view speed_note_name(SpeedNote note);  // "", "hidden reasoning", "burst"
std::optional<SpeedNote> speed_note_from(std::string_view name);

struct AnswerMetrics {
    std::optional<double> time_to_first_token_s;
    std::optional<double> time_to_first_output_s;
    std::optional<double> inter_token_latency_s;
    std::optional<double> decode_tokens_per_s;
    std::optional<double> end_to_end_latency_s;
    std::optional<double> end_to_end_tokens_per_s;
    std::optional<double> chunk_gap_p50_s, chunk_gap_p95_s, chunk_gap_p99_s, chunk_gap_max_s;
    std::optional<double> queue_wait_s;  // waiting for a free server
    std::optional<double> model_load_s;  // +- 1 s
    std::optional<std::int64_t> prompt_tokens, output_tokens, reasoning_tokens, cached_tokens;
    SpeedNote speed_note = SpeedNote::none;
    // What is an estimate is shown with "~".
    bool prompt_tokens_estimated = false;
    bool tokens_estimated = false;            // output_tokens and what follows from them
    bool reasoning_tokens_estimated = false;  // also where output_tokens are exact: many servers do not count it apart
    TokenSource token_source = TokenSource::none;
    std::int64_t chunks = 0;                                                       // token chunks
    std::optional<double> server_prompt_tokens_per_s, server_decode_tokens_per_s;  // the server's own figures
    // What the numbers depend on.
    std::optional<int> requests_in_flight;  // on that server when this one was sent, itself included
    std::optional<ModelWarmth> model_warmth;
    // Of an answer with steps: TTFT is the first step's, tokens are sums, speeds and gaps are of all steps without the
    // pauses between them.
    std::optional<std::int64_t> steps;
    std::optional<double> model_time_s;  // sum of the steps' end-to-end latencies
    std::optional<double> task_time_s;   // first byte sent to last token; none where it was resumed

    bool operator==(const AnswerMetrics&) const = default;
};

// The output tokens that streamed: those of the speeds.
double streamed_tokens(const AnswerMetrics& metrics);

// A model load that was seen but came to be known after the answer's end: as if it had been known, TTFT and TTFO are
// shorter by it.
void take_off_model_load(AnswerMetrics& metrics, double load_s);

// An estimate of the tokens in a text: one for every 4 bytes of ASCII, one per CJK character, one for every 2 bytes of
// the rest. Fractions are carried between calls, so that it does not matter how the text is cut.
class TokenEstimate {
public:
    void add(std::string_view utf8);  // whole code points
    std::int64_t tokens() const { return (quarter_tokens_ + 3) / 4; }

private:
    std::int64_t quarter_tokens_ = 0;
};

}  // namespace llmc::metrics
