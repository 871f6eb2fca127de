// Text of a block that needs no md4c: lines of code, cells, markers of lists.
#include <algorithm>
#include <bit>

#include "base/utf8.h"
#include "block_lines.h"
#include "text/inline_parser.h"

namespace llmc::text {

void add_verbatim(std::string_view source, std::uint32_t begin, std::uint32_t end, Style style,
                  std::uint32_t tab_columns, InlineText& out) {
    std::uint32_t column = 0;
    const auto add = [&](std::string_view shown, std::uint32_t from, std::uint32_t to, bool is_exact) {
        if (shown.empty()) return;
        out.spans.push_back({static_cast<std::uint32_t>(out.shown.size()), from, to, kNoLink, style, is_exact});
        out.shown += shown;
    };
    std::uint32_t from = begin;
    for (std::uint32_t at = begin; at < end; ++at) {
        const auto byte = static_cast<unsigned char>(source[at]);
        if ((byte & 0xC0) != 0x80) ++column;
        if (byte >= 0x20 && byte != 0x7F) continue;
        add(source.substr(from, at - from), from, at, true);
        from = at + 1;
        if (byte == '\t' && tab_columns > 0) {
            static constexpr std::string_view kBlanks = "                ";
            const std::uint32_t blanks = tab_columns - (column - 1) % tab_columns;
            add(kBlanks.substr(0, blanks), at, at + 1, false);
            column += blanks - 1;
        } else {
            add(byte == '\r' || byte == '\t' ? " " : "\xEF\xBF\xBD", at, at + 1, false);
        }
    }
    add(source.substr(from, end - from), from, end, true);
}

void code_lines(std::string_view source, const Block& block, std::vector<SourceRange>& out) {
    const std::uint32_t quotes = block.quotes();
    std::size_t at = block.text_begin;
    while (at < block.end) {
        const std::size_t found = source.substr(0, block.end).find('\n', at);
        const std::size_t next = found == std::string_view::npos ? block.end : found + 1;
        std::size_t stop = found == std::string_view::npos ? block.end : found;
        if (stop > at && source[stop - 1] == '\r' && found != std::string_view::npos) --stop;
        const bool is_whole = at == 0 || source[at - 1] == '\n';  // else its indentation is already behind us
        if (is_whole && (quotes > 0 || block.strip > 0)) {
            LineCursor cursor(source.substr(at, stop - at));
            for (std::uint32_t i = 0; i < quotes && cursor.peek() == '>'; ++i) {
                cursor.skip_blanks();
                cursor.skip_signs(1);
                if (i + 1 == quotes) cursor.skip_columns(1);
            }
            cursor.skip_columns(block.strip);
            at += cursor.position();
        }
        out.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(stop)});
        at = next;
    }
}

void row_cells(std::string_view source, const Block& block, std::uint32_t columns, std::vector<SourceRange>& out) {
    const std::string_view row = source.substr(block.text_begin, block.end - block.text_begin);
    std::size_t at = 0;
    std::uint32_t count = 0;
    for (LinePart cell; count < columns && next_cell(row, at, cell); ++count) {
        if (count + 1 == columns) {  // what is beyond the header's columns is not lost
            std::string_view rest = trim_blanks(row.substr(cell.begin));
            if (rest.ends_with('|') && !rest.ends_with("\\|")) rest.remove_suffix(1);
            cell.end = cell.begin + static_cast<std::size_t>(rest.data() + rest.size() - (row.data() + cell.begin));
        }
        while (cell.begin < cell.end && is_blank_char(row[cell.begin])) ++cell.begin;
        while (cell.end > cell.begin && is_blank_char(row[cell.end - 1])) --cell.end;
        out.push_back({block.text_begin + static_cast<std::uint32_t>(cell.begin),
                       block.text_begin + static_cast<std::uint32_t>(cell.end)});
    }
}

void list_markers(std::string_view source, const Block& block, std::vector<SourceRange>& out) {
    auto items = static_cast<std::uint32_t>(std::popcount(block.opened & block.nesting));
    for (std::uint32_t at = block.begin; items > 0 && at < block.text_begin; ++at) {
        if (is_blank_char(source[at]) || source[at] == '\n' || source[at] == '>') continue;
        const std::string_view ahead = source.substr(at, std::min<std::uint32_t>(16, block.text_begin - at));
        const std::uint32_t size = list_marker(ahead.substr(0, ahead.find('\n'))).size;
        if (size == 0) return;
        out.push_back({at, at + size});
        at += size - 1;
        --items;
    }
}

}  // namespace llmc::text
