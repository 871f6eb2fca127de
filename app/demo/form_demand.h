// What a chat request demands of its answer and in which form: by its fields, or by words at the end of the system
// prompt (the forms of agents.md section 3, as the program and others send them).
//
// Thread contract: plain values and functions.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.h"

namespace llmc::demo {

struct FormDemand {
    struct Tool {
        std::string name;
        base::Json schema;  // of its arguments; of a whole action
    };
    // How calls are to be written: as the API has them, as "actions" of a JSON Schema, as the words say.
    enum class Calls { native, actions, words };

    Calls calls = Calls::native;
    std::vector<Tool> tools;  // those that may be called
    bool must_call = false;
    base::Json schema;        // of the JSON that is the answer; null: text is
    bool has_fields = false;  // "response_format" or "tools"
    bool has_words = false;

    std::string question;     // the user's last words that are no results of tools
    std::size_t results = 0;  // in this turn: words right after a result do not begin another
    std::string result;       // the last of them
};

// Of the body of a request that has "messages".
FormDemand read_form_demand(const base::Json& request);

// The text of a message: a string, or the texts in a list of parts.
std::string text_of(const base::Json& message);

}  // namespace llmc::demo
