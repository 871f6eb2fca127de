// A response body, fed whole and in parts, gives the same answer and never invalid UTF-8.
#include <cstdint>
#include <cstdlib>

#include "base/utf8.h"
#include "openai/answer_decoder.h"

using namespace llmc;

namespace {

class Sink final : public openai::AnswerSink {
public:
    Result<void> on_text(std::string_view utf8) override {
        if (!base::is_valid_utf8(utf8)) std::abort();
        text += utf8;
        return {};
    }
    Result<void> on_reasoning(std::string_view utf8) override {
        if (!base::is_valid_utf8(utf8)) std::abort();
        reasoning += utf8;
        return {};
    }
    void on_token_chunk(const openai::TokenChunk&) override {}
    std::string text, reasoning;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view content_type = data[0] & 1 ? "text/event-stream" : "";
    const std::size_t step = 1 + (data[0] >> 1) % 11;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    Sink whole, parts;
    openai::AnswerDecoder first(content_type), second(content_type);
    first.feed(bytes, whole);
    first.finish(whole);
    for (std::size_t at = 0; at < bytes.size(); at += step)
        if (!second.feed(bytes.substr(at, step), parts)) break;
    second.finish(parts);
    if (whole.text != parts.text || whole.reasoning != parts.reasoning ||
        first.facts().finish_reason != second.facts().finish_reason)
        std::abort();
    return 0;
}
