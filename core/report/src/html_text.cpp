#include "html_text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <md4c.h>

#include "plain_text.h"
#include "text/entities.h"
#include "text/highlight.h"

namespace llmc::report {
namespace {

// As the window reads it (text/inline_parser.h), but for addresses in running text, which stand there as they are.
constexpr unsigned kMarkdownFlags =
    MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS | MD_FLAG_STRIKETHROUGH | MD_FLAG_TABLES | MD_FLAG_TASKLISTS;
constexpr std::size_t kMostAddress = 300;                // bytes of one that is shown
constexpr std::size_t kMostGrowth = 50;                  // times the text
constexpr std::size_t kMostText = std::size_t{4} << 20;  // bytes; more stands as it is
constexpr int kMostDepth = 40;                           // of lists and quotes; what is deeper stands at that depth

constexpr std::array<std::string_view, 7> kInkClasses{"", "i-c", "i-s", "i-n", "i-k", "i-a", "i-r"};

std::string text_of(const MD_ATTRIBUTE& attribute) {
    std::string text;
    for (unsigned i = 0; attribute.substr_offsets && attribute.substr_offsets[i] < attribute.size; ++i) {
        const std::string_view part(attribute.text + attribute.substr_offsets[i],
                                    attribute.substr_offsets[i + 1] - attribute.substr_offsets[i]);
        if (attribute.substr_types[i] == MD_TEXT_ENTITY)
            text::add_entity(part, text);
        else
            text += part;
    }
    return text;
}

class MarkdownWriter {
public:
    explicit MarkdownWriter(std::size_t size) : most_(kMostGrowth * (size + 1024)), address_room_(2 * size + 4096) {}

    // A table of very many columns has that many cells in each of its rows, however short.
    bool is_full() const { return out_.size() > most_; }

    std::string take() { return std::move(out_); }

    void enter(MD_BLOCKTYPE type, void* detail) {
        switch (type) {
            case MD_BLOCK_QUOTE: open("<blockquote>"); break;
            case MD_BLOCK_UL: open("<ul>"); break;
            case MD_BLOCK_OL:
                open(fmt::format("<ol start=\"{}\">", static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start));
                break;
            case MD_BLOCK_LI: {
                const auto& item = *static_cast<MD_BLOCK_LI_DETAIL*>(detail);
                out_ += "<li>";
                if (item.is_task) out_ += item.task_mark == ' ' ? "☐ " : "☑ ";
                break;
            }
            case MD_BLOCK_HR: out_ += "<hr>\n"; break;
            case MD_BLOCK_H: out_ += is_first_level(detail) ? "<h5>" : "<h6>"; break;
            case MD_BLOCK_CODE:
                language_ = text_of(static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang);
                code_.clear();
                is_in_code_ = true;
                break;
            case MD_BLOCK_P: out_ += "<p>"; break;
            case MD_BLOCK_TABLE: out_ += "<div class=\"scroll\"><table>\n"; break;
            case MD_BLOCK_TR: out_ += "<tr>"; break;
            case MD_BLOCK_TH:
            case MD_BLOCK_TD: {
                constexpr std::array<std::string_view, 4> kAligns{"left", "left", "center", "right"};
                const auto align = static_cast<std::size_t>(static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align);
                out_ += fmt::format("<{} style=\"text-align: {}\">", type == MD_BLOCK_TH ? "th" : "td",
                                    kAligns[std::min(align, kAligns.size() - 1)]);
                break;
            }
            default: break;
        }
    }

    void leave(MD_BLOCKTYPE type, void* detail) {
        switch (type) {
            case MD_BLOCK_QUOTE: close("</blockquote>\n"); break;
            case MD_BLOCK_UL: close("</ul>\n"); break;
            case MD_BLOCK_OL: close("</ol>\n"); break;
            case MD_BLOCK_LI: out_ += "</li>\n"; break;
            case MD_BLOCK_H: out_ += is_first_level(detail) ? "</h5>\n" : "</h6>\n"; break;
            case MD_BLOCK_CODE: write_code(); break;
            case MD_BLOCK_P: out_ += "</p>\n"; break;
            case MD_BLOCK_TABLE: out_ += "</table></div>\n"; break;
            case MD_BLOCK_TR: out_ += "</tr>\n"; break;
            case MD_BLOCK_TH: out_ += "</th>"; break;
            case MD_BLOCK_TD: out_ += "</td>"; break;
            default: break;
        }
    }

    void enter(MD_SPANTYPE type, void*) {
        switch (type) {
            case MD_SPAN_EM: out_ += "<em>"; break;
            case MD_SPAN_STRONG: out_ += "<strong>"; break;
            case MD_SPAN_CODE: out_ += "<code>"; break;
            case MD_SPAN_DEL: out_ += "<del>"; break;
            case MD_SPAN_IMG: out_ += "[image: "; break;
            case MD_SPAN_A: link_begin_ = out_.size(); break;
            default: break;
        }
    }

