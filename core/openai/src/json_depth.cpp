#include "json_depth.h"

#include <algorithm>

#include "base/json.h"

namespace llmc::openai {

bool is_too_deep(std::string_view json) {
    const auto openers = std::count(json.begin(), json.end(), '[') + std::count(json.begin(), json.end(), '{');
    if (openers <= base::kMaxJsonDepth) return false;
    int depth = 0;
    bool is_in_string = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (is_in_string) {
            if (c == '\\') ++i;
            if (c == '"') is_in_string = false;
        } else if (c == '"') {
            is_in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > base::kMaxJsonDepth) return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

}  // namespace llmc::openai
