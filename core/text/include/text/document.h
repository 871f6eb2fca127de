// One growing text as a laid-out document: Markdown or plain, drawn, hit and selected by byte offsets of its source.
//
// Thread contract: one thread (that of the fonts). The text may be appended to by another thread as base/append_log.h
// says; update() gets a view of what was published.
// Invariants:
//   1. Positions are byte offsets into the source, on whole code points: they survive growth, a new width and new
//   fonts.
//   2. Only the open tail is looked at again when text arrives: a closed block never changes (text/block_splitter.h).
//   3. layout() does what is in view whatever it costs, and at most `budget_bytes` of the rest; heights that are not
//      known yet are estimates until is_done.
//   4. The final layout depends on the text, width, metrics and style only, not on how the text arrived.
//   5. With nothing new, update(), layout() and visit() allocate nothing.
// Cost: appending costs O(tail); a frame costs O(visible rows); memory is some 50 bytes per block (paragraph, item, 64
// lines of code) and the rows of what was seen last.
//
//     document.update(log.view(), is_final);
//     const auto laid_out = document.layout({.width = w, .view_top = scroll, .view_height = h}, fonts, style);
//     scroll = laid_out.view_top;                      // the same text stays at the top
//     document.visit(scroll, scroll + h, painter);     // calls painter.row(...) and so on
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/font_metrics.h"
#include "text/view.h"

namespace llmc::text {

enum class TextMode : std::uint8_t { markdown, plain };

struct LayoutRequest {
    float width = 0;
    double view_top = 0;                               // in px of the document; may lie above (negative) or below it
    double view_height = 0;                            // 0: nothing is visible
    std::size_t budget_bytes = std::size_t{64} << 10;  // of source laid out beyond what is in view
};

struct LayoutResult {
    double view_top = 0;   // where the text that was at the requested view_top is now
    bool is_done = false;  // false: call again in the next frame; heights are estimates here and there
};

struct SourceRange {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    bool operator==(const SourceRange&) const = default;
};

class Document {
public:
    struct State;  // src/document_state.h

    explicit Document(TextMode mode = TextMode::markdown);
    ~Document();
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;

    // Takes in the whole text so far (valid UTF-8, at most 4 GiB), which must begin with what was given before and must
    // stay where it is until the next update(). `is_final`: nothing will follow.
    void update(std::string_view whole_text, bool is_final);
    // Another mode for the same text: everything is laid out anew.
    void set_mode(TextMode mode);
    TextMode mode() const;
    std::string_view source() const;

    // Lays out for a width. `metrics` must live until the next layout() or the document's end; everything below may
    // measure with it. Nothing below may be called before the first layout().
    LayoutResult layout(const LayoutRequest& request, const FontMetrics& metrics, const LayoutStyle& style);
    bool is_done() const;
    double height() const;  // px; the estimate where is_done is false

    // Everything that touches [y0, y1).
    void visit(double y0, double y1, Visitor& visitor);

    // The caret position (source offset) nearest to a point; above the document 0, below it the end. Inside a box that
    // is scrolled sideways the caller adds its scroll to x; box_at() says which one.
    std::uint32_t hit_test(float x, double y);
    std::uint32_t box_at(double y) const;  // kNoBox: none
    // The link under a point, empty when there is none; valid until the next call.
    std::string_view link_at(float x, double y);

    // Where a caret before the source byte at `offset` stands: its row's y and height, width 0. An offset that shows
    // nothing (marks, blank lines) gives the nearest place before it.
    Rect caret(std::uint32_t offset);
    // What a selection of [range) covers in [y0, y1), appended to `out`: at most one rectangle per run.
    void selection(SourceRange range, double y0, double y1, std::vector<Rect>& out);

    SourceRange word_at(std::uint32_t offset) const;       // double click: letters and digits, or blanks, or one sign
    SourceRange paragraph_at(std::uint32_t offset) const;  // triple click: a paragraph, item, cell row or line of code

    // The range without Markdown marks: markers as "- " and "1. ", cells with tabs between, links as their text.
    std::string plain_text(SourceRange range) const;

    // For tests and the status line: bytes held beside the text.
    std::size_t memory_bytes() const;

private:
    std::unique_ptr<State> state_;
};

}  // namespace llmc::text
