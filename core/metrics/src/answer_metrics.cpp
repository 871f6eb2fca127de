#include "metrics/answer_metrics.h"

#include <algorithm>

#include "base/utf8.h"

namespace llmc::metrics {
namespace {

bool is_cjk(char32_t c) {
    return (c >= 0x3040 && c <= 0x30FF) ||  // Hiragana, Katakana
           (c >= 0x3400 && c <= 0x9FFF) ||  // Han
           (c >= 0xAC00 && c <= 0xD7AF) ||  // Hangul
           (c >= 0xF900 && c <= 0xFAFF) ||  // Han, compatibility
           (c >= 0xFF00 && c <= 0xFFEF) ||  // full-width forms
           (c >= 0x20000 && c <= 0x3FFFF);  // Han, rarer
}

}  // namespace

std::string_view token_source_name(TokenSource source) {
    switch (source) {
        case TokenSource::none: return "";
        case TokenSource::usage: return "usage";
        case TokenSource::timings: return "timings";
        case TokenSource::estimate: return "estimate";
    }
    return "";
}

std::optional<TokenSource> token_source_from(std::string_view name) {
    for (auto source : {TokenSource::none, TokenSource::usage, TokenSource::timings, TokenSource::estimate})
        if (token_source_name(source) == name) return source;
    return std::nullopt;
}

std::string_view model_warmth_name(ModelWarmth warmth) {
    switch (warmth) {
        case ModelWarmth::warm: return "warm";
        case ModelWarmth::loaded: return "loaded";
        case ModelWarmth::cold: return "cold";
    }
    return "";
}

std::optional<ModelWarmth> model_warmth_from(std::string_view name) {
    for (auto warmth : {ModelWarmth::warm, ModelWarmth::loaded, ModelWarmth::cold})
        if (model_warmth_name(warmth) == name) return warmth;
    return std::nullopt;
}

std::string_view speed_note_name(SpeedNote note) {
    switch (note) {
        case SpeedNote::none: return "";
        case SpeedNote::hidden_reasoning: return "hidden reasoning";
        case SpeedNote::burst: return "burst";
    }
    return "";
}

std::optional<SpeedNote> speed_note_from(std::string_view name) {
    for (auto note : {SpeedNote::none, SpeedNote::hidden_reasoning, SpeedNote::burst})
        if (speed_note_name(note) == name) return note;
    return std::nullopt;
}

double streamed_tokens(const AnswerMetrics& metrics) {
    // A burst may hide reasoning, too, which only this speed tells then.
    if (metrics.speed_note != SpeedNote::none && metrics.end_to_end_tokens_per_s && metrics.end_to_end_latency_s)
        return *metrics.end_to_end_tokens_per_s * *metrics.end_to_end_latency_s;
    return static_cast<double>(metrics.output_tokens.value_or(0));
}

void TokenEstimate::add(std::string_view utf8) {
    for (std::size_t pos = 0; pos < utf8.size();) {
        if (static_cast<unsigned char>(utf8[pos]) < 0x80) {
            ++quarter_tokens_;
            ++pos;
            continue;
        }
        const std::size_t begin = pos;
        const char32_t code_point = base::next_code_point(utf8, pos);
        quarter_tokens_ += is_cjk(code_point) ? 4 : 2 * static_cast<std::int64_t>(pos - begin);
    }
}

void take_off_model_load(AnswerMetrics& metrics, double load_s) {
    metrics.model_load_s = load_s;
    metrics.model_warmth = ModelWarmth::loaded;
    for (auto* time : {&metrics.time_to_first_token_s, &metrics.time_to_first_output_s})
        if (*time) *time = std::max(0.0, **time - load_s);  // the load is known to a second only
}

}  // namespace llmc::metrics
