#include "gui/panels/metrics_model.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "report/report.h"

namespace llmc::gui {
namespace {

using metrics::AnswerMetrics;
using session::Answer;
using session::AnswerState;

// A line of more points than this loses every second one: what a plot shows needs no more.
constexpr std::size_t kMaxPoints = 1000;

void add(std::vector<double>& values, const std::optional<double>& value) {
    if (value) values.push_back(*value);
}

SumRow sum_of(std::string name, int index, const std::vector<AnswerMetrics>& answers) {
    SumRow row{.name = std::move(name), .index = index, .sum = metrics::summarize(answers)};
    std::vector<double> ttft, p50, p95, p99, max;
    for (const AnswerMetrics& one : answers) {
        const bool is_cold = one.model_warmth == metrics::ModelWarmth::cold;
        if (!is_cold) add(ttft, one.time_to_first_token_s);
        add(p50, one.chunk_gap_p50_s);
        add(p95, one.chunk_gap_p95_s);
        add(p99, one.chunk_gap_p99_s);
        add(max, one.chunk_gap_max_s);
        row.reasoning_estimated = row.reasoning_estimated || one.reasoning_tokens_estimated;
        row.is_warm = row.is_warm || (one.model_warmth && !is_cold);
    }
    row.ttft_p95_s = percentile(std::move(ttft), 0.95);
    row.gap_p50_s = percentile(std::move(p50), 0.5);
    row.gap_p95_s = percentile(std::move(p95), 0.5);
    row.gap_p99_s = percentile(std::move(p99), 0.5);
    row.gap_max_s = percentile(std::move(max), 1);
    if (row.sum.reasoning_tokens > 0 && row.sum.output_tokens > 0)
        row.reasoning_share =
            static_cast<double>(row.sum.reasoning_tokens) / static_cast<double>(row.sum.output_tokens);
    return row;
}

std::uint64_t key_of(const Answer& answer) {
    return (static_cast<std::uint64_t>(answer.round) << 20) | static_cast<std::uint64_t>(answer.attempt);
}

void thin_out(LiveTokens::Line& line) {
    if (line.seconds.size() < kMaxPoints) return;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < line.seconds.size(); i += 2, ++kept) {
        line.seconds[kept] = line.seconds[i];
        line.tokens[kept] = line.tokens[i];
    }
    line.seconds.resize(kept);
    line.tokens.resize(kept);
}

void point(LiveTokens::Line& line, double seconds, double tokens) {
    if (!line.seconds.empty() && seconds < line.seconds.back()) return;
    thin_out(line);
    line.seconds.push_back(seconds);
    line.tokens.push_back(tokens);
}

}  // namespace

const AnswerMetrics& metrics_now(const Answer& answer) {
    if (session::is_final(answer.state) || !answer.stream) return answer.metrics;
    return answer.stream->live().metrics;
}

std::optional<double> percentile(std::vector<double> values, double p) {
    if (values.empty()) return std::nullopt;
    std::sort(values.begin(), values.end());
    const double rank = std::clamp(p, 0.0, 1.0) * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(rank);
    if (below + 1 >= values.size()) return values.back();
    return values[below] + (values[below + 1] - values[below]) * (rank - static_cast<double>(below));
}

void MetricsModel::update(const engine::Snapshot& snapshot, std::uint64_t new_revision) {
    if (revision == new_revision && new_revision != 0) return;
    *this = {};
    revision = new_revision;
    const session::Session& session = snapshot.session;
    std::map<std::string_view, std::size_t> place_of;  // of candidates
    std::vector<std::vector<AnswerMetrics>> of_candidate(session.candidates.size());
    std::vector<std::string> server_names;
    std::vector<std::vector<AnswerMetrics>> of_server;
    std::vector<bool> is_seen(session.candidates.size());
    series.resize(session.candidates.size());
    for (std::size_t i = 0; i < session.candidates.size(); ++i) {
        place_of[session.candidates[i].id] = i;
        series[i].candidate = static_cast<int>(i);
    }
    for (std::size_t r = 0; r < session.rounds.size(); ++r) {
        const session::Round& round = *session.rounds[r];
        for (std::size_t a = 0; a < round.answers.size(); ++a) {
            answers.push_back({static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(a)});
            const Answer& answer = round.answers[a];
            const auto found = place_of.find(answer.candidate);
            if (found != place_of.end()) is_seen[found->second] = true;
            if (answer.state != AnswerState::complete) continue;
            const AnswerMetrics& figures = answer.metrics;
            auto server = std::find(server_names.begin(), server_names.end(), answer.server);
            if (server == server_names.end()) {
                server_names.push_back(answer.server);
                of_server.emplace_back();
                server = server_names.end() - 1;
            }
            of_server[static_cast<std::size_t>(server - server_names.begin())].push_back(figures);
            if (found == place_of.end()) continue;
            of_candidate[found->second].push_back(figures);
            RoundSeries& line = series[found->second];
            if (figures.decode_tokens_per_s) {
                line.rounds.push_back(round.number);
                line.decode.push_back(*figures.decode_tokens_per_s);
                max_decode = std::max(max_decode, line.decode.back());
            }
            if (figures.time_to_first_token_s) {
                line.ttft_rounds.push_back(round.number);
                line.ttft.push_back(*figures.time_to_first_token_s);
                max_ttft = std::max(max_ttft, line.ttft.back());
            }
        }
    }
    rounds = static_cast<int>(session.rounds.size());
    for (std::size_t i = 0; i < session.candidates.size(); ++i) {
        if (session.candidates[i].is_removed && !is_seen[i]) continue;
        std::string label = i < snapshot.labels.size() ? snapshot.labels[i] : session.candidates[i].name();
        candidates.push_back(sum_of(std::move(label), static_cast<int>(i), of_candidate[i]));
        SumRow& row = candidates.back();
        row.is_skipped = session.candidates[i].is_skipped;
        max_gap = std::max(max_gap, row.gap_max_s.value_or(0));
    }
    for (std::size_t i = 0; i < server_names.size(); ++i)
        servers.push_back(sum_of(server_names[i].empty() ? "–" : server_names[i], static_cast<int>(i), of_server[i]));
    std::erase_if(series, [](const RoundSeries& line) { return line.rounds.empty() && line.ttft_rounds.empty(); });
}

