// Checks of how long the text is. Words are runs of what is no white space, characters are code points.
#include <fmt/format.h>

#include "base/white_space.h"
#include "check_groups.h"
#include "check_members.h"
#include "text_watch.h"

namespace llmc::check {
namespace {

std::size_t count_words(std::string_view text) {
    std::size_t words = 0;
    bool is_in_word = false;
    for (std::size_t at = 0; at < text.size();) {
        const bool is_white = base::is_white_space(base::next_code_point(text, at));
        if (!is_white && !is_in_word) ++words;
        is_in_word = !is_white;
    }
    return words;
}

Fault judge_size(const Check& check, std::size_t size, std::string_view what) {
    if (static_cast<double>(size) >= check.limit) return std::nullopt;
    return fmt::format("has {} {}, and at least {} are wanted", size, what, check.limit);
}

Fault judge_min_words(const Check& check, const Subject& subject) {
    return judge_size(check, count_words(subject.text), "words");
}

Fault judge_min_chars(const Check& check, const Subject& subject) {
    return judge_size(check, base::count_code_points(subject.text), "characters");
}

class MaxWordsWatch final : public TextWatch {
public:
    using TextWatch::TextWatch;

    Broken update(std::string_view text) override {
        while (const auto c = points_.next(text)) {
            const bool is_white = base::is_white_space(*c);
            const bool is_start = !is_white && !is_in_word_;
            is_in_word_ = !is_white;
            if (is_start && static_cast<double>(++words_) > check_.limit)
                return broken(fmt::format("has more than {} words", check_.limit), points_.count() - 1);
        }
        return std::nullopt;
    }

private:
    CodePoints points_;
    std::size_t words_ = 0;
    bool is_in_word_ = false;
};

class MaxCharsWatch final : public TextWatch {
public:
    using TextWatch::TextWatch;

    Broken update(std::string_view text) override {
        count_ += base::count_code_points(text.substr(seen_));
        seen_ = text.size();
        if (static_cast<double>(count_) <= check_.limit) return std::nullopt;
        return broken(fmt::format("has more than {} characters", check_.limit), static_cast<std::size_t>(check_.limit));
    }

private:
    std::size_t seen_ = 0;  // bytes
    std::size_t count_ = 0;
};

}  // namespace

std::vector<CheckKind> size_checks() {
    return {
        {.name = "min_words", .members = {kLimit, kTurn}, .judge = judge_min_words},
        {.name = "max_words", .members = {kLimit, kTurn}, .watch = make<MaxWordsWatch>},
        {.name = "min_chars", .members = {kLimit, kTurn}, .judge = judge_min_chars},
        {.name = "max_chars", .members = {kLimit, kTurn}, .watch = make<MaxCharsWatch>},
    };
}

}  // namespace llmc::check
