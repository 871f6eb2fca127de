#include "gui/tab_title.h"

#include <algorithm>
#include <string_view>

namespace llmc::gui {

std::size_t common_beginning(std::span<const std::string* const> names) {
    if (names.size() < 2) return 0;
    std::string_view common = *names[0];
    for (const std::string* name : names) {
        const auto end = std::ranges::mismatch(common, *name).in1;
        common = common.substr(0, static_cast<std::size_t>(end - common.begin()));
    }
    constexpr std::string_view kSeparators = "-_ ./:@";
    const std::size_t last = common.find_last_of(kSeparators);
    const std::size_t size = last == std::string_view::npos ? 0 : last + 1;
    const bool leaves_all = std::ranges::all_of(names, [&](const std::string* name) { return name->size() > size; });
    return leaves_all ? size : 0;
}

}  // namespace llmc::gui
