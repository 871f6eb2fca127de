// What `run` shows while it runs: lines for a live display, and plain lines for a pipe.
//
// Thread contract: pure.
// Invariant: no live line is wider than `columns` (East Asian width and emoji counted as terminals do).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace llmc::cli {

// One candidate as it is now.
struct CandidateProgress {
    std::string label;
    session::AnswerState state = session::AnswerState::queued;
    std::string server;
    metrics::AnswerMetrics metrics;
    session::StepNow step;  // of an answer that takes several requests
};

struct RunProgress {
    engine::Progress progress;
    double elapsed_s = 0;  // since the first round began
    engine::Activity activity = engine::Activity::idle;
};

// The bar over answers and a line per candidate. What does not fit is given up in this order: server, tok/s, TTFT,
// tokens; then the label is cut with "…". More candidates than `rows` allow end in "… and 5 more".
std::vector<std::string> live_lines(const RunProgress& run, const std::vector<CandidateProgress>& candidates,
                                    int columns, int rows);

// "round 2: Qwen 7B Q4: complete on studio-1, 386 tokens, TTFT 0.31 s, 47.2 tok/s decode".
std::string plain_line(const session::Answer& answer, const std::string& label);

// What a suite came to, a line per candidate: "Qwen 7B: 27 of 30 checks passed (90 %, 95 % interval 74 to 97 %), 83 %
// of repeats agree".
std::vector<std::string> result_lines(const session::Session& session);

// "0:42", "3:05:00"; "about 3 min".
std::string clock_text(double seconds);
std::string about_text(double seconds);

// `text` cut to `columns` with "…" where it is wider.
std::string fit(std::string_view text, std::size_t columns);

}  // namespace llmc::cli
