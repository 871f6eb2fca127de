// A response body, fed whole and in parts, gives the same answer and never invalid UTF-8. Cut anywhere, it gives a
// prefix. The first byte chooses the content type and the size of the parts.
#include "base/utf8.h"
#include "openai/answer_decoder.h"
#include "text_sink.h"

namespace llmc::fuzz {

void sse_chunks(std::string_view bytes) {
    if (bytes.empty()) return;
    const auto choice = static_cast<unsigned char>(bytes[0]);
    bytes.remove_prefix(1);
    const std::string_view content_type = choice & 1 ? "text/event-stream" : "";
    const std::size_t step = 1 + (choice >> 1) % 11;
    TextSink whole, parts;
    openai::AnswerDecoder first(content_type), second(content_type);
    first.feed(bytes, whole);
    first.finish(whole);
    for (std::size_t at = 0; at < bytes.size(); at += step)
        if (!second.feed(bytes.substr(at, step), parts)) break;
    TextSink ended_early = parts;
    openai::AnswerDecoder copy = second;
    second.finish(parts);
    copy.finish(ended_early);
    promise(whole.text == parts.text && whole.reasoning == parts.reasoning, "cuts do not change the text");
    promise(ended_early.text == parts.text, "a copy goes on as its original");
    const openai::AnswerFacts &a = first.facts(), &b = second.facts();
    promise(a.finish_reason == b.finish_reason && a.is_done == b.is_done && a.usage == b.usage &&
                a.tool_calls == b.tool_calls && a.error.has_value() == b.error.has_value(),
            "cuts do not change the facts");
    for (const std::string& warning : a.warnings) promise(base::is_valid_utf8(warning), "warnings are valid UTF-8");

    openai::AnswerDecoder broken(content_type);
    TextSink prefix;
    broken.feed(bytes.substr(0, bytes.size() / 2), prefix);
    broken.finish(prefix);
    const bool is_stream = content_type.size() > 0;
    const bool was_taken_back = whole.taken_back > prefix.taken_back;  // what was shown was a thought
    promise(!is_stream || was_taken_back || whole.text.starts_with(prefix.text),
            "a stream cut in the middle gives a prefix");
}

}  // namespace llmc::fuzz
