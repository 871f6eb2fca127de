#include "check_words.h"

#include "base/utf8.h"

namespace llmc::check {
namespace {

constexpr std::size_t kMaxTexts = 10;

}  // namespace

std::string shortened(std::string_view text, std::size_t most) {
    const std::string_view shown = text.substr(0, base::utf8_cut(text, most));
    return base::for_terminal_line(shown) + (shown.size() < text.size() ? "…" : "");
}

std::string in_quotes(std::string_view text) {
    return '"' + shortened(text) + '"';
}

std::string in_quotes(const std::vector<std::string>& texts) {
    std::string all;
    for (std::size_t i = 0; i < texts.size() && i < kMaxTexts; ++i) all += (i == 0 ? "" : ", ") + in_quotes(texts[i]);
    return texts.size() > kMaxTexts ? all + ", …" : all;
}

}  // namespace llmc::check