    void leave(MD_SPANTYPE type, void* detail) {
        switch (type) {
            case MD_SPAN_EM: out_ += "</em>"; break;
            case MD_SPAN_STRONG: out_ += "</strong>"; break;
            case MD_SPAN_CODE: out_ += "</code>"; break;
            case MD_SPAN_DEL: out_ += "</del>"; break;
            case MD_SPAN_IMG:
                out_ += ']';
                write_address(text_of(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src), out_.size());
                break;
            case MD_SPAN_A: write_address(text_of(static_cast<MD_SPAN_A_DETAIL*>(detail)->href), link_begin_); break;
            default: break;
        }
    }

    void text(MD_TEXTTYPE type, std::string_view said) {
        std::string& to = is_in_code_ ? code_ : out_;
        switch (type) {
            case MD_TEXT_NULLCHAR: to += "\xEF\xBF\xBD"; break;
            case MD_TEXT_BR: to += "<br>\n"; break;
            case MD_TEXT_SOFTBR: to += '\n'; break;
            case MD_TEXT_ENTITY: {
                std::string sign;
                text::add_entity(said, sign);
                to += escaped(sign);
                break;
            }
            default: to += is_in_code_ ? std::string(said) : escaped(said); break;
        }
    }

private:
    void open(std::string_view tag) {
        if (++depth_ <= kMostDepth) out_ += tag;
    }
    void close(std::string_view tag) {
        if (depth_-- <= kMostDepth) out_ += tag;
    }

    // Below the report's own headings.
    static bool is_first_level(void* detail) { return static_cast<MD_BLOCK_H_DETAIL*>(detail)->level == 1; }

    // Behind what stands since `begin`, unless that is the address itself.
    void write_address(const std::string& address, std::size_t begin) {
        std::string shown = escaped(address.substr(0, kMostAddress));
        if (address.size() > kMostAddress) shown += "…";
        if (std::string_view(out_).substr(begin) == shown || shown.empty() || shown.size() > address_room_) return;
        address_room_ -= shown.size();
        out_ += fmt::format(" <span class=\"address\">({})</span>", shown);
    }

    void write_code() {
        is_in_code_ = false;
        out_ += "<pre class=\"code\">";
        const text::CodeLanguage* language = text::code_language(language_);
        if (!language) {
            out_ += escaped(code_);
        } else {
            text::CodeState state;
            std::vector<text::InkRange> inks;
            for (std::size_t at = 0; at < code_.size();) {
                const std::size_t end = std::min(code_.find('\n', at), code_.size());
                inks.clear();
                const std::string_view line = std::string_view(code_).substr(at, end - at);
                state = text::ink_line(*language, line, state, inks);
                write_line(line, inks);
                if (end < code_.size()) out_ += '\n';
                at = end + 1;
            }
        }
        out_ += "</pre>\n";
    }

    void write_line(std::string_view line, const std::vector<text::InkRange>& inks) {
        std::size_t done = 0;
        for (const text::InkRange& range : inks) {
            out_ += escaped(line.substr(done, range.begin - done));
            out_ += fmt::format("<span class=\"{}\">{}</span>", kInkClasses[static_cast<std::size_t>(range.ink)],
                                escaped(line.substr(range.begin, range.end - range.begin)));
            done = range.end;
        }
        out_ += escaped(line.substr(done));
    }

    std::string out_, code_, language_;
    bool is_in_code_ = false;
    int depth_ = 0;
    std::size_t link_begin_ = 0;
    const std::size_t most_;    // bytes
    std::size_t address_room_;  // bytes: one address may be named by very many links
};

template <class Type, void (MarkdownWriter::*Member)(Type, void*)>
int pass(Type type, void* detail, void* writer) {
    (static_cast<MarkdownWriter*>(writer)->*Member)(type, detail);
    return static_cast<MarkdownWriter*>(writer)->is_full() ? 1 : 0;
}

int pass_text(MD_TEXTTYPE type, const MD_CHAR* said, MD_SIZE size, void* writer) {
    static_cast<MarkdownWriter*>(writer)->text(type, {said, size});
    return static_cast<MarkdownWriter*>(writer)->is_full() ? 1 : 0;
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : clean(text)) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

std::optional<std::string> rendered(std::string_view markdown) {
    const std::string text = clean(markdown);
    MarkdownWriter writer(text.size());
    MD_PARSER parser{};
    parser.flags = kMarkdownFlags;
    parser.enter_block = pass<MD_BLOCKTYPE, &MarkdownWriter::enter>;
    parser.leave_block = pass<MD_BLOCKTYPE, &MarkdownWriter::leave>;
    parser.enter_span = pass<MD_SPANTYPE, &MarkdownWriter::enter>;
    parser.leave_span = pass<MD_SPANTYPE, &MarkdownWriter::leave>;
    parser.text = pass_text;
    if (text.size() > kMostText || md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, &writer) != 0)
        return std::nullopt;
    return writer.take();
}

}  // namespace llmc::report
