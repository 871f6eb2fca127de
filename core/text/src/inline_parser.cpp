#include "text/inline_parser.h"

#include <algorithm>

#include <md4c.h>

#include "base/ascii.h"
#include "block_lines.h"
#include "text/entities.h"

namespace llmc::text {
namespace {

// In front of each line md4c gets: a no-break space, so that nothing in the line begins a block (a cell may be "- x"),
// which counts as a blank for emphasis; and a blank, since bare links need one before them. Both are left out again.
constexpr std::string_view kGuard = "\xC2\xA0 ";
constexpr unsigned kFlags = MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS | MD_FLAG_STRIKETHROUGH |
                            MD_FLAG_PERMISSIVEURLAUTOLINKS | MD_FLAG_PERMISSIVEEMAILAUTOLINKS |
                            MD_FLAG_PERMISSIVEWWWAUTOLINKS;

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool may_be_opened(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://", "mailto:"}) {
        if (target.size() <= scheme.size()) continue;
        const bool fits = std::equal(scheme.begin(), scheme.end(), target.begin(),
                                     [](char a, char b) { return a == base::to_lower(b); });
        if (fits) return true;
    }
    return false;
}

std::string value_of(const MD_ATTRIBUTE& attribute) {
    std::string value;
    if (attribute.text == nullptr) return value;
    for (std::size_t i = 0; attribute.substr_offsets[i] < attribute.size; ++i) {
        const MD_OFFSET from = attribute.substr_offsets[i];
        const std::string_view part(attribute.text + from, attribute.substr_offsets[i + 1] - from);
        if (attribute.substr_types[i] == MD_TEXT_ENTITY)
            add_entity(part, value);
        else
            value += part;
    }
    std::erase_if(value, is_control);
    return value;
}

}  // namespace

void InlineText::clear() {
    shown.clear();
    spans.clear();
    links.clear();
}

std::uint32_t InlineText::shown_end(std::size_t index) const {
    return index + 1 < spans.size() ? spans[index + 1].shown_begin : static_cast<std::uint32_t>(shown.size());
}

// Takes what md4c calls back with.
struct InlineParser::Sink {
    InlineParser& parser;
    std::string_view source;
    std::uint32_t end;  // of the part that is parsed
    Style base;
    InlineText& out;
    std::uint32_t cursor;  // behind the last source byte that was used
    std::size_t piece = 0;
    int strong = 0, emphasis = 0, code = 0, strike = 0, image = 0;
    std::vector<std::uint16_t> links = {};

    Style style() const {
        Style now = base;
        if (code > 0) {
            now.face = Face::code;
            now.marks |= kInlineCode;
        } else if (base.face == Face::body || base.face == Face::bold) {
            const bool is_bold = strong > 0 || base.face == Face::bold;
            now.face =
                is_bold ? (emphasis > 0 ? Face::bold_italic : Face::bold) : (emphasis > 0 ? Face::italic : Face::body);
        }
        if (strike > 0) now.marks |= kStrike;
        if (image > 0) now.marks |= kImage;
        if (link() != kNoLink) now.marks |= kLink;
        return now;
    }
    std::uint16_t link() const {
        for (const std::uint16_t one : links)
            if (one != kNoLink) return one;
        return kNoLink;
    }

    void add(std::string_view shown, std::uint32_t from, std::uint32_t to, bool is_exact) {
        if (from < cursor || shown.empty()) return;
        const Style now = style();
        const std::uint16_t target = link();
        if (is_exact && !out.spans.empty()) {  // one run goes on
            Span& last = out.spans.back();
            const bool touches = last.is_exact && last.end == from && last.style == now && last.link == target;
            if (touches) {
                out.shown += shown;
                cursor = last.end = to;
                return;
            }
        }
        out.spans.push_back({static_cast<std::uint32_t>(out.shown.size()), from, to, target, now, is_exact});
        out.shown += shown;
        cursor = to;
    }

    // The part of the scratch [from, to) that comes from the source.
    void add_scratch(std::uint32_t from, std::uint32_t to) {
        while (piece > 0 && parser.pieces_[piece].scratch > from) --piece;
        for (; piece < parser.pieces_.size(); ++piece) {
            const Piece& part = parser.pieces_[piece];
            const std::uint32_t begin = std::max(from, part.scratch);
            const std::uint32_t stop = std::min(to, part.scratch + part.size);
            if (begin < stop) {
                const std::uint32_t at = part.source + (begin - part.scratch);
                add(std::string_view(parser.scratch_).substr(begin, stop - begin), at, at + (stop - begin), true);
            }
            if (part.scratch + part.size >= to) break;
        }
        if (piece == parser.pieces_.size() && piece > 0) --piece;
    }

    // The source offset of a byte of the scratch; `end` when it is none of the source's.
    std::uint32_t source_of(std::uint32_t at) const {
        for (const Piece& part : parser.pieces_)
            if (at >= part.scratch && at < part.scratch + part.size) return part.source + (at - part.scratch);
        return end;
    }

