#include "text/find.h"

#include <utility>

#include "base/case_folding.h"
#include "base/regex.h"
#include "base/utf8.h"
#include "base/white_space.h"

namespace llmc::text {
namespace {

constexpr std::size_t kMaxSearchedLine = std::size_t{64} << 10;

// Of other scripts than Latin's first letters: all but white space and the blocks of punctuation and symbols.
bool is_word_letter(char32_t c) {
    if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    if (base::is_white_space(c) || base::is_zero_width(c)) return false;
    if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
    return !(c == 0xD7 || c == 0xF7 || (c >= 0x2010 && c <= 0x2BFF) || (c >= 0x3001 && c <= 0x3004) ||
             (c >= 0x3008 && c <= 0x3020) || (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) ||
             (c >= 0x1F000 && c <= 0x1FAFF));
}

bool has_letter_before(std::string_view text, std::size_t at) {
    if (at == 0) return false;
    std::size_t before = base::previous_code_point(text, at);
    return is_word_letter(base::next_code_point(text, before));
}

bool has_letter_behind(std::string_view text, std::size_t at) {
    return at < text.size() && is_word_letter(base::next_code_point(text, at));
}

}  // namespace

Result<std::shared_ptr<const FindPattern>> FindPattern::make(const FindQuery& query) {
    if (query.text.empty()) return std::shared_ptr<const FindPattern>();
    const std::shared_ptr<FindPattern> made(new FindPattern());
    made->minds_case_ = query.minds_case;
    made->is_whole_word_ = query.is_whole_word;
    if (query.is_regex) {
        auto regex = base::Regex::compile(query.text, !query.minds_case);
        if (!regex) return regex.error();
        made->regex_ = *regex;
        return std::shared_ptr<const FindPattern>(made);
    }
    std::vector<char32_t>& needle = made->needle_;
    for (std::size_t at = 0; at < query.text.size() && needle.size() < kMaxQuery;) {
        const char32_t code_point = base::next_code_point(query.text, at);
        needle.push_back(query.minds_case ? code_point : base::fold_case(code_point));
    }
    made->failure_.assign(needle.size(), 0);
    for (std::size_t i = 1, k = 0; i < needle.size(); ++i) {
        while (k > 0 && needle[i] != needle[k]) k = made->failure_[k - 1];
        if (needle[i] == needle[k]) ++k;
        made->failure_[i] = static_cast<std::uint32_t>(k);
    }
    return std::shared_ptr<const FindPattern>(made);
}

void Find::set_pattern(std::shared_ptr<const FindPattern> pattern) {
    if (pattern == pattern_) return;
    pattern_ = std::move(pattern);
    starts_.assign(pattern_ ? pattern_->needle_.size() : 0, 0);
    restart();
}

void Find::restart() {
    matched_ = seen_ = scanned_ = line_seen_ = 0;
    is_last_open_ = false;
    results_.clear();
}

bool Find::update(std::string_view text, std::size_t budget_bytes) {
    if (text.size() < scanned_ + line_seen_) restart();
    if (!pattern_ || is_capped() || scanned_ + line_seen_ == text.size()) return true;
    const std::size_t stop = budget_bytes < text.size() - scanned_ ? scanned_ + budget_bytes : text.size();
    if (pattern_->regex_)
        find_regex(text, stop);
    else
        find_words(text, stop);
    return scanned_ + line_seen_ >= text.size() || is_capped();
}

void Find::find_words(std::string_view text, std::size_t stop) {
    const std::vector<char32_t>& needle = pattern_->needle_;
    std::size_t at = scanned_;
    while (at < stop && !is_capped()) {
        starts_[seen_++ % starts_.size()] = static_cast<std::uint32_t>(at);
        const auto byte = static_cast<unsigned char>(text[at]);
        char32_t code_point = byte;
        if (byte < 0x80)
            ++at;
        else
            code_point = base::next_code_point(text, at);
        if (std::exchange(is_last_open_, false) && is_word_letter(code_point)) results_.pop_back();
        if (!pattern_->minds_case_) code_point = base::fold_case(code_point);
        if (matched_ == needle.size()) matched_ = pattern_->failure_[matched_ - 1];
        while (matched_ > 0 && needle[matched_] != code_point) matched_ = pattern_->failure_[matched_ - 1];
        if (needle[matched_] == code_point) ++matched_;
        if (matched_ == needle.size()) add_word(text, starts_[(seen_ - matched_) % starts_.size()], at);
    }
    scanned_ = at;
}

void Find::add_word(std::string_view text, std::size_t begin, std::size_t end) {
    if (!results_.empty() && begin < results_.back().end) return;
    if (pattern_->is_whole_word_ && has_letter_before(text, begin)) return;
    results_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    is_last_open_ = pattern_->is_whole_word_;
}

// Whole lines once; the unfinished one at the end anew with each update that brought more of it.
void Find::find_regex(std::string_view text, std::size_t stop) {
    if (line_seen_ > 0) {
        while (!results_.empty() && results_.back().begin >= scanned_) results_.pop_back();
        line_seen_ = 0;
    }
    while (scanned_ < text.size() && scanned_ < stop && !is_capped()) {
        const std::string_view rest = text.substr(scanned_);
        const std::size_t line_break = rest.substr(0, kMaxSearchedLine).find('\n');
        const bool is_whole = line_break != std::string_view::npos;
        const std::size_t size = is_whole ? line_break : base::utf8_cut(rest, kMaxSearchedLine);
        find_in_line(rest.substr(0, size), scanned_);
        if (!is_whole && size == rest.size()) {
            line_seen_ = size;
            return;
        }
        scanned_ += size + (is_whole ? 1 : 0);
    }
}

void Find::find_in_line(std::string_view line, std::size_t begin) {
    for (std::size_t at = 0; at <= line.size() && !is_capped();) {
        const auto found = pattern_->regex_->find(line, at, line.size());
        if (!found) return;
        const bool is_part =
            pattern_->is_whole_word_ && (has_letter_before(line, found->begin) || has_letter_behind(line, found->end));
        const bool is_empty = found->begin == found->end;
        if (!is_part && !is_empty)
            results_.push_back(
                {static_cast<std::uint32_t>(begin + found->begin), static_cast<std::uint32_t>(begin + found->end)});
        at = found->end;
        if (!is_part && !is_empty) continue;
        at = found->begin;  // goes on behind its first letter
        if (at >= line.size()) return;
        (void)base::next_code_point(line, at);
    }
}

}  // namespace llmc::text
