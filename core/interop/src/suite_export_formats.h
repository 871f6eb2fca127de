// The formats that suites are written in, each in a file of its own, and what they share.
//
// Thread contract: plain functions of immutable values.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/json.h"
#include "import_place.h"
#include "suite/suite.h"

namespace llmc::interop {

std::string write_promptfoo(const suite::Suite& suite, const Place& place, Notes& notes);
std::string write_chat_lines(const suite::Suite& suite, const Place& place, Notes& notes);

// Which prompt and case a task is of, by its number among suite::tasks(suite, 1).
struct TaskPlace {
    std::size_t prompt = 0, case_index = 0;
};
TaskPlace place_of_task(const suite::Suite& suite, std::size_t task);

// What a task sends, in OpenAI's form.
base::OrderedJson sent_messages(const suite::Suite& suite, const suite::Task& task);

// Notes the members of a suite or prompt that are not among `taken`.
void note_others(const base::OrderedJson& object, std::initializer_list<std::string_view> taken, const Place& place,
                 Notes& notes);

// The prompt's own, else the suite's; null where nobody says it.
const base::OrderedJson* said_of(const suite::Suite& suite, std::size_t prompt, const char* key);

}  // namespace llmc::interop
