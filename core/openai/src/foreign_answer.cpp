#include "foreign_answer.h"

#include <array>

namespace llmc::openai {
namespace {

struct Mark {
    std::string_view key;
    std::string_view value;  // the beginning of its text; empty: any list, object or text
    std::string_view also;   // a key that has to be there, too
    std::string_view name;
};

constexpr std::string_view kAnthropic = "an Anthropic messages stream";
constexpr std::string_view kCohere = "a Cohere chat stream";
constexpr std::string_view kLmStudio = "a stream of LM Studio's own chat interface";

// To know another interface is to add a row; the first that fits counts.
constexpr std::array<Mark, 22> kMarks = {{
    {"type", "message_start", "", kAnthropic},
    {"type", "content_block_", "", kAnthropic},
    {"type", "message_delta", "", kAnthropic},
    {"type", "message_stop", "", kAnthropic},
    {"type", "message", "content", "an Anthropic messages answer"},
    {"type", "response.", "", "an OpenAI Responses stream"},
    {"object", "response", "output", "an OpenAI Responses answer"},
    {"object", "thread.", "", "an OpenAI Assistants stream"},
    {"candidates", "", "", "a Gemini answer"},
    {"message", "", "done", "an answer of Ollama's own chat interface"},
    {"response", "", "done", "an answer of Ollama's own generate interface"},
    {"type", "message-start", "", kCohere},
    {"type", "content-start", "", kCohere},
    {"type", "content-delta", "", kCohere},
    {"event_type", "", "", kCohere},
    {"type", "chat.start", "", kLmStudio},
    {"type", "model_load.", "", kLmStudio},
    {"type", "prompt_processing.", "", kLmStudio},
    {"type", "message.", "", kLmStudio},
    {"type", "reasoning.", "", kLmStudio},
    {"content", "", "stop", "an answer of llama-server's own completion interface"},
    {"token", "", "generated_text", "a stream of Text Generation Inference's own interface"},
}};

bool fits(const Mark& mark, const base::Json& object) {
    const base::Json* value = base::find(object, mark.key);
    if (!value || (!mark.also.empty() && !base::find(object, mark.also))) return false;
    if (mark.value.empty()) return value->is_string() || value->is_object() || value->is_array();
    return value->is_string() && value->get_ref<const std::string&>().starts_with(mark.value);
}

}  // namespace

std::string_view foreign_answer(const base::Json& object) {
    if (!object.is_object() || base::find(object, "choices")) return {};
    for (const Mark& mark : kMarks)
        if (fits(mark, object)) return mark.name;
    return {};
}

}  // namespace llmc::openai
