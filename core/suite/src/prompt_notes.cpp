#include "prompt_notes.h"

#include <array>
#include <limits>

#include <fmt/format.h>

#include "base/utf8.h"
#include "said.h"

namespace llmc::suite {
namespace {

using base::FieldReader;

constexpr std::array kCriteria = {"pass_criteria", "fail_criteria", "expected_response"};

void read_incumbent(FieldReader& fields) {
    fields.text("model");
    fields.text_or_empty("text", base::Null::is_absent);
    fields.each("tool_calls", [](FieldReader& call) {
        call.text_or_empty("id", base::Null::is_absent);
        call.required_text("name");
        call.text_or_empty("arguments");
        call.finish();
    });
    fields.number_within("latency_s", 0, std::numeric_limits<double>::max());
    fields.finish();
}

}  // namespace

void read_notes(FieldReader& fields, PromptNotes& notes) {
    if (auto category = fields.text_or_empty("category")) notes.category = *std::move(category);
    if (const auto word = fields.text("severity")) {
        notes.severity = *word == "warning" ? session::Severity::warning : session::Severity::critical;
        if (*word != "warning" && *word != "critical")
            fields.fail("severity", fmt::format("\"{}\" is unknown; possible are critical, warning",
                                                base::for_terminal_line(*word)));
    }
    for (const char* key : kCriteria) fields.text_or_empty(key);
    fields.object("incumbent", read_incumbent);
}

void fill_notes(base::JsonFile& file, std::size_t prompt, Filler& filler) {
    const auto fill = [&](const char* key) {
        const Said note = said(file.root(), prompt, key);
        if (note.value != nullptr && note.value->is_string()) {
            filler.fill(note.value->get_ref<const std::string&>());
            need_values(file, filler, note.pointer);
        }
    };
    fill("category");
    for (const char* key : kCriteria) fill(key);
}

}  // namespace llmc::suite
