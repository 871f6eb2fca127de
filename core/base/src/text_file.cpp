#include "base/text_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"

namespace llmc::base {

Result<void> check_utf8(std::string_view text, const std::filesystem::path& path) {
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
