// A function call that a model asked for.
#pragma once

#include <string>

namespace llmc::openai {

struct ToolCall {
    std::string id;
    std::string name;
    std::string arguments;  // exactly as it arrived, fragments joined; JSON when the model did well

    bool operator==(const ToolCall&) const = default;
};

}  // namespace llmc::openai
