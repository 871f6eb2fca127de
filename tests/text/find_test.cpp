#include "text/find.h"

#include <doctest/doctest.h>

namespace llmc::text {
namespace {

std::shared_ptr<const FindPattern> pattern(const FindQuery& query) {
    auto made = FindPattern::make(query);
    REQUIRE_MESSAGE(made, made.error().message);
    return *made;
}
std::shared_ptr<const FindPattern> pattern(std::string_view words) {
    return pattern(FindQuery{.text = std::string(words)});
}

std::vector<std::string> found(std::string_view text, const FindQuery& query) {
    Find find;
    find.set_pattern(pattern(query));
    CHECK(find.update(text));
    std::vector<std::string> all;
    for (const SourceRange& range : find.results()) all.emplace_back(text.substr(range.begin, range.end - range.begin));
    return all;
}

std::vector<std::string> found(std::string_view text, std::string_view words) {
    return found(text, FindQuery{.text = std::string(words)});
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("find ignores the case of Latin, Greek and Cyrillic letters") {
    CHECK(found("Cat cAT dog", "CAT") == Strings{"Cat", "cAT"});
    CHECK(found("Über ÜBER über", "üBer") == Strings{"Über", "ÜBER", "über"});
    CHECK(found("ΣΊΣΥΦΟΣ σίσυφος", "ΣΊσυφΟσ") == Strings{"ΣΊΣΥΦΟΣ", "σίσυφος"});
    CHECK(found("Ёлка ёлка ЖУК", "ёЛК") == Strings{"Ёлк", "ёлк"});
    CHECK(found("ŁÓDŹ łódź Ÿ ẞ", "Łódź") == Strings{"ŁÓDŹ", "łódź"});
    CHECK(found("日本語と日本", "日本") == Strings{"日本", "日本"});
    CHECK(found("nothing", "").empty());
}

TEST_CASE("results do not overlap and are found behind false starts") {
    CHECK(found("aaaa", "aa").size() == 2);
    CHECK(found("aab aaab", "aab") == Strings{"aab", "aab"});
    CHECK(found("ababac", "abac") == Strings{"abac"});
}

TEST_CASE("case counts where it is asked for") {
    CHECK(found("Cat cAT cat ÜB üb", FindQuery{.text = "cat", .minds_case = true}) == Strings{"cat"});
    CHECK(found("ÜB üb", FindQuery{.text = "üb", .minds_case = true}) == Strings{"üb"});
    CHECK(found("Cat cat", FindQuery{.text = "c.t", .minds_case = true, .is_regex = true}) == Strings{"cat"});
    CHECK(found("Cat cat", FindQuery{.text = "c.t", .is_regex = true}) == Strings{"Cat", "cat"});
}

TEST_CASE("a whole word has no letter, digit or underline beside it, in any script") {
    const auto words = [](std::string_view text, std::string_view word) {
        return found(text, FindQuery{.text = std::string(word), .is_whole_word = true}).size();
    };
    CHECK(words("cat cats concat cat. (cat) cat_a 2cat \"cat\"—cat", "cat") == 5);
    CHECK(words("кот кота, кот!", "кот") == 2);
    CHECK(words("日本 日本語", "日本") == 1);
    CHECK(words("aXa a", "a") == 1);
    CHECK(words("ab ab ab", "ab ab") == 1);
    CHECK(found("cat cats", FindQuery{.text = "c\\w+", .is_whole_word = true, .is_regex = true}) ==
          Strings{"cat", "cats"});
    CHECK(found("xcat cat", FindQuery{.text = "cat", .is_whole_word = true, .is_regex = true}) == Strings{"cat"});
}

TEST_CASE("a regular expression is found within lines, never as nothing") {
    const auto regex = [](std::string_view text, std::string_view words) {
        return found(text, FindQuery{.text = std::string(words), .is_regex = true});
    };
    CHECK(regex("a1 b22\nc333", "[0-9]+") == Strings{"1", "22", "333"});
    CHECK(regex("one\ntwo\n", "^t.*$") == Strings{"two"});
    CHECK(regex("one\ntwo", "e.t").empty());
    CHECK(regex("aaa", "b*").empty());
    CHECK(regex("abab", "(ab)*b?") == Strings{"abab"});
    CHECK_FALSE(FindPattern::make({.text = "(", .is_regex = true}));
    CHECK(FindPattern::make({.text = "(", .is_regex = true}).error().message.find("missing )") != std::string::npos);
    // A line without an end is searched in pieces.
    const std::string line = std::string(200'000, 'x') + "needle";
    CHECK(regex(line, "ne+dle") == Strings{"needle"});
}

TEST_CASE("a growing text gives what the whole one gives") {
    std::string text;
    for (int i = 0; i < 50; ++i) text += "xX ΑαΆ needle nEEdle xneedl\nab a-b ab";
    const FindQuery queries[] = {{.text = "needle"},
                                 {.text = "xx"},
                                 {.text = "α"},
                                 {.text = "e x"},
                                 {.text = "nee", .minds_case = true},
                                 {.text = "ab", .is_whole_word = true},
                                 {.text = "b", .is_whole_word = true},
                                 {.text = "n[e]+d", .is_regex = true},
                                 {.text = "x.*$", .is_regex = true},
                                 {.text = "a.?b", .is_whole_word = true, .is_regex = true}};
    for (const FindQuery& query : queries) {
        CAPTURE(query.text);
        Find whole, growing, sliced;
        for (Find* find : {&whole, &growing, &sliced}) find->set_pattern(pattern(query));
        whole.update(text);
        for (std::size_t at = 0; at <= text.size(); ++at)
            if (at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80)
                growing.update(std::string_view(text).substr(0, at));
        for (int i = 0; !sliced.update(text, 10); ++i) REQUIRE(i < 10'000);
        CHECK(!whole.results().empty());
        CHECK(growing.results() == whole.results());
        CHECK(sliced.results() == whole.results());
    }
}

TEST_CASE("results are capped, and it is told") {
    Find find;
    find.set_pattern(pattern("a"));
    find.update(std::string(2 * Find::kMaxResults, 'a'));
    CHECK(find.results().size() == Find::kMaxResults);
    CHECK(find.is_capped());
    find.set_pattern(pattern("b"));
    CHECK(find.results().empty());
    CHECK(!find.is_capped());
}

}  // namespace llmc::text
