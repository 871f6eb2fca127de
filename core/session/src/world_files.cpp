#include "session/world_files.h"

#include <algorithm>
#include <vector>

namespace llmc::session {

Result<std::string> world_path(std::string_view path) {
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const std::size_t end = path.find('/');
        const std::string_view part = path.substr(0, end);
        path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
        if (part.empty() || part == ".") continue;
        if (part != "..") {
            parts.push_back(part);
            continue;
        }
        if (parts.empty()) return Error{ErrorKind::parse, "leads out of the top folder"};
        parts.pop_back();
    }
    std::string place = "./";
    for (const std::string_view part : parts) {
        if (place.size() > 2) place += '/';
        place += part;
    }
    return place;
}

bool is_too_long(std::string_view world_path) {
    return world_path.size() > kMaxWorldPath ||
           static_cast<std::size_t>(std::ranges::count(world_path, '/')) > kMaxWorldDepth;
}

}  // namespace llmc::session
