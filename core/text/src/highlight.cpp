#include "text/highlight.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "code_languages.h"

namespace llmc::text {
namespace {

constexpr std::uint8_t kInTag = 0xFF;    // CodeState::inside; no language has as many delimiters
constexpr std::size_t kMostOfSign = 12;  // bytes of '\u{10FFFF}' between its quotes

class LineInker {
public:
    LineInker(const CodeLanguage& language, std::string_view line, CodeState state, std::vector<InkRange>& out)
        : language_(language), line_(line), state_(state), out_(out) {}

    CodeState run() {
        if (language_.grammar == Grammar::diff) {
            ink_diff();
            return {};
        }
        if (state_.inside > 0 && state_.inside <= language_.delimiters.size()) finish(0);
        while (at_ < line_.size())
            if (language_.grammar != Grammar::markup)
                step();
            else if (state_.inside == kInTag)
                step_in_tag();
            else
                step_in_markup();
        return state_;
    }

private:
    void add(std::size_t begin, std::size_t end, Ink ink) {
        if (begin < end) out_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), ink});
    }

    bool has(std::string_view sign, std::size_t at) const { return line_.substr(at).starts_with(sign); }

    bool is_word(std::size_t at) const {
        const char sign = line_[at];
        return base::is_letter_or_digit(sign) || sign == '_' || static_cast<unsigned char>(sign) >= 0x80 ||
               language_.word_signs.find(sign) != std::string_view::npos;
    }

    bool is_at_word_start() const {
        return at_ == 0 || base::is_blank(line_[at_ - 1]) ||
               std::string_view("([{;|&`").find(line_[at_ - 1]) != std::string_view::npos;
    }

    // --- Comments and strings

    // Where 'x' or '\n' at at_ ends; 0: there is none.
    std::size_t end_of_sign() const {
        std::size_t end = at_ + 1;
        if (end >= line_.size() || line_[end] == '\'') return 0;
        const std::size_t most = std::min(line_.size(), line_[end] == '\\' ? end + kMostOfSign : end + 5);
        end += line_[end] == '\\' ? 2 : 1;
        while (end < most && line_[end] != '\'') {
            if (line_[at_ + 1] != '\\' && static_cast<unsigned char>(line_[end]) < 0x80) return 0;  // more than one
            ++end;
        }
        return end < most ? end + 1 : 0;
    }

    bool begin_delimiter() {
        for (std::size_t i = 0; i < language_.delimiters.size(); ++i) {
            const Delimiter& one = language_.delimiters[i];
            if (!has(one.open, at_) || ((one.is & kAtWordStart) != 0 && !is_at_word_start())) continue;
            const std::size_t begin = at_;
            if ((one.is & kOneSign) != 0) {
                const std::size_t end = end_of_sign();
                if (end == 0) continue;
                add(begin, end, one.ink);
                at_ = end;
                return true;
            }
            at_ += one.open.size();
            state_.inside = static_cast<std::uint8_t>(i + 1);
            if ((one.is & kNests) != 0) state_.depth = 1;
            finish(begin);
            return true;
        }
        return false;
    }

    // The rest of what state_ is inside of, from `begin` on.
    void finish(std::size_t begin) {
        const Delimiter& one = language_.delimiters[state_.inside - 1U];
        bool is_closed = false;
        while (at_ < line_.size() && !is_closed) {
            if ((one.is & kEscapes) != 0 && line_[at_] == '\\') {
                at_ = std::min(at_ + 2, line_.size());
            } else if ((one.is & kNests) != 0 && has(one.open, at_)) {
                at_ += one.open.size();
                state_.depth = static_cast<std::uint8_t>(std::min(state_.depth + 1, 255));
            } else if (!one.close.empty() && has(one.close, at_)) {
                at_ += one.close.size();
                if ((one.is & kDoubled) != 0 && has(one.close, at_))
                    at_ += one.close.size();
                else if ((one.is & kNests) == 0 || --state_.depth == 0)
                    is_closed = true;
            } else {
                ++at_;
            }
        }
        if (is_closed || (one.is & kManyLines) == 0) state_.inside = 0;
        add(begin, at_, is_closed && one.ink == Ink::string && is_key(at_) ? Ink::keyword : one.ink);
    }

    // --- Words and numbers

    // Whether what ends at `at` is a key: a colon comes, which in YAML has a blank behind it. At a line's start "=" too.
    bool is_key(std::size_t at) const {
        if (language_.grammar != Grammar::keys) return false;
        while (at < line_.size() && base::is_blank(line_[at])) ++at;
        if (at >= line_.size()) return false;
        if (line_[at] == '=') return true;
        return line_[at] == ':' && (at + 1 == line_.size() || !is_word(at + 1)) && !has("://", at);
    }

    bool is_keyword(std::string_view word) const {
        std::array<char, 24> small{};
        if (language_.ignores_case) {
            if (word.size() > small.size()) return false;
            std::ranges::transform(word, small.begin(), [](char sign) { return base::to_lower(sign); });
            word = {small.data(), word.size()};
        }
        return std::ranges::find(language_.keywords, word) != language_.keywords.end();
    }

    void ink_number() {
        const std::size_t begin = at_;
        const bool is_hex = has("0x", at_) || has("0X", at_);
        for (; at_ < line_.size(); ++at_) {
            const char sign = line_[at_], before = at_ > begin ? line_[at_ - 1] : '0';
            const bool is_exponent =
                (sign == '+' || sign == '-') && !is_hex && (before == 'e' || before == 'E') && at_ + 1 < line_.size();
            const bool groups = sign == '\'' && at_ + 1 < line_.size() && base::is_letter_or_digit(line_[at_ + 1]);
            const bool is_fraction = sign == '.' && at_ + 1 < line_.size() && base::is_digit(line_[at_ + 1]);
            if (!base::is_letter_or_digit(sign) && sign != '_' && !is_exponent && !groups && !is_fraction) break;
        }
        if (at_ < line_.size() && line_[at_] == '%' && language_.grammar == Grammar::rules) ++at_;
        add(begin, at_, Ink::number);
    }

    void ink_word() {
        const std::size_t begin = at_;
        while (at_ < line_.size() && is_word(at_)) ++at_;
        const std::string_view word = line_.substr(begin, at_ - begin);
        if (is_keyword(word) || is_key(at_) || is_rule(begin)) add(begin, at_, Ink::keyword);
    }

    // A property of CSS, or the name behind "@".
    bool is_rule(std::size_t begin) const {
        if (language_.grammar != Grammar::rules) return false;
        if (begin > 0 && line_[begin - 1] == '@') return true;
        return state_.depth > 0 && at_ < line_.size() && line_[at_] == ':' && !has("::", at_);
    }

    void step() {
        const char sign = line_[at_];
        if (begin_delimiter()) return;
        if (base::is_digit(sign)) return ink_number();
        if (is_word(at_) && sign != '-' && sign != '.') return ink_word();
        if (language_.grammar == Grammar::rules) {
            if (sign == '{') state_.depth = static_cast<std::uint8_t>(std::min(state_.depth + 1, 255));
            if (sign == '}' && state_.depth > 0) --state_.depth;
            if (sign == '#' && state_.depth > 0 && at_ + 1 < line_.size() && is_word(at_ + 1)) {
                const std::size_t begin = at_++;
                while (at_ < line_.size() && is_word(at_)) ++at_;
                return add(begin, at_, Ink::number);
            }
        }
        ++at_;
    }

    // --- Markup and differences

    void step_in_markup() {
        if (begin_delimiter()) return;
        if (line_[at_] != '<') {
            ++at_;
            return;
        }
        std::size_t begin = at_ + 1;
        while (begin < line_.size() && std::string_view("/!?").find(line_[begin]) != std::string_view::npos) ++begin;
        at_ = begin;
        while (at_ < line_.size() && is_word(at_)) ++at_;
        if (at_ == begin) return;  // a lone sign
        add(begin, at_, Ink::keyword);
        state_.inside = kInTag;
    }

    void step_in_tag() {
        const char sign = line_[at_];
        if (sign == '>') state_.inside = 0;
        if (sign != '"' && sign != '\'') {
            ++at_;
            return;
        }
        const std::size_t end = line_.find(sign, at_ + 1);
        const std::size_t begin = std::exchange(at_, end == std::string_view::npos ? line_.size() : end + 1);
        add(begin, at_, Ink::string);
    }

    void ink_diff() {
        static constexpr std::array<std::string_view, 6> kHeads{"diff ", "index ", "--- ", "+++ ", "@@", "Index: "};
        const auto begins = [this](std::string_view head) { return line_.starts_with(head); };
        if (std::ranges::any_of(kHeads, begins))
            add(0, line_.size(), Ink::keyword);
        else if (begins("+"))
            add(0, line_.size(), Ink::added);
        else if (begins("-"))
            add(0, line_.size(), Ink::removed);
    }

    const CodeLanguage& language_;
    const std::string_view line_;
    CodeState state_;
    std::vector<InkRange>& out_;
    std::size_t at_ = 0;
};

}  // namespace

const CodeLanguage* code_language(std::string_view info) {
    constexpr std::size_t kMostOfName = 24;
    const std::string_view name = info.substr(0, info.find_first_of(" \t{,:"));
    if (name.empty() || name.size() > kMostOfName) return nullptr;
    std::array<char, kMostOfName> small{};
    std::ranges::transform(name, small.begin(), [](char sign) { return base::to_lower(sign); });
    for (const CodeLanguage& language : code_languages())
        if (std::ranges::find(language.names, std::string_view(small.data(), name.size())) != language.names.end())
            return &language;
    return nullptr;
}

CodeState ink_line(const CodeLanguage& language, std::string_view line, CodeState state, std::vector<InkRange>& out) {
    return LineInker(language, line, state, out).run();
}

}  // namespace llmc::text
