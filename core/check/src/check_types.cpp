#include <algorithm>
#include <iterator>

#include "check/checks.h"

namespace llmc::check {

const std::vector<std::string>& check_type_names() {
    static const std::vector<std::string> names = {"contains",
                                                   "not_contains",
                                                   "starts_with",
                                                   "ends_with",
                                                   "equals",
                                                   "regex",
                                                   "not_regex",
                                                   "json",
                                                   "json_schema",
                                                   "tool_call",
                                                   "no_tool_call",
                                                   "min_words",
                                                   "max_words",
                                                   "min_chars",
                                                   "max_chars",
                                                   "finish_reason",
                                                   "max_ttft_s",
                                                   "min_decode_tokens_per_s",
                                                   "max_reasoning_tokens"};
    return names;
}

std::string_view check_type_name(CheckType type) {
    return check_type_names()[static_cast<std::size_t>(type)];
}

std::optional<CheckType> check_type_from(std::string_view name) {
    const auto& names = check_type_names();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<CheckType>(found - names.begin());
}

}  // namespace llmc::check
