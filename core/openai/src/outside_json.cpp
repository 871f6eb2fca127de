#include "outside_json.h"

#include <algorithm>

namespace llmc::openai {
namespace {

bool begins_value(char c) {
    return c == ',' || c == '[' || c == '{';
}

// Every value but the first follows one of three signs, outside of strings.
bool has_too_many_values(std::string_view json) {
    const auto limit = static_cast<std::ptrdiff_t>(kMaxJsonValues);
    if (std::count_if(json.begin(), json.end(), begins_value) < limit) return false;
    std::ptrdiff_t count = 0;
    bool is_in_string = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (is_in_string && json[i] == '\\') {
            ++i;
        } else if (json[i] == '"') {
            is_in_string = !is_in_string;
        } else if (!is_in_string && begins_value(json[i])) {
            ++count;
        }
    }
    return count >= limit;
}

}  // namespace

Result<base::Json> parse_outside_json(std::string_view text) {
    if (has_too_many_values(text)) return Error{ErrorKind::limit, "longer than 300 000 values"};
    return base::parse_json(text);
}

}  // namespace llmc::openai
