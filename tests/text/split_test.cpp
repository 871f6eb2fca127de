// However a text arrives, the same is shown; and what is shown keeps its promises.
#include <fstream>
#include <random>

#include <doctest/doctest.h>

#include "text/block_splitter.h"
#include "text/line_breaker.h"
#include "text_fixture.h"

namespace llmc::text {
namespace {

// Fed in steps that `next` gives (bytes, moved on to the next whole code point), laid out now and then.
std::string described_in_steps(const std::string& text, float width, TextMode mode, auto next) {
    FakeMetrics metrics;
    const LayoutStyle style;
    Document document(mode);
    std::size_t at = 0;
    for (int i = 0; at < text.size(); ++i) {
        at = std::min(text.size(), at + next());
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
        document.update(std::string_view(text).substr(0, at), false);
        const auto laid_out = document.layout({.width = width, .view_top = 0, .view_height = 300}, metrics, style);
        CHECK(laid_out.view_top == 0);
    }
    document.update(text, true);
    while (!document.layout({.width = width, .view_top = 0, .view_height = 300}, metrics, style).is_done) {
    }
    return describe(document);
}

std::string described_whole(const std::string& text, float width, TextMode mode = TextMode::markdown) {
    Page page(text, width, mode);
    return describe(page.document);
}

std::string random_markdown(std::mt19937& random) {
    static constexpr std::string_view kParts[] = {
        "word ",
        "**",
        "*",
        "_",
        "`",
        "```",
        "~~~\n",
        "\n",
        "\n\n",
        "\n    ",
        "- ",
        "1. ",
        "> ",
        "|",
        "\n|-",
        "| a | b |",
        "\n",
        "#",
        "# ",
        "\n---\n",
        "===\n",
        "[",
        "](",
        ")",
        "https://e.org/x",
        "é",
        "日本",
        "👩‍👩‍👧",
        "\t",
        "\\",
        "&amp;",
        "<b>",
        "- [ ] ",
        "\r\n",
        "  \n",
        "| a | b |\n|---|---|\n| c | d |\n",
        "   ",
        "* * *",
        "~~",
        "![",
        "\n   ```\n",
    };
    std::string text;
    for (auto parts = 3 + random() % 60; parts > 0; --parts) text += kParts[random() % std::size(kParts)];
    return text;
}

// The text of each recorded answer is in its chunks; the raw body does as well: long lines, braces, quotes, newlines.
std::vector<std::string> recorded_bodies() {
    std::vector<std::string> bodies;
    const char* folder = std::getenv("LLMC_TEST_DATA");
    if (folder == nullptr) return bodies;
    for (const char* name : {"groq-01", "groq-05", "deepseek-01", "azure-openai-01", "cloudflare-01", "hf-router-01"}) {
        std::ifstream file(std::string(folder) + "/recorded/" + name + ".sse", std::ios::binary);
        const std::string body((std::istreambuf_iterator<char>(file)), {});
        // What stands in "content":"…", with its escapes of line breaks undone.
        std::string text;
        constexpr std::string_view kKey = "\"content\":\"";
        for (std::size_t at = 0; (at = body.find(kKey, at)) != std::string::npos;) {
            for (at += kKey.size(); at < body.size() && body[at] != '"'; ++at) {
                if (body[at] == '\\' && at + 1 < body.size()) {
                    ++at;
                    text += body[at] == 'n' ? '\n' : body[at];
                } else {
                    text += body[at];
                }
            }
        }
        bodies.push_back(text);
        bodies.push_back(body);
    }
    return bodies;
}

void check_promises(const std::string& text, float width, TextMode mode) {
    Page page(text, width, mode);
    const Seen seen = page.seen();
    double bottom = -1;
    for (const SeenRow& row : seen.rows) {
        CHECK(row.row.y >= bottom);  // in order, without overlap
        bottom = row.row.y + row.row.height;
        CHECK(row.row.end <= text.size());
        CHECK(row.row.begin <= row.row.end);
        if (row.row.box == kNoBox) CHECK(row.row.x + row.row.width <= std::max(width, 120.0F) + 0.5F);
        for (std::size_t i = 0; i < row.runs.size(); ++i) {
            const Run& run = row.runs[i];
            CHECK(run.begin <= run.end);
            CHECK(run.end <= text.size());
            CHECK(row.texts[i].size() <= kMaxRunBytes);
            CHECK(base::is_valid_utf8(row.texts[i]));
            for (const char c : row.texts[i]) CHECK(static_cast<unsigned char>(c) >= 0x20);
        }
    }
    CHECK(bottom <= page.document.height() + 0.5);
}

}  // namespace

TEST_CASE("a text fed in parts of any size is laid out as when it came whole") {
    const std::string text(kSample);
    for (const float width : {120.0F, 400.0F, 1200.0F}) {
        const std::string whole = described_whole(text, width);
        for (const std::size_t step : {1, 2, 3, 7, 64})
            CHECK(described_in_steps(text, width, TextMode::markdown, [&] { return step; }) == whole);
    }
    const std::string plain = described_whole(text, 300, TextMode::plain);
    CHECK(described_in_steps(text, 300, TextMode::plain, [] { return std::size_t{3}; }) == plain);
}

TEST_CASE("random Markdown is laid out the same however it is cut") {
    std::mt19937 random(7);
    for (int i = 0; i < 300; ++i) {
        const std::string text = random_markdown(random);
        INFO(text);
        CHECK(described_in_steps(text, 200, TextMode::markdown, [&] { return 1 + random() % 9; }) ==
              described_whole(text, 200));
    }
}

TEST_CASE("lines and blocks beyond their limits are cut at the same places however they arrive") {
    std::string text;
    for (int i = 0; i < 900; ++i) text += "words without any line break at all in several kilobytes ";
    text += "\n\n```\n" + std::string(20'000, 'x') + "\n";
    for (int i = 0; i < 300; ++i) text += "line of code\n";
    text += "```\n\n- " + std::string(9'000, 'y') + "\n";
    std::mt19937 random(3);
    CHECK(described_in_steps(text, 500, TextMode::markdown, [&] { return 1 + random() % 5'000; }) ==
          described_whole(text, 500));
}

TEST_CASE("rows are in order, within the width, and of valid text for samples, recorded answers and noise") {
    std::mt19937 random(11);
    std::vector<std::string> texts = recorded_bodies();
    texts.emplace_back(kSample);
    for (int i = 0; i < 100; ++i) texts.push_back(random_markdown(random));
    for (const std::string& text : texts)
        for (const float width : {20.0F, 150.0F, 400.0F, 900.0F}) {
            check_promises(text, width, TextMode::markdown);
            check_promises(text, width, TextMode::plain);
        }
}

TEST_CASE("every offset that is shown comes back from its caret") {
    Page page{std::string(kSample), 300};
    for (const SeenRow& row : page.seen().rows)
        for (std::size_t i = 0; i < row.runs.size(); ++i) {
            const Run& run = row.runs[i];
            if (row.texts[i] != page.text.substr(run.begin, run.end - run.begin)) continue;  // not as in the source
            for (std::size_t at = 0; at < row.texts[i].size();) {
                const auto offset = run.begin + static_cast<std::uint32_t>(at);
                const Rect caret = page.document.caret(offset);
                const std::uint32_t back = page.document.hit_test(caret.x + 0.5F, caret.y + 1);
                INFO(row.texts[i], " at ", at);
                CHECK(caret.y == row.row.y);
                // At the seam of two runs both of its offsets are right.
                CHECK((back == offset || page.document.caret(back).x == caret.x));
                at = next_cluster(row.texts[i], at);
            }
        }
}

TEST_CASE("every offset of the source has a caret, and every point an offset") {
    std::mt19937 random(5);
    for (int i = 0; i < 40; ++i) {
        Page page(i == 0 ? std::string(kSample) : random_markdown(random), 180);
        double y = -1;
        for (std::uint32_t at = 0; at <= page.text.size(); ++at) {
            const Rect caret = page.document.caret(at);
            CHECK(caret.y >= 0);
            CHECK(caret.y < std::max(1.0, page.document.height()));
            y = std::max(y, caret.y);
        }
        for (double at = -10; at < page.document.height() + 30; at += 7)
            for (const float x : {-5.0F, 60.0F, 500.0F}) CHECK(page.document.hit_test(x, at) <= page.text.size());
    }
}

TEST_CASE("closed blocks stay as they are while text arrives") {
    const std::string text(kSample);
    BlockSplitter splitter(TextMode::markdown);
    std::vector<Block> before;
    for (std::size_t at = 1; at <= text.size(); ++at) {
        const std::size_t changed = splitter.update(std::string_view(text).substr(0, at), false);
        const std::vector<Block>& blocks = splitter.blocks();
        CHECK(changed + 3 >= before.size());  // the tail only: a paragraph that turns out to be a table's header
        for (std::size_t i = 0; i < std::min(changed, before.size()); ++i) CHECK(blocks[i] == before[i]);
        before = blocks;
    }
}

}  // namespace llmc::text
