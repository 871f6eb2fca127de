#include "support.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <doctest/doctest.h>

namespace llmc::openai::test {
namespace {

using base::Json;

Result<void> append(std::string& to, std::string_view utf8, std::size_t limit) {
    if (to.size() + utf8.size() > limit) return Error{ErrorKind::limit, "the text is too long"};
    to += utf8;
    return {};
}

std::optional<std::int64_t> number_in(const Json& object, const char* outer, const char* inner) {
    const Json* details = base::find(object, outer);
    return details ? base::get_int(*details, inner) : std::nullopt;
}

Usage usage_in(const Json& json) {
    Usage usage;
    usage.prompt_tokens = base::get_int(json, "prompt_tokens");
    usage.output_tokens = base::get_int(json, "completion_tokens");
    usage.reasoning_tokens = number_in(json, "completion_tokens_details", "reasoning_tokens");
    if (!usage.reasoning_tokens) usage.reasoning_tokens = base::get_int(json, "reasoning_tokens");
    usage.cached_tokens = number_in(json, "prompt_tokens_details", "cached_tokens");
    const auto total = base::get_int(json, "total_tokens");
    const bool leaves_reasoning_out = total && usage.prompt_tokens && usage.output_tokens && usage.reasoning_tokens &&
                                      *usage.prompt_tokens + *usage.output_tokens + *usage.reasoning_tokens == *total;
    if (leaves_reasoning_out) *usage.output_tokens += *usage.reasoning_tokens;
    return usage;
}

// "<think>a</think>\n\nb" as the rule for it says: reasoning a, text b.
void split_think(Recorded& stream) {
    constexpr std::string_view kOpen = "<think>", kClose = "</think>";
    if (!stream.text.starts_with(kOpen)) return;
    const auto close = stream.text.find(kClose);
    stream.reasoning += stream.text.substr(kOpen.size(), close - kOpen.size());
    stream.text.erase(0, close + kClose.size());
    stream.text.erase(0, stream.text.find_first_not_of(" \n\r\t"));
}

Recorded recorded_from(const Json& entry) {
    Recorded stream;
    stream.file = base::get_string(entry, "file").value();
    stream.bytes = read_data("recorded/" + stream.file);
    const Json& expect = entry.at("expect");
    const Json& lines = expect.at("line_based_reading");
    const Json& reading = lines.is_null() ? expect : lines;
    stream.text = base::get_string(reading, "content").value_or("");
    stream.reasoning = base::get_string(reading, "reasoning").value_or("");
    stream.finish_reason = base::get_string(reading, "finish_reason").value_or("");
    stream.is_done = base::get_bool(reading, "done_marker").value_or(false);
    stream.text += base::get_string(expect, "refusal").value_or("");
    stream.has_error = !expect.at("errors").empty() || base::get_bool(expect, "error_field_line").value_or(false);
    if (!expect.at("usage").is_null()) stream.usage = usage_in(expect.at("usage"));
    for (const Json& call : expect.at("tool_calls"))
        stream.tool_calls.push_back({base::get_string(call, "id").value_or(""),
                                     base::get_string(call, "name").value_or(""),
                                     base::get_string(call, "arguments").value_or("")});
    split_think(stream);
    if (stream.usage.reasoning_tokens == 0 && !stream.reasoning.empty()) stream.usage.reasoning_tokens.reset();
    return stream;
}

template <class T>
void compare(std::string& report, const char* what, const T& expected, const T& got) {
    if (expected == got) return;
    std::ostringstream line;
    line << what << " differs";
    if constexpr (std::is_same_v<T, std::string>) {
        const auto at =
            std::mismatch(expected.begin(), expected.end(), got.begin(), got.end()).first - expected.begin();
        line << " at byte " << at << " (" << expected.size() << " expected, " << got.size() << " got)";
    }
    report += line.str() + "\n";
}

// Chunk framing removed.
std::string dechunked(std::string_view body) {
    std::string whole;
    while (!body.empty()) {
        const auto line = body.find("\r\n");
        if (line == std::string_view::npos) break;
        const auto size = std::stoul(std::string(body.substr(0, line)), nullptr, 16);
        if (size == 0) break;
        whole += body.substr(line + 2, size);
        body.remove_prefix(std::min(body.size(), line + 2 + size + 2));
    }
    return whole;
}

}  // namespace

Result<void> Collected::on_text(std::string_view utf8) {
    return append(text, utf8, text_limit);
}
Result<void> Collected::on_reasoning(std::string_view utf8) {
    return append(reasoning, utf8, text_limit);
}

Result<std::string_view> Collected::take_text_back() {
    taken_back = std::exchange(text, {});
    return std::string_view(taken_back);
}

void Collected::on_tool_call(const ToolCallPiece& piece) {
    REQUIRE(piece.call <= calls_.size());
    if (piece.call == calls_.size()) calls_.push_back({piece.index, {}});
    CHECK(calls_[piece.call].first == piece.index);
    join_piece(calls_[piece.call].second, piece);
}
std::vector<ToolCall> Collected::tool_calls() const {
    auto sorted = calls_;
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<ToolCall> calls;
    for (auto& [index, call] : sorted) calls.push_back(std::move(call));
    return calls;
}

Decoded decode(std::string_view bytes, std::size_t piece, std::string_view content_type) {
    Decoded decoded;
    AnswerDecoder decoder(content_type);
    if (piece == 0) piece = std::max<std::size_t>(bytes.size(), 1);
    for (std::size_t pos = 0; pos < bytes.size(); pos += piece)
        if (!decoder.feed(bytes.substr(pos, piece), decoded.got)) break;
    decoder.finish(decoded.got);
    decoded.facts = decoder.facts();
    CHECK(decoded.got.tool_calls() == decoded.facts.tool_calls);
    decoded.verdict = judge_end(decoded.facts, true);
    return decoded;
}

Decoded decode_both(const std::string& bytes) {
    const Decoded whole = decode(bytes);
    for (const std::size_t piece : {1U, 5U}) {
        const Decoded pieces = decode(bytes, piece);
        CHECK(pieces.got.text == whole.got.text);
        CHECK(pieces.got.reasoning == whole.got.reasoning);
        CHECK(pieces.facts.tool_calls == whole.facts.tool_calls);
        CHECK(pieces.facts.warnings == whole.facts.warnings);
        CHECK(pieces.verdict.state == whole.verdict.state);
        CHECK(pieces.got.tokens.size() == whole.got.tokens.size());
    }
    return whole;
}

std::string event(std::string_view json) {
    return "data: " + std::string(json) + "\n\n";
}

std::string delta(std::string_view members) {
    return event(R"({"choices":[{"index":0,"delta":{)" + std::string(members) + R"(},"finish_reason":null}]})");
}

std::string content(std::string_view text) {
    return delta("\"content\":" + base::dump_json(Json(text)));
}

std::string finished(std::string_view reason) {
    return event(R"({"choices":[{"index":0,"delta":{},"finish_reason":")" + std::string(reason) + R"("}]})");
}

std::string repeated(std::string_view part, std::size_t count) {
    std::string text;
    text.reserve(part.size() * count);
    for (std::size_t i = 0; i < count; ++i) text += part;
    return text;
}

std::string read_data(const std::string& name) {
    // Set by ctest; by hand the tests are run from the root of the checkout.
    const char* folder = std::getenv("LLMC_TEST_DATA");
    std::ifstream file(std::string(folder ? folder : "tests/data") + "/" + name, std::ios::binary);
    if (!file) throw std::runtime_error("no test data " + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

Response read_response(const std::string& name) {
    const std::string raw = read_data(name);
    const auto end = raw.find("\r\n\r\n");
    std::istringstream head(raw.substr(0, end));
    Response response;
    std::string word, line;
    head >> word >> response.status;
    bool is_chunked = false;
    while (std::getline(head, line)) {
        if (line.ends_with('\r')) line.pop_back();
        if (line.starts_with("Content-Type: ")) response.content_type = line.substr(14);
        if (line == "Transfer-Encoding: chunked") is_chunked = true;
    }
    response.body = raw.substr(end + 4);
    if (is_chunked) response.body = dechunked(response.body);
    return response;
}

const std::vector<Recorded>& recorded_streams() {
    static const std::vector<Recorded> streams = [] {
        std::vector<Recorded> all;
        const Json index = base::parse_json(read_data("recorded/index.json")).value();
        for (const Json& entry : index.at("streams")) all.push_back(recorded_from(entry));
        return all;
    }();
    return streams;
}

std::string differences(const Recorded& expected, const Collected& got, const AnswerFacts& facts) {
    std::string report;
    compare(report, "text", expected.text, got.text);
    compare(report, "reasoning", expected.reasoning, got.reasoning);
    compare(report, "finish reason", expected.finish_reason, facts.finish_reason);
    compare(report, "usage", expected.usage, facts.usage);
    compare(report, "tool calls", expected.tool_calls, facts.tool_calls);
    compare(report, "[DONE]", expected.is_done, facts.is_done);
    compare(report, "error", expected.has_error, facts.error.has_value());
    return report;
}

}  // namespace llmc::openai::test
