// Fonts with fixed widths, and what a document shows as text that can be compared.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/utf8.h"
#include "text/document.h"

namespace llmc::text {

class FakeMetrics : public FontMetrics {
public:
    float advance(Face face, char32_t c) const override {
        ++measured;
        if (base::terminal_width(c) == 0) return 0;
        const float wide = base::terminal_width(c) == 2 ? 2 : 1;
        return wide * kWidths[static_cast<std::size_t>(face)] * scale;
    }
    FaceExtent extent(Face) const override { return {12, 3}; }
    std::uint64_t generation() const override { return generation_number; }

    float scale = 1;
    std::uint64_t generation_number = 1;
    mutable long measured = 0;  // characters: what a layout costs

private:
    static constexpr float kWidths[kFaces] = {8, 9, 8, 9, 7, 14, 12, 10};
};

struct SeenRow {
    Row row;  // without runs
    std::vector<Run> runs;
    std::vector<std::string> texts;
    std::vector<std::string> links;

    std::string text() const {
        std::string all;
        for (const std::string& one : texts) all += one;
        return all;
    }
};

struct Seen : Visitor {
    void box(const Box& box) override {
        boxes.push_back(box);
        languages.emplace_back(box.language);
        columns.emplace_back(box.columns.begin(), box.columns.end());
    }
    void quote_bar(const QuoteBar& bar) override { bars.push_back(bar); }
    void rule(const Rule& rule) override { rules.push_back(rule); }
    void row(const Row& row) override {
        SeenRow& seen = rows.emplace_back();
        seen.row = row;
        for (const Run& run : row.runs) {
            seen.runs.push_back(run);
            seen.texts.emplace_back(run.text);
            seen.links.emplace_back(run.link);
        }
    }

    std::vector<SeenRow> rows;
    std::vector<Box> boxes;
    std::vector<std::string> languages;
    std::vector<std::vector<float>> columns;
    std::vector<QuoteBar> bars;
    std::vector<Rule> rules;
};

// A document with its text, laid out completely.
struct Page {
    explicit Page(std::string markdown, float page_width = 400, TextMode mode = TextMode::markdown)
        : text(std::move(markdown)), width(page_width), document(mode) {
        document.update(text, true);
        lay_out();
    }
    Page(const Page&) = delete;

    void lay_out() {
        while (!document.layout({.width = width}, metrics, style).is_done) {
        }
    }
    Seen seen() {
        Seen all;
        document.visit(0, document.height() + 1, all);
        return all;
    }
    // One line per row: its text.
    std::string rows() {
        std::string all;
        for (const SeenRow& row : seen().rows) all += row.text() + "\n";
        return all;
    }

    std::string text;
    float width;
    FakeMetrics metrics;
    LayoutStyle style;
    Document document;
};

// Everything that is drawn, in words.
inline std::string describe(Document& document) {
    Seen seen;
    document.visit(0, document.height() + 1, seen);
    std::string all = fmt::format("height {}\n", document.height());
    for (std::size_t i = 0; i < seen.boxes.size(); ++i) {
        const Box& box = seen.boxes[i];
        all += fmt::format("box {} y{} x{} w{} h{} c{} {} {}-{} open{}\n", box.id, box.y, box.x, box.width, box.height,
                           box.content_width, seen.languages[i], box.begin, box.end, box.is_open);
        for (const float x : seen.columns[i]) all += fmt::format("  column {}\n", x);
    }
    for (const QuoteBar& bar : seen.bars) all += fmt::format("bar y{} x{} h{}\n", bar.y, bar.x, bar.height);
    for (const Rule& rule : seen.rules) all += fmt::format("rule y{} x{} w{}\n", rule.y, rule.x, rule.width);
    for (const SeenRow& row : seen.rows) {
        all += fmt::format("row y{} h{} x{} w{} k{} {}-{}:", row.row.y, row.row.height, row.row.x, row.row.width,
                           static_cast<int>(row.row.kind), row.row.begin, row.row.end);
        for (std::size_t i = 0; i < row.runs.size(); ++i)
            all += fmt::format(" [{} x{} w{} f{} m{} i{} {}-{} {}]", row.texts[i], row.runs[i].x, row.runs[i].width,
                               static_cast<int>(row.runs[i].style.face), row.runs[i].style.marks,
                               static_cast<int>(row.runs[i].ink), row.runs[i].begin, row.runs[i].end, row.links[i]);
        all += '\n';
    }
    return all;
}

inline constexpr std::string_view kSample = R"(# Plan for *today*

Some **bold and *both*** text with `code`, a [link](https://example.org/a?b=1&amp;c=2) and ~~old~~ words
that go on here.  
After a hard break: 5 &lt; 6 &mdash; see https://example.org/path/to/page.

Title
=====

1. First item with a text that is long enough to need a second row in a narrow column
2. Second
   - nested *one*
   - nested two

     a paragraph of it
   ```python
   for i in range(3):
   	print(i)
   ```
3. [x] done
   [ ] no task

- [ ] open task
- [x] closed **task**

> A quote
> > nested, with
lazy continuation
>
> ```
> code in it
> ```

| Step | Duration | Risk |
|:-----|:--------:|-----:|
| Copy | 35 min | low |
| Catch `a\|b` up | 4 min | **low** |
| Switch | < 1 s |

---

    indented code

      more of it

<div>HTML</div> & an image: ![alt text](https://example.org/i.png)

日本語の文章は、どこでも改行できます。「括弧」も正しく。 한국어 텍스트 👩‍👩‍👧 🇩🇪🇫🇷 e\u0301

~~~c++ title="x"
int main() { return 0; }  // a line that is wider than any narrow column would like it to be

~~~
the end)";

}  // namespace llmc::text
