// Reads what a prompt says beside its text: loop, tools, what they say, world, history, follow-ups (script.h).
//
// Thread contract: plain functions; one thread.
#pragma once

#include <cstddef>

#include "base/field_reader.h"
#include "placeholders.h"
#include "suite/script.h"

namespace llmc::suite {

// Whether any of it differs from case to case.
bool script_has_placeholders(const base::OrderedJson& suite, std::size_t prompt);
// Whether all of it is the suite's.
bool script_is_suites(const base::OrderedJson& suite, std::size_t prompt);
// How large it is as JSON, about.
std::size_t script_size(const base::OrderedJson& suite, std::size_t prompt);

// Of the file's suite, with the values of a case. `tools`: those that hold for the prompt. What is wrong is noted in
// the file.
PromptScript read_script(base::JsonFile& file, std::size_t prompt, Filler& filler, const base::Json& tools);
// The same of a suite that was read with this case before, so that nothing can be wrong.
PromptScript filled_script(const base::OrderedJson& suite, std::size_t prompt, Filler& filler, const base::Json& tools);

// What of the suite's own is wrong by itself, whether a prompt uses it or not. Placeholders are not looked at.
void check_suite_script(base::JsonFile& file);

}  // namespace llmc::suite
