// The text of one block as it is shown, and where each part of it comes from.
//
// Thread contract: one thread per InlineText; pure.
// Invariants: spans cover `shown` without gap or overlap, in the order of the source; `shown` is valid UTF-8 without
// control characters but '\n' (a line break that is kept). A span that is `exact` has the source's own bytes.
// md4c parses what stands in one paragraph, heading or cell (at most kMaxBlock bytes): emphasis, code, links, entities.
// Its worst cases grow with the square of that, which is why blocks are cut. Link reference definitions are shown as
// text, and "[text][name]" too: a definition may come after what was shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/block_splitter.h"
#include "text/view.h"

namespace llmc::text {

inline constexpr std::uint16_t kNoLink = 0xFFFF;

struct Span {
    std::uint32_t shown_begin = 0;  // in InlineText::shown
    std::uint32_t begin = 0;        // source
    std::uint32_t end = 0;
    std::uint16_t link = kNoLink;  // index into links
    Style style;
    bool is_exact = true;  // byte for byte the source
};

struct InlineText {
    std::string shown;
    std::vector<Span> spans;
    std::vector<std::string> links;

    void clear();
    // The end in `shown` of the span at `index`.
    std::uint32_t shown_end(std::size_t index) const;
};

// Appends the inline Markdown of a paragraph, heading or cell [begin, end) of the source. `quotes`: how many quote
// marks lines but the first may start with. `style` is what the text has before any emphasis.
class InlineParser {
public:
    void parse(std::string_view source, std::uint32_t begin, std::uint32_t end, std::uint32_t quotes, bool is_cell,
               Style style, InlineText& out);

private:
    struct Piece {  // a stretch of scratch_ that is the source's own bytes
        std::uint32_t scratch = 0;
        std::uint32_t source = 0;
        std::uint32_t size = 0;
    };
    struct Sink;

    std::string scratch_;  // the lines without marks of containers, each behind a guard
    std::vector<Piece> pieces_;
};

// Appends one line of text as it is: tabs become blanks up to the next stop, control characters a sign of their own.
void add_verbatim(std::string_view source, std::uint32_t begin, std::uint32_t end, Style style,
                  std::uint32_t tab_columns, InlineText& out);

// The lines of code in a block: [begin, end) of each, without indentation that is not code and without line breaks.
void code_lines(std::string_view source, const Block& block, std::vector<SourceRange>& out);

// The cells of a table's row, blanks around them left out; never more than `columns`: the last one takes the rest.
void row_cells(std::string_view source, const Block& block, std::uint32_t columns, std::vector<SourceRange>& out);

// The markers in front of a block's text, one per item that it opens, outermost first.
void list_markers(std::string_view source, const Block& block, std::vector<SourceRange>& out);

}  // namespace llmc::text
