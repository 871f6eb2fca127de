#include "loop_reader.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace llmc::suite {

using base::FieldReader;
using base::JsonFile;
using base::OrderedJson;

Loop read_loop(JsonFile& file, const OrderedJson& value, const std::string& pointer) {
    Loop loop;
    FieldReader fields(file, value, pointer);
    if (const auto steps = fields.integer_within("max_steps", 1, kMaxLoopSteps))
        loop.max_steps = static_cast<int>(*steps);
    loop.done_tool = fields.text("done_tool", base::Null::is_absent);
    if (const auto repetitions = fields.integer_within("cycle_repetitions", 2, kMaxLoopSteps))
        loop.cycle_repetitions = static_cast<int>(*repetitions);
    if (const auto word = fields.text("history"); word && *word != "openai") {
        loop.history = LoopHistory::one_call_per_message;
        if (*word != "one_call_per_message")
            fields.fail("history", fmt::format("\"{}\" is unknown; possible are openai, one_call_per_message",
                                               base::for_terminal_line(*word)));
    }
    fields.finish();
    return loop;
}

}  // namespace llmc::suite
