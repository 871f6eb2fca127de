#include "check_words.h"

#include "base/utf8.h"

namespace llmc::check {
namespace {

constexpr std::size_t kMaxText = 80;  // bytes
constexpr std::size_t kMaxTexts = 10;

}  // namespace

std::string in_quotes(std::string_view text) {
    const bool is_long = text.size() > kMaxText;
    if (is_long) text = text.substr(0, base::utf8_cut(text, kMaxText));
    return '"' + base::for_terminal_line(text) + (is_long ? "…\"" : "\"");
}

std::string in_quotes(const std::vector<std::string>& texts) {
    std::string all;
    for (std::size_t i = 0; i < texts.size() && i < kMaxTexts; ++i) all += (i == 0 ? "" : ", ") + in_quotes(texts[i]);
    return texts.size() > kMaxTexts ? all + ", …" : all;
}

}  // namespace llmc::check
