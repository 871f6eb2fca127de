#include "requests.h"

#include <array>

namespace llmc::probe {
namespace {

using Demand = ProbeRequest::Demand;
using Form = agent::RequestForm;

constexpr auto kRequests = std::to_array<ProbeRequest>({
    {"enum", Demand::schema, R"({
        "prompt": "Which one of these is a fruit: hammer, apple, river?",
        "output": {"name": "choice", "schema": {"type": "object", "properties": {
            "choice": {"type": "string", "enum": ["hammer", "apple", "river"]}},
            "required": ["choice"], "additionalProperties": false}},
        "checks": [{"type": "json_schema", "value": {"type": "object", "properties": {
            "choice": {"enum": ["hammer", "apple", "river"]}}, "required": ["choice"]}}]})"},
    {"nested schema", Demand::schema, R"({
        "prompt": "How do I boil an egg? Give me two short steps, each with the minutes it takes.",
        "output": {"name": "recipe", "schema": {"type": "object", "properties": {
            "title": {"type": "string"},
            "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}}},
            "required": ["title", "steps"], "additionalProperties": false,
            "$defs": {"step": {"type": "object", "properties": {
                "text": {"type": "string"}, "minutes": {"type": "number"}},
                "required": ["text", "minutes"], "additionalProperties": false}}}},
        "checks": [{"type": "json_schema", "value": {"type": "object", "properties": {
            "title": {"type": "string"},
            "steps": {"type": "array", "minItems": 1, "items": {"type": "object", "properties": {
                "text": {"type": "string"}, "minutes": {"type": "number"}}, "required": ["text", "minutes"]}}},
            "required": ["title", "steps"]}}]})"},
    {"schema against prose", Demand::schema, R"({
        "prompt": "Explain in one plain sentence of prose why it rains.",
        "output": {"name": "note", "schema": {"type": "object", "properties": {
            "summary": {"type": "string"}, "confident": {"type": "boolean"}},
            "required": ["summary", "confident"], "additionalProperties": false}},
        "checks": [{"type": "json_schema", "value": {"type": "object", "properties": {
            "summary": {"type": "string"}, "confident": {"type": "boolean"}},
            "required": ["summary", "confident"]}}]})"},
    {"tool required", Demand::call, R"({
        "prompt": "What is the weather in Oslo?",
        "tools": [{"type": "function", "function": {"name": "get_weather", "description": "The weather in a city, now",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}],
        "tool_choice": "required",
        "checks": [{"type": "tool_call", "name": "get_weather"}, {"type": "arguments_valid"}]})"},
    {"tool choice none", Demand::no_call, R"({
        "prompt": "What is the weather in Oslo? If you do not know, say so in one short sentence.",
        "tools": [{"type": "function", "function": {"name": "get_weather", "description": "The weather in a city, now",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}],
        "tool_choice": "none",
        "checks": [{"type": "no_tool_call"}, {"type": "min_chars", "value": 1}]})"},
    {"after a result", Demand::after_result, R"({
        "messages": [{"role": "user", "content": "What is the weather in Oslo?"},
            {"role": "assistant", "content": "", "tool_calls": [{"id": "call_1", "type": "function",
                "function": {"name": "get_weather", "arguments": "{\"city\": \"Oslo\"}"}}]},
            {"role": "tool", "tool_call_id": "call_1", "content": "4 degrees, sleet"}],
        "prompt": "Say that in one short sentence.",
        "tools": [{"type": "function", "function": {"name": "get_weather", "description": "The weather in a city, now",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}],
        "loop": {"max_steps": 1}, "tool_results": {"get_weather": "4 degrees, sleet"},
        "checks": [{"type": "no_tool_call"}, {"type": "min_chars", "value": 1}]})"},
    {"two tools in a chain", Demand::call, R"({
        "prompt": "What is the phone number of Ada? Find her id with find_id first, then call get_phone with that id.",
        "tools": [{"type": "function", "function": {"name": "find_id", "description": "The id of a person",
            "parameters": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}}},
            {"type": "function", "function": {"name": "get_phone", "description": "The phone number of who has this id",
            "parameters": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}}}],
        "loop": {"max_steps": 4}, "tool_results": {"find_id": "4711", "get_phone": "555 0199"},
        "checks": [{"type": "calls", "value": [{"name": "find_id"},
            {"name": "get_phone", "arguments": {"id": "4711"}}]}]})"},
    {"plain question", Demand::nothing, R"({
        "prompt": "Say hello in one short sentence.",
        "checks": [{"type": "min_chars", "value": 1}]})"},
});

}  // namespace

bool ProbeRequest::applies_to(Form form) const {
    switch (demand) {
        case Demand::nothing: return form == Form::native;
        // Where tools are text, nothing is demanded where none may be called.
        case Demand::no_call: return form == Form::native || form == Form::tool;
        default: return true;
    }
}

bool ProbeRequest::is_own_in(Form form) const {
    const Form same = demand == Demand::schema ? Form::schema : Form::tool;
    return applies_to(form) && form != same;
}

std::span<const ProbeRequest> probe_requests() {
    return kRequests;
}

}  // namespace llmc::probe
