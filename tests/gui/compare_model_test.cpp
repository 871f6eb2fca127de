#include "gui/panels/compare_model.h"

#include <random>

#include <doctest/doctest.h>

namespace llmc::gui {
namespace {

std::vector<std::string> marked(const Comparison& comparison, std::size_t text, std::string_view whole) {
    std::vector<std::string> words;
    for (const CompareMark& mark : comparison.marks[text])
        words.emplace_back(whole.substr(mark.range.begin, mark.range.end - mark.range.begin));
    return words;
}

using Words = std::vector<std::string>;

// Rows of ten bytes, 20 px each.
class Rows final : public CompareHeights {
public:
    double y_of(std::size_t, std::uint32_t offset) override { return static_cast<double>(offset / 10) * 20; }
};

TEST_CASE("of two answers the words are marked that the other one does not say") {
    const std::string_view a = "The swap. Rehearse it at double speed.\n\nKeep the old table.";
    const std::string_view b = "The switch. Rehearse it at normal speed.";
    const Comparison made = compare_texts(std::array{a, b}, CompareMode::words);
    CHECK(marked(made, 0, a) == Words{"swap", "double", "Keep the old table."});
    CHECK(marked(made, 1, b) == Words{"switch", "normal"});
    REQUIRE(made.differences.size() == 3);
    CHECK(made.marks[0][2].difference == 2);
    const text::SourceRange missing = made.differences[2].at[1];
    CHECK(missing.begin == missing.end);  // the place where the last one would stand
    CHECK(missing.begin == b.size());
    CHECK_FALSE(made.is_identical);
}

TEST_CASE("what differs in blanks only has no difference to look at") {
    const Comparison made =
        compare_texts(std::array{std::string_view("one  two\n"), std::string_view("one two")}, CompareMode::words);
    CHECK(made.differences.empty());
    CHECK_FALSE(made.is_identical);
    CHECK(comparison_summary(made, 0) == "These answers differ in blanks only");
}

TEST_CASE("identical answers are called so, byte by byte") {
    const std::string_view text = "The same.\n\n```\ncode\n```\n";
    for (const CompareMode mode : {CompareMode::words, CompareMode::paragraphs}) {
        const Comparison two = compare_texts(std::array{text, text}, mode);
        CHECK(two.is_identical);
        CHECK(two.differences.empty());
        CHECK(comparison_summary(two, 0) == "These answers are identical, byte by byte");
        CHECK(comparison_summary(compare_texts(std::array{text, text, text}, mode), 0) ==
              "All these answers are identical, byte by byte");
    }
}

TEST_CASE("of three answers what one says alone is told from what some say and what all say") {
    const std::string_view a = "The revolution began in 1789 in the city of Paris.";
    const std::string_view b = "The revolution began in 1789 in the city of Lyon.";
    const std::string_view c = "The revolution began in 1792 in the city of Paris.";
    const Comparison made = compare_texts(std::array{a, b, c}, CompareMode::words);
    REQUIRE(made.differences.size() == 1);  // one paragraph, wherever its words differ
    CHECK(marked(made, 1, b) == Words{"1789", "Lyon"});
    CHECK_FALSE(made.marks[1][0].is_alone);
    CHECK(made.marks[1][0].said_by == 3U);
    CHECK(made.marks[1][1].is_alone);
    REQUIRE(made.marks[2].size() >= 1);
    CHECK(made.marks[2][0].is_alone);
    CHECK(made.is_in_any_order);
}

TEST_CASE("paragraphs in another order agree, and a missing one is one difference") {
    const std::string_view a = "Alpha beta gamma delta.\n\nOne two three four.\n\nOnly here is this said.";
    const std::string_view b = "One two three four.\n\nAlpha beta gamma delta.";
    const Comparison made = compare_texts(std::array{a, b}, CompareMode::paragraphs);
    REQUIRE(made.differences.size() == 1);
    CHECK(marked(made, 0, a) == Words{"Only here is this said."});
    CHECK(made.marks[1].empty());
    CHECK(made.differences[0].at[1].begin == made.differences[0].at[1].end);
}

TEST_CASE("differences come in reading order, what a later answer says alone in its place") {
    const std::string_view a = "Start with the plan here.\n\nThen end it all well.";
    const std::string_view b = "Start with the plan here.\n\nSomething new between them.\n\nThen end it all well.";
    const std::string_view c = "Completely other opening words.\n\nThen end it all well.";
    const Comparison made = compare_texts(std::array{a, b, c}, CompareMode::paragraphs);
    REQUIRE(made.differences.size() == 3);
    const auto said = [](std::string_view text, text::SourceRange range) {
        return text.substr(range.begin, range.end - range.begin);
    };
    CHECK(said(c, made.differences[0].at[2]) == "Completely other opening words.");
    CHECK(said(a, made.differences[1].at[0]) == "Start with the plan here.");
    CHECK(said(b, made.differences[2].at[1]) == "Something new between them.");
}

TEST_CASE("marks are in order without overlap, belong to differences, and stops rise, whatever the texts are") {
    std::mt19937 random(7);
    const char* const words[] = {"the", "swap", "table", "```\n", "\n\n", "- item ", "über ", "表", ". ", "  "};
    for (int round = 0; round < 300; ++round) {
        std::vector<std::string> texts(2 + random() % 5);
        for (std::string& text : texts)
            for (auto i = random() % 60; i > 0; --i)
                text += std::string(words[random() % std::size(words)]) + (random() % 2 != 0 ? " " : "");
        const std::vector<std::string_view> views(texts.begin(), texts.end());
        for (const CompareMode mode : {CompareMode::words, CompareMode::paragraphs}) {
            const Comparison made = compare_texts(views, mode);
            std::vector<int> seen(made.differences.size());
            for (std::size_t i = 0; i < views.size(); ++i) {
                std::uint32_t end = 0;
                for (const CompareMark& mark : made.marks[i]) {
                    REQUIRE(mark.range.begin >= end);
                    REQUIRE(mark.range.end > mark.range.begin);
                    REQUIRE(mark.range.end <= views[i].size());
                    REQUIRE(views[i][mark.range.begin] != ' ');
                    REQUIRE(mark.difference < seen.size());
                    ++seen[mark.difference];
                    end = mark.range.end;
                }
                std::uint32_t last = 0;
                for (const std::uint32_t stop : made.stops_of[i]) {
                    REQUIRE(made.stops[stop][i] >= last);
                    last = made.stops[stop][i];
                }
                REQUIRE(made.stops[made.stops_of[i].front()][i] == 0);
                REQUIRE(last == views[i].size());
            }
            for (const int count : seen) REQUIRE(count > 0);
            REQUIRE((made.agreement >= 0 && made.agreement <= 1));
        }
    }
}

TEST_CASE("what differs never agrees to a hundred percent") {
    std::string a;
    for (int i = 0; i < 2000; ++i) a += "word ";
    const std::string b = a + "more";
    const Comparison made = compare_texts(std::array<std::string_view, 2>{a, b}, CompareMode::words);
    CHECK(agreement_percent(made) == 99);
    CHECK(comparison_summary(made, 0) == "1 difference · 99 % agree");
    CHECK(comparison_summary(made, 1) == "1 of 1 difference · 99 % agree");
}

TEST_CASE("differences are copied with who says what, and where nothing is said") {
    const std::string_view a = "Use the lock. Always.", b = "Use the latch.";
    const Comparison made = compare_texts(std::array{a, b}, CompareMode::words);
    const std::string text =
        differences_text(made, std::array{a, b}, std::array<std::string, 2>{"Qwen 7B", "Mistral 7B"});
    CHECK(text.find("Qwen 7B: lock\nMistral 7B: latch\n") != std::string::npos);
    CHECK(text.find("Mistral 7B: (nothing)\n") != std::string::npos);
}

TEST_CASE("the marks in view are those that touch it") {
    const std::vector<CompareMark> marks{{{0, 4}}, {{10, 14}}, {{20, 24}}};
    CHECK(marks_within(marks, {4, 10}).empty());
    CHECK(marks_within(marks, {3, 11}).size() == 2);
    CHECK(marks_within(marks, {12, 13}).size() == 1);
    CHECK(marks_within({}, {0, 100}).empty());
}

TEST_CASE("scrolling together keeps what corresponds beside each other, ends with ends, and never jumps") {
    std::string shared, a, b;
    for (int i = 0; i < 40; ++i) shared += "line " + std::to_string(1000 + i) + "\n";  // rows of ten bytes
    for (int i = 0; i < 30; ++i) b += "extra" + std::to_string(1000 + i) + "\n";
    a = shared;
    b = shared.substr(0, 200) + b + shared.substr(200);
    const Comparison made = compare_texts(std::array<std::string_view, 2>{a, b}, CompareMode::words);
    Rows rows;
    const auto follow = [&](double y) {
        return corresponding_y(made, 0, 1, static_cast<std::uint32_t>(y / 20) * 10 + 9, y, rows);
    };
    CHECK(follow(0) == doctest::Approx(0));
    CHECK(follow(100) == doctest::Approx(100));
    CHECK(follow(600) == doctest::Approx(600 + 30 * 20));  // behind what only the other one says
    CHECK(follow(800) == doctest::Approx(1400));
    double last = 0;
    for (double y = 0; y <= 800; y += 1) {
        const double peer = follow(y);
        CHECK(peer >= last);
        if (y < 370 || y > 430) CHECK(peer - last < 2.5);
        last = peer;
    }
}

}  // namespace
}  // namespace llmc::gui
