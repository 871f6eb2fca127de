// How what a suite demands is put to a model, and what comes back read into the same two things whatever the form
// (agents.md section 3): the JSON of "output", and the calls of tools.
//
// Thread contract: plain functions.
// Invariants: what a model writes costs time linear in its length. Of a task that demands neither, and of one that the
// form cannot put, the form is native: a request as the suite has it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "openai/chat_request.h"
#include "openai/tool_call.h"
#include "session/answer.h"
#include "suite/suite.h"

namespace llmc::agent {

enum class RequestForm { native, tool, schema, prompt };
inline constexpr std::array kRequestForms = {RequestForm::native, RequestForm::tool, RequestForm::schema,
                                             RequestForm::prompt};
inline constexpr int kFormWords = 1;  // the version of all that is added to a request

std::string_view request_form_name(RequestForm form);

RequestForm request_form_of(const session::AnswerSettings& settings);

// Whether there is anything to put in one form or another.
bool has_demand(const suite::Task& task);
// Why the form cannot put it, as the rest of a sentence; nothing where it can.
std::optional<std::string> form_fault(RequestForm form, const suite::Task& task);
// The form in which the task is asked of who has these settings.
RequestForm form_of(const session::AnswerSettings& settings, const suite::Task& task);

// Adds the demand to a request that has its messages: tools, response_format, tool_choice and parallel_tool_calls, words
// at the end of the system prompt; the messages so that they speak of calls as the form does. `tool_choice`: of this
// step.
void put_demand(RequestForm form, const suite::Task& task, const base::Json& tool_choice, openai::ChatRequest& request);

// The arguments of the call that is the JSON of "output", which is taken out of `calls`: they are the answer's text.
// Nothing, and nothing changed, in other forms and where they are no JSON.
std::optional<std::string> take_output_call(RequestForm form, const suite::Task& task,
                                            std::vector<openai::ToolCall>& calls);

// What is to be the JSON of "output": without a code fence around it; the whole text where nothing is JSON.
struct FoundOutput {
    std::string text;
    bool is_in_reasoning = false;
};
FoundOutput find_output(std::string_view text, std::string_view reasoning);

// The calls that stand in the text, or in the reasoning where there is no text. Nothing where the server sees calls.
struct FoundCalls {
    std::vector<openai::ToolCall> calls;  // without ids
    bool is_in_reasoning = false;         // the JSON that lists them, be it none
};
std::optional<FoundCalls> find_calls(RequestForm form, const suite::Task& task, std::string_view text,
                                     std::string_view reasoning);

inline constexpr std::string_view kAnswerInReasoning = "answer in reasoning";  // the warning of both

}  // namespace llmc::agent
