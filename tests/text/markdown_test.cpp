// What Markdown looks like when it is laid out.
#include <doctest/doctest.h>

#include "text_fixture.h"

namespace llmc::text {
namespace {

// "text/face/marks" per run, of all rows.
std::string runs_of(Page& page) {
    std::string all;
    for (const SeenRow& row : page.seen().rows)
        for (std::size_t i = 0; i < row.runs.size(); ++i)
            all += fmt::format("{}{}/{}/{}", all.empty() ? "" : " | ", row.texts[i],
                               static_cast<int>(row.runs[i].style.face), row.runs[i].style.marks);
    return all;
}

}  // namespace

TEST_CASE("inline marks become styles and are not shown") {
    const struct {
        std::string_view source, shown;
    } cases[] = {
        {"plain", "plain/0/0"},
        {"**bold**", "bold/1/0"},
        {"*it*", "it/2/0"},
        {"***both***", "both/3/0"},
        {"`a * b`", "a * b/4/2"},
        {"~~gone~~", "gone/0/1"},
        {"half **written", "half **written/0/0"},
        {"snake_case_name", "snake_case_name/0/0"},
        {"a &amp; b &#x41; &unknown; &lt;", "a /0/0 | &/0/0 |  b /0/0 | A/0/0 |  /0/0 | &unknown;/0/0 |  /0/0 | </0/0"},
        {"[text](https://a.org)", "text/0/4"},
        {"[text](javascript:alert)", "text/0/0"},
        {"[text](file:///etc/passwd)", "text/0/0"},
        {"<https://a.org>", "https://a.org/0/4"},
        {"https://a.org/b.", "https://a.org/b/0/4 | ./0/0"},
        {"me@a.org", "me@a.org/0/4"},
        {"www.a.org", "www.a.org/0/4"},
        {"![alt](http://a.org/i.png)", "alt/0/12"},
        {"![alt](i.png)", "alt/0/8"},
        {"<b>html</b><br>", "<b>html</b><br>/0/0"},
        {"[foo]: https://a.org", "[foo]: /0/0 | https://a.org/0/4"},
        {"# 1. **x**", "1. x/5/0"},
        {"\\*no\\*", "*no/0/0 | */0/0"},
    };
    for (const auto& one : cases) {
        Page page{std::string(one.source)};
        INFO(one.source);
        if (one.source == "# 1. **x**")
            CHECK(page.rows() == "1. x\n");
        else
            CHECK(runs_of(page) == one.shown);
    }
}

TEST_CASE("a link gives its whole target") {
    Page page("go [there](https://a.org/x?a=1&amp;b=2 \"title\") now");
    CHECK(page.document.link_at(8 * 4.0F, 5) == "https://a.org/x?a=1&b=2");
    CHECK(page.document.link_at(4, 5).empty());
    CHECK(page.document.link_at(8 * 4.0F, 500).empty());
    Page www("www.a.org");
    CHECK(www.document.link_at(4, 5) == "http://www.a.org");
    Page mail("me@a.org");
    CHECK(mail.document.link_at(4, 5) == "mailto:me@a.org");
}

TEST_CASE("blocks begin where CommonMark says") {
    const struct {
        std::string_view source, rows;
    } cases[] = {
        {"one\ntwo\n\nthree", "one two\nthree\n"},
        {"one  \ntwo\\\nthree", "one\ntwo\nthree\n"},
        {"# H1\n## H2 ##\n####### no", "H1\nH2\n####### no\n"},
        {"Title\n---\ntext", "Title\ntext\n"},
        {"Text\n- item", "Text\n•item\n"},
        {"year\n1986. was good", "year 1986. was good\n"},
        {"- a\n  - b\n    - c\n      - d", "•a\n◦b\n▪c\n▪d\n"},
        {"- - x", "•◦x\n"},
        {"7. a\n8. b", "7.a\n8.b\n"},
        {"- [ ] a\n- [x] b\n- [y] c", "☐a\n☑b\n•[y] c\n"},
        {"-\n- b", "•\n•b\n"},
        {"-\n  late", "•late\n"},
        {"> a\nb\n\nc", "a b\nc\n"},
        {"```\na\n\n  b\n```\nc", "a\n\n  b\nc\n"},
        {"```\nno end\n", "no end\n"},
        {"````\n```\n````", "```\n"},
        {"~~~\na\n```\n~~~", "a\n```\n"},
        {"- x\n  ```\n  code\n  ```\n- y", "•x\ncode\n•y\n"},
        {"    code\n\n    more\ntext", "code\n\nmore\ntext\n"},
        {"> ```\n> a\n>  b\n> ```", "a\n b\n"},
        {"| a |\n|---|\n| b |\nafter", "a\nb\nafter\n"},
        {"not | a table\n--- | --- | ---", "not | a table --- | --- | ---\n"},
        {"lead\n| a | b |\n|--|--|\n| 1 | 2 | 3 |", "lead\nab\n12 | 3\n"},
        {"***", "\n"},
        {"* * *\n- - -", "\n\n"},
        {"a\r\nb\r\n\r\n```\r\nc\r\n```\r\n", "a b\nc\n"},
        {"\ttab code", "tab code\n"},
        {"1) a\n\n   b", "1)a\nb\n"},
    };
    for (const auto& one : cases) {
        Page page{std::string(one.source)};
        INFO(one.source);
        CHECK(page.rows() == one.rows);
    }
}

TEST_CASE("a code block has one box with its language, its source and no wrapping") {
    Page page("x\n\n```cpp title\nint a;\n" + std::string(100, 'w') + "\n```\n\ny", 300);
    const Seen seen = page.seen();
    REQUIRE(seen.boxes.size() == 1);
    const Box& box = seen.boxes[0];
    CHECK(seen.languages[0] == "cpp");
    CHECK(page.text.substr(box.begin, box.end - box.begin) == "int a;\n" + std::string(100, 'w') + "\n");
    CHECK(box.content_width == 100 * 7 + 2 * page.style.code_padding_x);
    CHECK(box.width == 300);
    CHECK(!box.is_open);
    CHECK(seen.rows[2].row.box == box.id);
    CHECK(box.y + box.height <= seen.rows.back().row.y);
    CHECK(page.document.box_at(box.y + 1) == box.id);
    CHECK(page.document.box_at(box.y - 1) == kNoBox);
}

TEST_CASE("a fence is open while text may come and closed at the end") {
    FakeMetrics metrics;
    Document document;
    for (const bool is_final : {false, true}) {
        document.update("```\nabc", is_final);
        document.layout({.width = 300}, metrics, {});
        Seen seen;
        document.visit(0, 1000, seen);
        REQUIRE(seen.boxes.size() == 1);
        CHECK(seen.boxes[0].is_open == !is_final);
    }
}

TEST_CASE("a long code block is one box of many blocks") {
    std::string text = "```\n";
    for (int i = 0; i < 500; ++i) text += "line\n";
    Page page(text + "```");
    Seen seen;
    page.document.visit(3000, 3100, seen);
    REQUIRE(seen.boxes.size() == 1);
    CHECK(seen.boxes[0].y == 0);
    CHECK(seen.boxes[0].height == page.document.height());
    CHECK(seen.rows.size() <= 7);
    CHECK(page.document.height() == 500 * page.style.code_row + page.style.code_header + 2 * page.style.code_padding_y);
}

TEST_CASE("a table wraps its cells to fit, and scrolls when even words do not") {
    const std::string text =
        "| name | a description of many words |\n|---|---:|\n| x | one two three four five six |\n";
    Page wide(text, 500), narrow(text, 200), tiny(text, 90);
    const Seen seen = wide.seen();
    REQUIRE(seen.columns.size() == 1);
    REQUIRE(seen.columns[0].size() == 3);
    CHECK(seen.boxes[0].content_width == doctest::Approx(500).epsilon(0.01));
    CHECK(seen.rows.size() == 2);
    const SeenRow& row = seen.rows[1];
    CHECK(row.runs[1].x + row.runs[1].width + wide.style.cell_padding_x == seen.columns[0][2]);  // right-aligned
    CHECK(narrow.seen().rows.size() > 3);
    CHECK(narrow.seen().boxes[0].content_width <= 200);
    CHECK(tiny.seen().boxes[0].content_width > 90);
    CHECK(tiny.seen().boxes[0].width <= 90);
    CHECK(seen.rules.size() == 2);
}

TEST_CASE("quotes have a bar per depth, without a gap inside one quote") {
    Page page("> a\n>\n> b\n> > c\n\ntext");
    const Seen seen = page.seen();
    REQUIRE(seen.bars.size() == 4);
    CHECK(seen.bars[1].y == seen.bars[0].y + seen.bars[0].height);
    CHECK(seen.bars[3].x == page.style.quote_indent);
    CHECK(seen.bars[3].depth == 2);
    CHECK(seen.rows.back().row.x == 0);
}

TEST_CASE("items of a tight list stand closer than those of a loose one") {
    const LayoutStyle style;
    CHECK(Page("- a\n- b").document.height() == 2 * style.prose_row + style.item_gap);
    CHECK(Page("- a\n\n- b").document.height() == 2 * style.prose_row + style.paragraph_gap);
}

TEST_CASE("plain text has no marks") {
    Page page(
        "# Head\n\nSome **bold** [link](http://a.org) &amp; `code`\nsoft\n\n- one\n- two\n  1. three\n\n| a | b "
        "|\n|---|---|\n| **c** | d |\n\n```py\nx = 1\n\ty\n```\nend");
    CHECK(page.document.plain_text({0, 10'000}) ==
          "Head\n\nSome bold link & code soft\n\n- one\n- two\n  1. three\n\na\tb\nc\td\n\nx = 1\n\ty\n\nend");
    const auto bold = static_cast<std::uint32_t>(page.text.find("bold"));
    CHECK(page.document.plain_text({bold + 1, bold + 11}) == "old lin");
    CHECK(page.document.plain_text({3, 3}).empty());
    CHECK(Page("").document.plain_text({0, 5}).empty());
}

TEST_CASE("plain mode shows the text as it is, line by line") {
    Page page("# no *marks*\n\n- item\tx", 400, TextMode::plain);
    CHECK(page.rows() == "# no *marks*\n\n- item  x\n");
    page.document.set_mode(TextMode::markdown);
    page.lay_out();
    CHECK(page.rows() == "no marks\n•item x\n");
}

}  // namespace llmc::text
