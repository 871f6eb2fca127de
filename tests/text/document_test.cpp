// A document while it grows, is resized, scrolled, selected; and texts meant to do harm.
#include <cmath>
#include <utility>

#include <doctest/doctest.h>

#include "text_fixture.h"

namespace llmc::text {
namespace {

std::string long_text(int paragraphs) {
    std::string text;
    for (int i = 0; i < paragraphs; ++i)
        text += fmt::format(
            "Paragraph {} of some words, **bold** ones and `code` too, long enough to be broken into rows.\n\n", i);
    return text;
}

}  // namespace

TEST_CASE("a table whose last row turns out to begin a fence has the columns of the rows that are left") {
    const std::string text = "| a | b |\n|---|:-:|\n| 1 | 2 " + std::string(60, 'x') + " y |\n```\ncode\n";
    Page whole(text, 300);
    FakeMetrics metrics;
    for (const float view_height : {0.0F, 1000.0F}) {  // out of view, in view
        CAPTURE(view_height);
        Document document;
        for (std::size_t size = 1; size <= text.size(); ++size) {
            document.update(std::string_view(text).substr(0, size), size == text.size());
            document.layout({.width = 300, .view_height = view_height, .budget_bytes = 1000}, metrics, {});
        }
        CHECK(document.is_done());
        CHECK(describe(document) == describe(whole.document));
    }
}

TEST_CASE("a large document is laid out in slices, what is in view first") {
    const std::string text = long_text(5'000);
    FakeMetrics metrics;
    Document document;
    document.update(text, true);
    const LayoutRequest request{.width = 300, .view_top = 0, .view_height = 500, .budget_bytes = 10'000};
    auto laid_out = document.layout(request, metrics, {});
    CHECK(!laid_out.is_done);
    const double estimate = document.height();
    Seen first;
    document.visit(0, 500, first);
    CHECK(first.rows.size() > 10);
    int slices = 1;
    for (; !laid_out.is_done; ++slices) laid_out = document.layout(request, metrics, {});
    CHECK(slices > 20);
    CHECK(document.height() == doctest::Approx(estimate).epsilon(0.5));
    Seen again;
    document.visit(0, 500, again);
    REQUIRE(again.rows.size() == first.rows.size());
    for (std::size_t i = 0; i < first.rows.size(); ++i) CHECK(again.rows[i].row.y == first.rows[i].row.y);
}

TEST_CASE("the same text stays at the top when the width or the fonts change") {
    const std::string text = long_text(2'000);
    FakeMetrics metrics;
    Document document;
    document.update(text, true);
    double top = 0;
    while (!document.layout({.width = 500}, metrics, {}).is_done) {
    }
    top = 20'000;
    Seen seen;
    document.visit(top, top + 40, seen);
    REQUIRE(!seen.rows.empty());
    const Row before = seen.rows[0].row;
    const auto lay_out = [&](float width) {
        for (bool is_done = false; !is_done;) {
            const auto laid_out = document.layout(
                {.width = width, .view_top = top, .view_height = 400, .budget_bytes = 5'000}, metrics, {});
            top = laid_out.view_top;
            is_done = laid_out.is_done;
            CHECK(std::abs(document.caret(before.begin).y - top) <= 40);
        }
    };
    for (const float width : {300.0F, 299.0F, 800.0F}) {
        lay_out(width);
        if (width < 400) CHECK(std::abs(top - 20'000) > 10);  // the rows above are others
    }
    metrics.scale = 1.5F;
    ++metrics.generation_number;
    lay_out(500);
}

TEST_CASE("a view beside the document keeps its distance") {
    Page page(long_text(20), 500);
    const double height = page.document.height();
    auto above = page.document.layout({.width = 200, .view_top = -50, .view_height = 10}, page.metrics, page.style);
    CHECK(above.view_top == -50);
    const double grown = page.document.height();
    CHECK(grown > height);
    const auto below = page.document.layout({.width = 500, .view_top = grown + 30}, page.metrics, page.style);
    CHECK(below.view_top == page.document.height() + 30);
}

TEST_CASE("an append to a large document costs a small part of laying it out") {
    std::string text = long_text(10'000);
    text.reserve(text.size() + 100'000);
    FakeMetrics metrics;
    const LayoutStyle style;
    Document document;
    document.update(text, false);
    while (!document.layout({.width = 400}, metrics, style).is_done) {
    }
    const long whole = std::exchange(metrics.measured, 0);
    for (int i = 0; i < 500; ++i) {
        text += i % 10 == 9 ? "\n\n" : "token ";
        document.update(text, false);
        CHECK(document.layout({.width = 400}, metrics, style).is_done);
    }
    CHECK(metrics.measured / 500 * 100 < whole);
    CHECK(document.memory_bytes() < 2 * text.size());
}

TEST_CASE("an open fence of a megabyte takes a new line at the cost of a line") {
    std::string text = "```\n";
    while (text.size() < 1'000'000) text += "    some_function(argument, another); // comment\n";
    text.reserve(text.size() + 10'000);
    FakeMetrics metrics;
    const LayoutStyle style;
    Document document;
    document.update(text, false);
    while (!document.layout({.width = 400}, metrics, style).is_done) {
    }
    const long whole = std::exchange(metrics.measured, 0);
    for (int i = 0; i < 100; ++i) {
        text += "another line\n";
        document.update(text, false);
        CHECK(document.layout({.width = 400}, metrics, style).is_done);
    }
    CHECK(metrics.measured / 100 * 50 < whole);
}

TEST_CASE("code has its colours, the same however it arrives, through a comment longer than a block") {
    std::string text = "Before\n\n```cpp\nint a = 1; /* long\n";
    for (int i = 0; i < 200; ++i) text += "in it\n";
    text += "*/\treturn \"e\xCC\x81\"; // \xE2\x82\xAC\n```\n\nint after;\n";
    Page page(text);
    const Seen seen = page.seen();
    int in_comment = 0;
    for (const SeenRow& row : seen.rows) {
        if (row.text() == "in it") {
            REQUIRE(row.runs.size() == 1);
            in_comment += row.runs[0].ink == Ink::comment ? 1 : 0;
        }
        if (row.text() == "int after;") CHECK(row.runs[0].ink == Ink::plain);  // no code
        if (!row.text().starts_with("*/")) continue;
        std::string inks;
        float x = row.row.x;
        for (const Run& run : row.runs) {
            inks += ".csnk"[static_cast<std::size_t>(run.ink)];
            CHECK(run.x == x);
            x += run.width;
        }
        CHECK(inks == "c.k.s.c");
        CHECK(x - row.row.x == row.row.width);
    }
    CHECK(in_comment == 200);
    for (const std::size_t step : {1, 7, 64}) {
        Document grown;
        for (std::size_t size = 0; size < text.size(); size += step) {
            if (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) continue;
            grown.update(std::string_view(text).substr(0, size), false);
            grown.layout({.width = 400, .view_height = 1e6}, page.metrics, page.style);
            Seen now;
            grown.visit(0, 1e6, now);
        }
        grown.update(text, true);
        while (!grown.layout({.width = 400}, page.metrics, page.style).is_done) {
        }
        CHECK(describe(grown) == describe(page.document));
    }
}

TEST_CASE("a selection covers the text in its range, in code, cells and empty lines too") {
    Page page("one **two** three\n\n```\na\n\nb\n```\n\n| x | y |\n|---|---|\n| p | q |\n", 400);
    std::vector<Rect> rects;
    page.document.selection({4, 11}, 0, 1000, rects);  // **two**
    REQUIRE(rects.size() == 1);
    CHECK(rects[0].x == 4 * 8);
    CHECK(rects[0].width == 3 * 9);
    rects.clear();
    page.document.selection({0, 1000}, 0, 1000, rects);
    CHECK(rects.size() == 3 + 3 + 4);
    rects.clear();
    page.document.selection({0, 1000}, 0, 10, rects);
    CHECK(rects.size() == 3);  // what is visible only
    rects.clear();
    page.document.selection({5, 5}, 0, 1000, rects);
    CHECK(rects.empty());
}

TEST_CASE("a triple click takes the paragraph, the item or the line of code") {
    Page page("one\ntwo\n\n- item **b**\n- next\n\n```\nint a;\nint b;\n```\n");
    const auto part = [&](std::string_view at) {
        const SourceRange range = page.document.paragraph_at(static_cast<std::uint32_t>(page.text.find(at)));
        return page.text.substr(range.begin, range.end - range.begin);
    };
    CHECK(part("two") == "one\ntwo");
    CHECK(part("item") == "item **b**");
    CHECK(part("t b;") == "int b;");
    const SourceRange word = page.document.word_at(1);
    CHECK(word == SourceRange{0, 3});
}

TEST_CASE("a point above gives the start, one below the end, one between blocks the nearer") {
    Page page("one\n\ntwo");
    CHECK(page.document.hit_test(100, -1) == 0);
    CHECK(page.document.hit_test(0, 10'000) == page.text.size());
    CHECK(page.document.hit_test(1000, 5) == 3);
    CHECK(page.document.hit_test(0, 23) == 0);
    CHECK(page.document.hit_test(0, 31) == 5);
    CHECK(page.document.hit_test(9, 40) == 6);
}

TEST_CASE("an empty document can be asked everything") {
    Page page("");
    CHECK(page.document.height() == 0);
    CHECK(page.seen().rows.empty());
    CHECK(page.document.hit_test(1, 1) == 0);
    CHECK(page.document.caret(0).y == 0);
    CHECK(page.document.paragraph_at(0) == SourceRange{});
    CHECK(page.document.word_at(0) == SourceRange{});
    CHECK(page.document.box_at(0) == kNoBox);
}

TEST_CASE("hostile text costs neither time nor memory without bounds") {
    const auto times = [](std::string_view part, std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) text += part;
        return text;
    };
    std::string nested_list;
    for (std::size_t i = 0; i < 1'000; ++i) nested_list += std::string(2 * i, ' ') + "- x\n";
    const std::string texts[] = {
        times(">", 10'000) + "x",
        times("- ", 10'000) + "x",
        nested_list,
        times("[", 200'000),
        times("*", 200'000),
        times("|", 200'000),
        times("`", 200'000),
        times("`a", 100'000),
        times("[a](", 50'000),
        times("*a **b ", 30'000),
        times("![", 100'000),
        times("<", 200'000),
        times("&", 200'000),
        times("~~a ", 50'000),
        times("http://a@", 30'000),
        times("www.a.", 30'000),
        times("a@b.", 30'000),
        times("\\", 200'000),
        times("\n", 200'000),
        times("-\n", 100'000),
        times(">\n", 100'000),
        times("```\n", 50'000),
        times("| a ", 20) + "|\n" + times("|---", 20) + "|\n" + times(times("| b ", 20) + "|\n", 2'000),
        times("\t", 200'000),
        times("e\u0301\u0301\u0301\u0301", 20'000),
        times("👩‍", 20'000),
        times(" ", 200'000),
        times("x\0y", 3) + std::string(3, '\0'),
    };
    for (const std::string& text : texts) {
        INFO(text.substr(0, 20));
        Page page(text, 300);
        Seen seen;
        page.document.visit(0, 2'000, seen);
        page.document.caret(static_cast<std::uint32_t>(text.size() / 2));
        CHECK(page.document.plain_text({0, 1'000}).size() < 10'000);
        CHECK(page.document.memory_bytes() < 40'000'000);
    }
}

}  // namespace llmc::text
