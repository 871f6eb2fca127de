#include "base/text_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"

namespace llmc::base {

std::string_view wide_encoding_of(std::string_view text) {
    using namespace std::string_view_literals;
    if (text.starts_with("\xFF\xFE\0\0"sv) || text.starts_with("\0\0\xFE\xFF"sv)) return "UTF-32";
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return "UTF-16";
    const std::string_view start = text.substr(0, std::size_t{1} << 16);
    std::size_t zeros[2] = {};  // at even and odd places
    for (std::size_t i = 0; i < start.size(); ++i) zeros[i % 2] += start[i] == '\0';
    const std::size_t half = start.size() / 2;
    const auto [few, many] = std::minmax(zeros[0], zeros[1]);
    if (half == 0 || 2 * many < half) return {};
    if (8 * few <= half) return "UTF-16";
    return 4 * (few + many) >= 5 * half ? "UTF-32" : std::string_view();
}

Result<void> check_utf8(std::string_view text, const std::filesystem::path& path) {
    if (const std::string_view wide = wide_encoding_of(text); !wide.empty())
        return Error{ErrorKind::parse,
                     fmt::format("{}:1: the file is {}, not UTF-8; save it as UTF-8", path.string(), wide)};
    const auto bad = find_invalid_utf8(text);
    if (bad == std::string_view::npos) return {};
    return Error{ErrorKind::parse,
                 fmt::format("{}:{}: byte {} of the file is not UTF-8", path.string(), line_at(text, bad), bad + 1)};
}

std::string_view without_byte_order_mark(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    return text;
}

std::size_t line_at(std::string_view text, std::size_t pos) {
    return 1 +
           static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(pos), '\n'));
}

}  // namespace llmc::base
