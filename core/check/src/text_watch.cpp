#include "text_watch.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/regex.h"
#include "base/utf8.h"
#include "base/white_space.h"
#include "check_words.h"
#include "json_text.h"
#include "needle.h"

namespace llmc::check {
namespace {

using session::CheckResult;
using Broken = std::optional<CheckResult>;

CheckResult broken(const Check& check, std::string detail, std::size_t at_char) {
    return {.type = std::string(check_type_name(check.type)),
            .passed = false,
            .detail = std::move(detail),
            .at_char = static_cast<std::int64_t>(at_char)};
}

// Goes through a growing text code point by code point.
class CodePoints {
public:
    // The next one; its place is count() - 1.
    std::optional<char32_t> next(std::string_view text) {
        if (pos_ >= text.size()) return std::nullopt;
        ++count_;
        return base::next_code_point(text, pos_);
    }
    std::size_t count() const { return count_; }

private:
    std::size_t pos_ = 0;
    std::size_t count_ = 0;
};

class NotContainsWatch final : public TextWatch {
public:
    explicit NotContainsWatch(const Check& check) : check_(check) {
        for (const auto& needle : check.needles) searches_.push_back({NeedleSearch(*needle), needle->size() == 0, 0});
    }

    Broken update(std::string_view text) override {
        if (Broken verdict = judge()) return verdict;  // an empty text is in every text
        while (const auto c = points_.next(text)) {
            const bool is_white = base::is_white_space(*c);
            // The text counts without white space at its ends: what stands before its first sign is none of it, and a
            // find that ends in white space is one once a sign follows.
            if (!has_begun_ && is_white) continue;
            has_begun_ = true;
            if (feed(*c, is_white))
                if (Broken verdict = judge()) return verdict;
        }
        return std::nullopt;
    }

    Broken finish(std::string_view) override { return std::nullopt; }

private:
    struct Search {
        NeedleSearch search;
        bool is_found;
        std::size_t at;
        bool is_pending = false;
    };

    // Whether something was found.
    bool feed(char32_t c, bool is_white) {
        bool any = false;
        for (std::size_t i = 0; i < searches_.size(); ++i) {
            Search& s = searches_[i];
            if (s.is_found) continue;
            if (!s.is_pending && s.search.feed(c)) {
                s.is_pending = true;
                s.at = points_.count() - check_.needles[i]->size();
            }
            if (s.is_pending && !is_white) any = s.is_found = true;
        }
        return any;
    }

    Broken judge() const {
        const auto is_found = [](const Search& s) { return s.is_found; };
        if (check_.wants == Check::Wants::all) {
            const auto found = std::find_if(searches_.begin(), searches_.end(), is_found);
            if (found == searches_.end()) return std::nullopt;
            const auto index = static_cast<std::size_t>(found - searches_.begin());
            return broken(check_, "contains " + in_quotes(check_.texts[index]), found->at);
        }
        if (!std::all_of(searches_.begin(), searches_.end(), is_found)) return std::nullopt;
        const auto last = std::max_element(searches_.begin(), searches_.end(),
                                           [](const Search& a, const Search& b) { return a.at < b.at; });
        return broken(check_, "contains all of " + in_quotes(check_.texts), last->at);
    }

    const Check& check_;
    std::vector<Search> searches_;  // by text
    CodePoints points_;
    bool has_begun_ = false;
};

class MaxWordsWatch final : public TextWatch {
public:
    explicit MaxWordsWatch(const Check& check) : check_(check) {}

    Broken update(std::string_view text) override {
        while (const auto c = points_.next(text)) {
            const bool is_white = base::is_white_space(*c);
            const bool is_start = !is_white && !is_in_word_;
            is_in_word_ = !is_white;
            if (is_start && static_cast<double>(++words_) > check_.limit)
                return broken(check_, fmt::format("has more than {} words", check_.limit), points_.count() - 1);
        }
        return std::nullopt;
    }

    Broken finish(std::string_view) override { return std::nullopt; }

private:
    const Check& check_;
    CodePoints points_;
    std::size_t words_ = 0;
    bool is_in_word_ = false;
};

class MaxCharsWatch final : public TextWatch {
public:
    explicit MaxCharsWatch(const Check& check) : check_(check) {}

    Broken update(std::string_view text) override {
        count_ += base::count_code_points(text.substr(seen_));
        seen_ = text.size();
        if (static_cast<double>(count_) <= check_.limit) return std::nullopt;
        return broken(check_, fmt::format("has more than {} characters", check_.limit),
                      static_cast<std::size_t>(check_.limit));
    }

    Broken finish(std::string_view) override { return std::nullopt; }

private:
    const Check& check_;
    std::size_t seen_ = 0;  // bytes
    std::size_t count_ = 0;
};

class JsonWatch final : public TextWatch {
public:
    explicit JsonWatch(const Check& check) : check_(check), json_(check.allow_fence) {}

    Broken update(std::string_view text) override {
        json_.update(text);
        return verdict(text);
    }

    Broken finish(std::string_view text) override {
        json_.finish();
        return verdict(text);
    }

private:
    Broken verdict(std::string_view text) const {
        if (!json_.is_broken()) return std::nullopt;
        const std::size_t at = base::count_code_points(text.substr(0, json_.broken_at()));
        return broken(check_, fmt::format("is not JSON at character {}: {}", at, json_.why()), at);
    }

    const Check& check_;
    JsonText json_;
};

class NotRegexWatch final : public TextWatch {
public:
    explicit NotRegexWatch(const Check& check) : check_(check) {}

    // RE2 cannot go on where it stopped. So each time only the end of the text is searched, and all of it whenever it
    // has grown by an eighth, for finds that are longer than that end.
    Broken update(std::string_view text) override {
        if (text.size() == seen_) return std::nullopt;
        // A find that ends before the last code point was judged with what follows it: no continuation can mend it.
        const std::size_t to =
            check_.regex->may_look_ahead() ? base::previous_code_point(text, text.size()) : text.size();
        std::size_t from = seen_ > kTail ? seen_ - kTail : 0;
        while (from > 0 && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80) --from;
        if (text.size() >= next_whole_) {
            from = 0;
            next_whole_ = text.size() + std::max(kTail, text.size() / 8);
        }
        seen_ = text.size();
        return verdict(text, check_.regex->find(text, from, to));
    }

    Broken finish(std::string_view text) override { return verdict(text, check_.regex->find(text, 0, text.size())); }

private:
    static constexpr std::size_t kTail = 1024;  // bytes

    Broken verdict(std::string_view text, const std::optional<base::Regex::Find>& find) const {
        if (!find) return std::nullopt;
        return broken(check_, "matches with " + in_quotes(text.substr(find->begin, find->end - find->begin)),
                      base::count_code_points(text.substr(0, find->begin)));
    }

    const Check& check_;
    std::size_t seen_ = 0;
    std::size_t next_whole_ = kTail;
};

}  // namespace

std::unique_ptr<TextWatch> make_watch(const Check& check) {
    switch (check.type) {
        case CheckType::not_contains: return std::make_unique<NotContainsWatch>(check);
        case CheckType::max_words: return std::make_unique<MaxWordsWatch>(check);
        case CheckType::max_chars: return std::make_unique<MaxCharsWatch>(check);
        case CheckType::json:
        case CheckType::json_schema: return std::make_unique<JsonWatch>(check);
        case CheckType::not_regex: return std::make_unique<NotRegexWatch>(check);
        default: return nullptr;
    }
}

}  // namespace llmc::check
