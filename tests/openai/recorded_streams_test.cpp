// 71 streams of real servers: what comes out of them, however they are cut into pieces, and wherever they end.
#include <string>

#include <doctest/doctest.h>

#include "support.h"

using namespace llmc::openai;
using namespace llmc::openai::test;

TEST_CASE("each recorded stream gives what its index says, whole and in pieces of 1, 2, 3 and 7 bytes") {
    REQUIRE(recorded_streams().size() == 71);
    for (const Recorded& stream : recorded_streams()) {
        for (const std::size_t piece : {0U, 1U, 2U, 3U, 7U}) {
            CAPTURE(stream.file);
            CAPTURE(piece);
            const Decoded decoded = decode(stream.bytes, piece);
            CHECK(differences(stream, decoded.got, decoded.facts) == "");
            const bool has_answer = !stream.text.empty() || !stream.reasoning.empty() || !stream.tool_calls.empty();
            const bool has_end = !stream.finish_reason.empty() || stream.is_done;
            const EndState state = stream.has_error ? EndState::failed
                                   : !has_end       ? EndState::cut_off
                                   : has_answer     ? EndState::complete
                                                    : EndState::empty;
            CHECK(decoded.verdict.state == state);
        }
    }
}

namespace {

// Counts what a copy passes on beyond its original, and whether that continues the whole stream's text.
struct Prefix final : AnswerSink {
    const Recorded& whole;
    std::size_t text = 0, reasoning = 0;  // bytes passed on
    bool is_prefix = true;

    explicit Prefix(const Recorded& stream) : whole(stream) {}
    llmc::Result<void> on_text(std::string_view utf8) override { return take(whole.text, text, utf8); }
    llmc::Result<void> on_reasoning(std::string_view utf8) override { return take(whole.reasoning, reasoning, utf8); }
    void on_token_chunk(const TokenChunk&) override {}

    llmc::Result<void> take(const std::string& all, std::size_t& size, std::string_view utf8) {
        is_prefix = is_prefix && all.compare(size, utf8.size(), utf8) == 0;
        size += utf8.size();
        return {};
    }
};

}  // namespace

TEST_CASE("a recorded stream cut at any byte gives an exact prefix and is never complete before its end arrived") {
    std::size_t cuts = 0, wrong = 0;
    for (const Recorded& stream : recorded_streams()) {
        // The end has arrived with the last byte of a finish reason's value or of [DONE], wherever the event goes on.
        const auto marker = stream.finish_reason.empty() ? stream.bytes.find("[DONE]") + 6
                                                         : stream.bytes.find('"' + stream.finish_reason + '"');
        AnswerDecoder decoder;
        Prefix got(stream);
        for (std::size_t cut = 0; cut <= stream.bytes.size(); ++cut) {
            ++cuts;
            AnswerDecoder copy = decoder;
            Prefix ended = got;
            copy.finish(ended);
            const EndState state = judge_end(copy.facts(), false).state;
            const bool is_early = cut < marker && (state == EndState::complete || state == EndState::empty);
            if (!ended.is_prefix || is_early) {
                ++wrong;
                CAPTURE(stream.file);
                CAPTURE(cut);
                CHECK(ended.is_prefix);
                CHECK_FALSE(is_early);
            }
            if (cut < stream.bytes.size() && !decoder.feed(std::string_view(stream.bytes).substr(cut, 1), got)) break;
        }
    }
    MESSAGE(cuts << " cuts, " << wrong << " wrong");
    CHECK(cuts > 3'000'000);
    CHECK(wrong == 0);
}
