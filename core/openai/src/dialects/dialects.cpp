#include <algorithm>

#include "openai/dialect.h"

namespace llmc::openai {

extern const Dialect kLmStudio, kLmStudio03, kLlamaRouter, kLlamaServer, kOllama, kVllm;

std::span<const Dialect* const> dialects() {
    static constexpr std::array kAll{&kLmStudio, &kLmStudio03, &kLlamaRouter, &kLlamaServer, &kOllama, &kVllm};
    return kAll;
}

const Dialect* find_dialect(std::string_view name) {
    const auto all = dialects();
    const auto found = std::find_if(all.begin(), all.end(), [name](const Dialect* one) { return one->name == name; });
    return found == all.end() ? nullptr : *found;
}

}  // namespace llmc::openai
