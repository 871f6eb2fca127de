#include "fence.h"

#include "base/ascii.h"

namespace llmc::agent {

std::string_view without_fence(std::string_view text) {
    text = base::trim(text);
    for (const std::string_view fence : {"```", "~~~"}) {
        if (!text.starts_with(fence) || !text.ends_with(fence)) continue;
        const auto line = text.find('\n');
        if (line == std::string_view::npos || line + fence.size() >= text.size()) continue;
        return base::trim(text.substr(line, text.size() - fence.size() - line));
    }
    return text;
}

}  // namespace llmc::agent
