#include "openai/redact.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace llmc::openai {
namespace {

constexpr std::size_t kMinBeginning = 8;  // characters of a key that give it away
constexpr std::string_view kMark = "[key]";

bool is_word(char c) {
    return base::is_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}

// How many bytes at `pos` are the key or a beginning of it that has to go; 0 when none.
std::size_t match_at(std::string_view text, std::size_t pos, std::string_view key) {
    const std::string_view rest = text.substr(pos, key.size());
    const auto common =
        static_cast<std::size_t>(std::mismatch(rest.begin(), rest.end(), key.begin()).first - rest.begin());
    if (common >= kMinBeginning) {
        std::size_t end = pos + common;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            ++end;  // a code point cut by the end
        return end - pos;
    }
    if (common < key.size()) return 0;
    // A short key is a word like others: only where it stands alone is it an echo of the key.
    const bool stands_alone =
        (pos == 0 || !is_word(text[pos - 1])) && (pos + common == text.size() || !is_word(text[pos + common]));
    return stands_alone ? common : 0;
}

}  // namespace

Redactor::Redactor(std::vector<std::string> keys) : keys_(std::move(keys)) {
    std::erase(keys_, "");
}

std::string Redactor::operator()(std::string_view text) const {
    if (keys_.empty()) return std::string(text);
    std::string clean;
    clean.reserve(text.size());
    for (std::size_t pos = 0; pos < text.size();) {
        std::size_t longest = 0;
        for (const std::string& key : keys_)
            if (text[pos] == key.front()) longest = std::max(longest, match_at(text, pos, key));
        if (longest == 0) {
            clean += text[pos++];
        } else {
            clean += kMark;
            pos += longest;
        }
    }
    return clean;
}

StreamRedactor::StreamRedactor(std::string key) : key_(key.size() >= kMinBeginning ? std::move(key) : std::string{}) {}

void StreamRedactor::feed(std::string_view text, std::string& out) {
    if (key_.empty() || (held_.empty() && text.find(key_.front()) == std::string_view::npos)) {
        out += text;
        return;
    }
    held_ += text;
    std::string_view rest = held_;
    for (auto found = rest.find(key_); found != std::string_view::npos; found = rest.find(key_)) {
        out += rest.substr(0, found);
        out += kMark;
        rest.remove_prefix(found + key_.size());
    }
    // What is left may end with a beginning of the key: the longest one waits.
    std::size_t cut = rest.size() < key_.size() ? 0 : rest.size() - key_.size() + 1;
    while (cut < rest.size() && !std::string_view(key_).starts_with(rest.substr(cut))) ++cut;
    out += rest.substr(0, cut);
    held_.erase(0, held_.size() - (rest.size() - cut));
}

void StreamRedactor::finish(std::string& out) {
    out += held_;
    held_.clear();
}

std::string without_key(std::string_view text, std::string_view key) {
    StreamRedactor redactor{std::string(key)};
    std::string clean;
    redactor.feed(text, clean);
    redactor.finish(clean);
    return clean;
}

}  // namespace llmc::openai
