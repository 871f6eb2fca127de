// Reads a prepared history, in OpenAI's form.
//
// Thread contract: a plain function; one thread.
#pragma once

#include <string>
#include <vector>

#include "base/field_reader.h"
#include "openai/chat_request.h"

namespace llmc::suite {

// What is wrong is noted in `file`, at places below `pointer`.
std::vector<openai::Message> read_messages(base::JsonFile& file, const base::OrderedJson& value,
                                           const std::string& pointer);

// Whether a model can answer it without a prompt behind it: it ends with `user` or `system`.
bool ends_with_prompt(const base::OrderedJson& messages);

}  // namespace llmc::suite
