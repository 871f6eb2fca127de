#include "demo/form_plays.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "demo/schema_sample.h"

namespace llmc::demo {
namespace {

using base::OrderedJson;
using Calls = FormDemand::Calls;

constexpr std::array kPlays{
    FormPlay{.model = "forms-good"},
    FormPlay{.model = "forms-reasoning", .writes_json_as_reasoning = true},
    FormPlay{.model = "forms-suppressed", .thinks_when_asked = false},
    FormPlay{.model = "forms-ignores", .hears = false},
    FormPlay{.model = "forms-leaks", .writes_calls_as_text = true},
    FormPlay{.model = "forms-empty", .fields = FormPlay::Fields::passed_over},
    FormPlay{.model = "forms-refuses", .fields = FormPlay::Fields::refused},
};

// The first word of more than three letters.
std::string_view word_of(std::string_view question) {
    const auto is_of_word = [](char c) { return base::is_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80; };
    while (!question.empty()) {
        const auto end = std::ranges::find_if_not(question, is_of_word);
        const auto word = question.substr(0, static_cast<std::size_t>(end - question.begin()));
        if (base::count_code_points(word) > 3) return word;
        question.remove_prefix(std::min(word.size() + 1, question.size()));
    }
    return "lamp";
}

// What is said where text is wanted.
std::string prose_of(const FormDemand& demand) {
    if (demand.results > 0) return fmt::format("The result is: {}", demand.result);
    return fmt::format("There is little to say about \"{}\".", word_of(demand.question));
}

std::string thoughts_of(const FormDemand& demand) {
    return fmt::format("This is about \"{}\". {} results so far.", word_of(demand.question), demand.results);
}

// The tool that is next, null where none is.
const FormDemand::Tool* next_tool(const FormDemand& demand) {
    if (demand.tools.empty()) return nullptr;
    if (demand.results < demand.tools.size()) return &demand.tools[demand.results];
    return demand.must_call ? &demand.tools.back() : nullptr;
}

OrderedJson written_call(const std::string& name, const OrderedJson& arguments) {
    return {{"name", name}, {"arguments", arguments}};
}

// `action`: null where there is nothing more to do.
std::string actions_text(const OrderedJson& action, const FormDemand& demand) {
    OrderedJson json{{"reasoning", thoughts_of(demand)}, {"actions", OrderedJson::array()}};
    if (action.is_null())
        json["final_response"] = prose_of(demand);
    else
        json["actions"].push_back(action);
    return base::dump_json(json);
}

// Nothing where text is the answer, or a call that is none of it.
std::string json_text(const FormDemand& demand, const FormDemand::Tool* tool, std::string_view filler) {
    if (demand.calls == Calls::actions)
        return actions_text(tool ? sample_of(tool->schema, filler) : OrderedJson(), demand);
    if (tool && demand.calls == Calls::words) {
        OrderedJson json;
        json["tool_calls"].push_back(written_call(tool->name, sample_of(tool->schema, filler)));
        return base::dump_json(json);
    }
    return tool || demand.schema.is_null() ? std::string() : base::dump_json(sample_of(demand.schema, filler));
}

}  // namespace

std::span<const FormPlay> form_plays() {
    return kPlays;
}

bool refuses(const FormPlay& play, const FormDemand& demand) {
    return play.fields == FormPlay::Fields::refused && demand.has_fields;
}

FormAnswer answer_form(const FormPlay& play, const FormDemand& demand) {
    FormAnswer answer;
    if (play.fields == FormPlay::Fields::passed_over && demand.has_fields) return answer;
    const bool is_demanding = demand.has_fields || demand.has_words;
    if (play.thinks_when_asked || !is_demanding) answer.reasoning = thoughts_of(demand);
    if (!play.hears) {
        answer.text = prose_of(demand);
        return answer;
    }
    const FormDemand::Tool* tool = next_tool(demand);
    const std::string_view filler = demand.results > 0 ? demand.result : word_of(demand.question);
    if (std::string json = json_text(demand, tool, filler); !json.empty()) {
        (play.writes_json_as_reasoning ? answer.reasoning : answer.text) = std::move(json);
    } else if (!tool) {
        answer.text = prose_of(demand);
    } else {
        const OrderedJson arguments = sample_of(tool->schema, filler);
        if (play.writes_calls_as_text)
            answer.text =
                fmt::format("<tool_call>{}</tool_call>", base::dump_json(written_call(tool->name, arguments)));
        else
            answer.calls.push_back({tool->name, base::dump_json(arguments)});
    }
    return answer;
}

}  // namespace llmc::demo
