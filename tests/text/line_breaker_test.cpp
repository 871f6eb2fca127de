#include "text/line_breaker.h"

#include <doctest/doctest.h>

#include "text_fixture.h"

namespace llmc::text {
namespace {

// Rows of a text with letters 8 wide, joined by '|'; blanks that hang over are left out.
std::string rows(std::string_view text, float columns) {
    FakeMetrics metrics;
    Advances advances;
    advances.use(metrics);
    std::vector<BrokenRow> broken;
    const FaceFrom face{};
    break_rows(text, {&face, 1}, advances, columns * 8, columns * 8, broken);
    std::string all;
    std::size_t end = 0;
    for (const BrokenRow& row : broken) {
        if (!all.empty() || end > 0) all += '|';
        all += text.substr(row.begin, row.text_end - row.begin);
        CHECK(row.begin >= end);
        CHECK(row.text_end >= row.begin);
        CHECK(row.end >= row.text_end);
        end = row.end;
    }
    CHECK(end == text.size());
    return all;
}

}  // namespace

TEST_CASE("rows break where a reader expects it") {
    const struct {
        std::string_view text;
        float columns;
        std::string_view rows;
    } cases[] = {
        {"one two three", 7, "one two|three"},
        {"one two", 100, "one two"},
        {"", 5, ""},
        {"one   two", 4, "one|two"},
        {"abcdefghij", 4, "abcd|efgh|ij"},
        {"well-known fact", 7, "well-|known|fact"},
        {"minus -5 or", 8, "minus -5|or"},
        {"a/b/cdef/gh", 5, "a/b/|cdef/|gh"},
        {"a\nb\n\nc", 9, "a|b||c"},
        {"日本語です", 4, "日本|語で|す"},
        {"日本語。です", 6, "日本|語。で|す"},
        {"ab「括弧」c", 4, "ab|「括|弧」|c"},
        {"abc日本", 6, "abc日|本"},
        {"non\u00A0break ing", 9, "non\u00A0break|ing"},
        {"e\u0301e\u0301e\u0301", 2, "e\u0301e\u0301|e\u0301"},
        {"👩‍👩‍👧👩‍👩‍👧", 6, "👩‍👩‍👧|👩‍👩‍👧"},
        {"🇩🇪🇫🇷", 1, "🇩🇪|🇫🇷"},
        {"👍🏽👍🏽", 1, "👍🏽|👍🏽"},
        {"words(and more", 6, "words(|and|more"},
    };
    for (const auto& one : cases) {
        INFO(one.text);
        CHECK(rows(one.text, one.columns) == one.rows);
    }
}

TEST_CASE("a double click takes a word, blanks, CJK or a sign") {
    const std::string_view text = "Hello, größe 日本語 a_b1  x";
    const auto word = [&](std::string_view at) {
        const Word found = word_around(text, static_cast<std::uint32_t>(text.find(at)));
        return text.substr(found.begin, found.end - found.begin);
    };
    CHECK(word("llo") == "Hello");
    CHECK(word(",") == ",");
    CHECK(word("ße") == "größe");
    CHECK(word("本") == "日本語");
    CHECK(word("_b") == "a_b1");
    CHECK(word("  x") == "  ");
    CHECK(word_around("", 0).end == 0);
    CHECK(word_around("ab", 2).begin == 0);
}

}  // namespace llmc::text