std::string candidates_csv(const MetricsModel& model) {
    std::string csv =
        "label,answers,cold_answers,time_to_first_token_p50_s,time_to_first_token_p95_s,decode_tokens_per_s,"
        "chunk_gap_p99_s,reasoning_share,model_load_s,prompt_tokens,output_tokens,reasoning_tokens,tokens_"
        "estimated\r\n";
    const auto number = [](const std::optional<double>& value) { return value ? fmt::format("{}", *value) : ""; };
    for (const SumRow& row : model.candidates) {
        const metrics::Summary& sum = row.sum;
        csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", report::csv_cell(row.name), sum.answers,
                           sum.cold_answers, number(sum.median_time_to_first_token_s), number(row.ttft_p95_s),
                           number(sum.median_decode_tokens_per_s), number(row.gap_p99_s), number(row.reasoning_share),
                           sum.total_model_load_s, sum.prompt_tokens, sum.output_tokens, sum.reasoning_tokens,
                           sum.tokens_estimated ? "true" : "false");
    }
    return csv;
}

void LiveTokens::sample(const engine::Snapshot& snapshot, base::TimePoint now) {
    const session::Session& session = snapshot.session;
    if (session.rounds.empty()) {
        *this = {};
        return;
    }
    round_ = snapshot.round_now;
    is_running_ = false;
    for (int index = 0; index < static_cast<int>(session.candidates.size()); ++index) {
        const Answer* now_at = engine::answer_now(snapshot, session.candidates[static_cast<std::size_t>(index)].id);
        if (!now_at || now_at->state == AnswerState::queued) {
            std::erase_if(lines_, [index](const Line& one) { return one.candidate == index; });
            continue;
        }
        const Answer& answer = *now_at;
        auto line = std::find_if(lines_.begin(), lines_.end(), [&](const Line& one) { return one.candidate == index; });
        if (line == lines_.end()) line = lines_.insert(lines_.end(), Line{.candidate = index, .key = key_of(answer)});
        if (line->key != key_of(answer)) *line = Line{.candidate = index, .key = key_of(answer)};
        if (line->is_final) continue;
        const AnswerMetrics& figures = metrics_now(answer);
        const auto tokens = static_cast<double>(figures.output_tokens.value_or(0));
        if (line->seconds.empty()) {
            point(*line, 0, 0);
            if (figures.time_to_first_token_s && tokens > 0)
                point(*line, *figures.time_to_first_token_s + figures.model_load_s.value_or(0), 1);
        }
        if (session::is_final(answer.state)) {
            line->is_final = true;
            if (figures.end_to_end_latency_s) point(*line, *figures.end_to_end_latency_s, tokens);
        } else {
            is_running_ = true;
            const base::TimePoint started = answer.stream->live().started;
            if (started == base::TimePoint{}) continue;
            const double at = base::seconds(now - started);
            if (at - line->seconds.back() >= 0.1) point(*line, at, tokens);
        }
    }
    max_seconds_ = max_tokens_ = 0;
    for (const Line& line : lines_) {
        if (line.seconds.empty()) continue;
        max_seconds_ = std::max(max_seconds_, line.seconds.back());
        max_tokens_ = std::max(max_tokens_, *std::max_element(line.tokens.begin(), line.tokens.end()));
    }
}

}  // namespace llmc::gui
