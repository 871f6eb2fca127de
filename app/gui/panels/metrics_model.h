// What the Metrics panel shows, derived from a snapshot: once per revision, not per frame.
//
// Thread contract: pure but for LiveTokens, which reads AnswerStream::live() (main thread).
// Figures of a candidate are of its complete answers; of TTFT without cold ones, which may hold a model load. A gap p99
// of several answers is the median of theirs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "metrics/summary.h"

namespace llmc::gui {

// One row: of a candidate or of a server.
struct SumRow {
    std::string name;
    int index = 0;  // of the candidate; of the server in order of appearance
    metrics::Summary sum;
    std::optional<double> ttft_p95_s, gap_p50_s, gap_p95_s, gap_p99_s, gap_max_s;
    std::optional<double> reasoning_share;  // of the output tokens
    bool reasoning_estimated = false;
    bool is_warm = false;     // the server said so for at least one answer
    bool is_skipped = false;  // the candidate
};

struct AnswerPlace {
    std::uint32_t round = 0, answer = 0;  // indices into the session's rounds and the round's answers
};

// One line of a plot: by round.
struct RoundSeries {
    int candidate = 0;
    std::vector<double> rounds, decode, ttft;  // `rounds` of decode
    std::vector<double> ttft_rounds;
};

struct MetricsModel {
    std::uint64_t revision = 0;  // that it was made of; 0: none
    std::vector<SumRow> candidates, servers;
    std::vector<AnswerPlace> answers;
    std::vector<RoundSeries> series;
    int rounds = 0;
    double max_decode = 0, max_ttft = 0, max_gap = 0;

    void update(const engine::Snapshot& snapshot, std::uint64_t new_revision);
};

// What an answer's figures are now: the final ones, or what its worker published last.
const metrics::AnswerMetrics& metrics_now(const session::Answer& answer);

// By linear interpolation between ranks; none of nothing.
std::optional<double> percentile(std::vector<double> values, double p);

// "label,answers,…": a row per candidate, numbers as they are, no cell that a spreadsheet takes for a formula.
std::string candidates_csv(const MetricsModel& model);

// Output tokens of the answer that each candidate is at, over the seconds since its request was sent. Sampled by whoever
// draws it.
class LiveTokens {
public:
    struct Line {
        int candidate = 0;
        std::vector<double> seconds, tokens;
        bool is_final = false;
        std::uint64_t key = 0;  // which answer it is of
    };

    void sample(const engine::Snapshot& snapshot, base::TimePoint now);
    const std::vector<Line>& lines() const { return lines_; }
    int round() const { return round_; }
    bool is_running() const { return is_running_; }
    double max_seconds() const { return max_seconds_; }
    double max_tokens() const { return max_tokens_; }

private:
    int round_ = 0;
    bool is_running_ = false;
    double max_seconds_ = 0, max_tokens_ = 0;
    std::vector<Line> lines_;
};

}  // namespace llmc::gui
