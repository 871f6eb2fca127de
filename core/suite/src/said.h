// What a suite and its prompts say under the same key: the prompt's own holds, else the suite's.
//
// Thread contract: plain values and functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/field_reader.h"
#include "base/json.h"
#include "placeholders.h"

namespace llmc::suite {

struct Said {
    const base::OrderedJson* value = nullptr;  // in the document; null where nobody says it
    std::string pointer;
    bool is_own = false;  // the prompt's
};
Said said(const base::OrderedJson& suite, std::size_t prompt, std::string_view key);

// Notes in `file` that a placeholder had no value, where one had none.
void need_values(base::JsonFile& file, const Filler& filler, const std::string& pointer);

// "/a~1b": a key as part of a pointer.
std::string pointer_to(const std::string& pointer, std::string_view key);

}  // namespace llmc::suite
