#include "think_tags.h"

#include "ascii.h"

namespace llmc::openai {
namespace {

constexpr std::size_t kMaxBlanks = 8;  // bytes of them in one tag

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || c == '_';
}

bool is_middle_of_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

TagMatch match_tag(std::string_view text, std::string_view tag) {
    std::size_t at = 0, blanks = 0;
    for (std::size_t i = 0; i < tag.size(); ++i) {
        const bool may_be_apart = i > 0 && !(is_name(tag[i - 1]) && is_name(tag[i])) && !is_middle_of_character(tag[i]);
        if (may_be_apart)
            for (; at < text.size() && (text[at] == ' ' || text[at] == '\t') && blanks < kMaxBlanks; ++at) ++blanks;
        if (at == text.size()) return {TagMatch::State::beginning, 0};
        if (to_lower(text[at]) != tag[i]) return {};
        ++at;
    }
    return {TagMatch::State::whole, at};
}

}  // namespace llmc::openai
