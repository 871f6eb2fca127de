// Checks of what stands in the text.
#include <algorithm>
#include <utility>

#include "base/regex.h"
#include "base/white_space.h"
#include "check_groups.h"
#include "check_members.h"
#include "check_words.h"
#include "needle.h"
#include "text_watch.h"

namespace llmc::check {
namespace {

// How a text has to hold others, and the words for one that does not.
struct Holding {
    bool (*holds)(const Needle& needle, std::string_view text);
    std::string_view lacks, lacks_all;
};

constexpr Holding kContaining{[](const Needle& needle, std::string_view text) { return needle.find(text).has_value(); },
                              "does not contain ", "contains none of "};
constexpr Holding kStarting{[](const Needle& needle, std::string_view text) { return needle.starts(text); },
                            "does not start with ", "starts with none of "};
constexpr Holding kEnding{[](const Needle& needle, std::string_view text) { return needle.ends(text); },
                          "does not end with ", "ends with none of "};
constexpr Holding kEqualling{[](const Needle& needle, std::string_view text) { return needle.equals(text); },
                             "does not equal ", "equals none of "};

template <const Holding& how>
Fault judge_text(const Check& check, const Subject& subject) {
    const std::string_view text = base::trimmed(subject.text);
    const auto fits = [&](const auto& needle) { return how.holds(*needle, text); };
    if (check.wants == Check::Wants::any) {
        if (std::any_of(check.needles.begin(), check.needles.end(), fits)) return std::nullopt;
        return std::string(how.lacks_all) + in_quotes(check.texts);
    }
    const auto lacking = std::find_if_not(check.needles.begin(), check.needles.end(), fits);
    if (lacking == check.needles.end()) return std::nullopt;
    return std::string(how.lacks) + in_quotes(check.texts[static_cast<std::size_t>(lacking - check.needles.begin())]);
}

Fault judge_regex(const Check& check, const Subject& subject) {
    if (check.regex->is_in(subject.text)) return std::nullopt;
    return "does not match " + in_quotes(check.texts.front());
}

class NotContainsWatch final : public TextWatch {
public:
    explicit NotContainsWatch(const Check& check) : TextWatch(check) {
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
            return broken("contains " + in_quotes(check_.texts[index]), found->at);
        }
        if (!std::all_of(searches_.begin(), searches_.end(), is_found)) return std::nullopt;
        const auto last = std::max_element(searches_.begin(), searches_.end(),
                                           [](const Search& a, const Search& b) { return a.at < b.at; });
        return broken("contains all of " + in_quotes(check_.texts), last->at);
    }

    std::vector<Search> searches_;  // by text
    CodePoints points_;
    bool has_begun_ = false;
};

class NotRegexWatch final : public TextWatch {
public:
    using TextWatch::TextWatch;

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
        return broken("matches with " + in_quotes(text.substr(find->begin, find->end - find->begin)),
                      base::count_code_points(text.substr(0, find->begin)));
    }

    std::size_t seen_ = 0;
    std::size_t next_whole_ = kTail;
};

}  // namespace

std::vector<CheckKind> text_checks() {
    return {
        {.name = "contains", .members = {kTexts, kIgnoreCase, kTurn}, .judge = judge_text<kContaining>},
        {.name = "not_contains", .members = {kTexts, kIgnoreCase, kTurn}, .watch = make<NotContainsWatch>},
        {.name = "starts_with", .members = {kTexts, kIgnoreCase, kTurn}, .judge = judge_text<kStarting>},
        {.name = "ends_with", .members = {kTexts, kIgnoreCase, kTurn}, .judge = judge_text<kEnding>},
        {.name = "equals", .members = {kTexts, kIgnoreCase, kTurn}, .judge = judge_text<kEqualling>},
        {.name = "regex", .members = {kPattern, kTurn}, .judge = judge_regex},
        {.name = "not_regex", .members = {kPattern, kTurn}, .watch = make<NotRegexWatch>},
    };
}

}  // namespace llmc::check
