#include <algorithm>

#include "config/config.h"

namespace llmc::config {

std::vector<std::string> split_names(std::string_view text, std::string_view between) {
    constexpr std::string_view kBlanks = " \t\r\n";
    std::vector<std::string> names;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find_first_of(between, at), text.size());
        std::string_view part = text.substr(at, end - at);
        part.remove_prefix(std::min(part.find_first_not_of(kBlanks), part.size()));
        part = part.substr(0, part.find_last_not_of(kBlanks) + 1);
        if (!part.empty() && std::find(names.begin(), names.end(), part) == names.end()) names.emplace_back(part);
        at = end + 1;
    }
    return names;
}

}  // namespace llmc::config