    // A line break of the source, shown as a blank or kept.
    void add_break(std::string_view shown) {
        const std::size_t at = source.substr(0, end).find('\n', cursor);
        const std::uint32_t to = at == std::string_view::npos ? cursor : static_cast<std::uint32_t>(at + 1);
        add(shown, cursor, to, false);
    }

    void text(MD_TEXTTYPE type, const char* data, std::size_t size) {
        const std::string& scratch = parser.scratch_;
        const bool is_inside = data >= scratch.data() && data < scratch.data() + scratch.size();
        const auto from = static_cast<std::uint32_t>(is_inside ? data - scratch.data() : 0);
        switch (type) {
            case MD_TEXT_BR: return add_break("\n");
            case MD_TEXT_SOFTBR: return add_break(" ");
            case MD_TEXT_ENTITY: {
                if (!is_inside) return;
                std::string shown;
                add_entity({data, size}, shown);
                const std::uint32_t at = source_of(from);
                return add(shown, at, std::min(end, at + static_cast<std::uint32_t>(size)), false);
            }
            default: break;
        }
        if (is_inside)
            add_scratch(from, from + static_cast<std::uint32_t>(size));
        else if (size > 0)  // the blank for a line break in code
            add_break(" ");
    }

    void enter(MD_SPANTYPE type, void* detail, int step) {
        switch (type) {
            case MD_SPAN_STRONG: strong += step; break;
            case MD_SPAN_EM: emphasis += step; break;
            case MD_SPAN_CODE: code += step; break;
            case MD_SPAN_DEL: strike += step; break;
            case MD_SPAN_A:
                enter_link(step > 0 ? value_of(static_cast<MD_SPAN_A_DETAIL*>(detail)->href) : std::string(), step);
                break;
            case MD_SPAN_IMG:
                image += step;
                enter_link(step > 0 ? value_of(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src) : std::string(), step);
                break;
            default: break;
        }
    }

    void enter_link(std::string target, int step) {
        if (step < 0) {
            if (!links.empty()) links.pop_back();
            return;
        }
        if (target.starts_with("www.")) target.insert(0, "http://");
        std::uint16_t index = kNoLink;
        if (may_be_opened(target) && out.links.size() < kNoLink) {
            index = static_cast<std::uint16_t>(out.links.size());
            out.links.push_back(std::move(target));
        }
        links.push_back(index);
    }
};

void InlineParser::parse(std::string_view source, std::uint32_t begin, std::uint32_t end, std::uint32_t quotes,
                         bool is_cell, Style style, InlineText& out) {
    scratch_.clear();
    pieces_.clear();
    const auto add_piece = [&](std::size_t from, std::size_t to) {
        if (from >= to) return;
        pieces_.push_back({static_cast<std::uint32_t>(scratch_.size()), static_cast<std::uint32_t>(from),
                           static_cast<std::uint32_t>(to - from)});
        for (std::size_t i = from; i < to; ++i) scratch_ += is_control(source[i]) ? ' ' : source[i];
    };
    for (std::size_t at = begin; at < end;) {
        const std::size_t found = source.substr(0, end).find('\n', at);
        const std::size_t stop = found == std::string_view::npos ? end : found;
        if (at != begin) scratch_ += '\n';
        while (at < stop && is_blank_char(source[at])) ++at;
        for (std::uint32_t i = 0; at != begin && i < quotes && at < stop && source[at] == '>'; ++i) {
            ++at;
            while (at < stop && is_blank_char(source[at])) ++at;
        }
        const std::size_t line_end = stop > at && source[stop - 1] == '\r' ? stop - 1 : stop;
        scratch_ += kGuard;
        if (is_cell) {  // "\|" is how a cell writes '|', in code too
            for (std::size_t bar = at; (bar = source.substr(0, line_end).find("\\|", bar)) != std::string_view::npos;) {
                add_piece(at, bar);
                at = ++bar;
            }
        }
        add_piece(at, line_end);
        at = stop + 1;
    }
    Sink sink{*this, source, end, style, out, begin};
    const MD_PARSER parser{
        0,
        kFlags,
        [](MD_BLOCKTYPE, void*, void*) { return 0; },
        [](MD_BLOCKTYPE, void*, void*) { return 0; },
        [](MD_SPANTYPE type, void* detail, void* sink_of) {
            static_cast<Sink*>(sink_of)->enter(type, detail, 1);
            return 0;
        },
        [](MD_SPANTYPE type, void* detail, void* sink_of) {
            static_cast<Sink*>(sink_of)->enter(type, detail, -1);
            return 0;
        },
        [](MD_TEXTTYPE type, const MD_CHAR* data, MD_SIZE size, void* sink_of) {
            static_cast<Sink*>(sink_of)->text(type, data, size);
            return 0;
        },
        nullptr,
        nullptr,
    };
    if (md_parse(scratch_.data(), static_cast<MD_SIZE>(scratch_.size()), &parser, &sink) != 0) {
        sink.strong = sink.emphasis = sink.code = sink.strike = sink.image = 0;  // no memory: the rest as it is
        sink.links.clear();
        sink.add_scratch(0, static_cast<std::uint32_t>(scratch_.size()));
    }
}

}  // namespace llmc::text
