#include "plain_text.h"

#include <cstdint>

#include <fmt/format.h>

#include "base/utf8.h"

namespace llmc::report {
namespace {

// Embeddings, overrides and isolates.
bool reorders(char32_t c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool is_c1(char32_t c) {
    return c >= 0x80 && c < 0xA0;
}

void append_clean(std::string& out, char32_t c) {
    if (c == '\n' || c == '\t') {
        out += static_cast<char>(c);
    } else if (c < 0x20) {
        base::append_code_point(out, 0x2400 + c);  // the pictures of C0 stand in its order
    } else if (c == 0x7F) {
        base::append_code_point(out, 0x2421);  // its picture
    } else if (c == 0x2028 || c == 0x2029) {
        out += '\n';
    } else if (is_c1(c) || reorders(c)) {
        out += fmt::format("[U+{:04X}]", static_cast<std::uint32_t>(c));
    } else {
        base::append_code_point(out, c);
    }
}

}  // namespace

bool acts_on_terminals(char32_t c) {
    return c == 0x7F || is_c1(c) || reorders(c) || c == 0x061C || c == 0x200E || c == 0x200F;
}

std::string clean(std::string_view text) {
    std::string repaired;
    if (!base::is_valid_utf8(text)) {
        repaired = base::to_valid_utf8(text);
        text = repaired;
    }
    std::string out;
    out.reserve(text.size());
    for (std::size_t pos = 0; pos < text.size();) {
        const char byte = text[pos];
        if (byte == '\r') {
            out += '\n';
            pos += text.substr(pos, 2) == "\r\n" ? 2 : 1;
        } else if (byte >= 0x20 && byte < 0x7F) {
            out += byte;
            ++pos;
        } else {
            append_clean(out, base::next_code_point(text, pos));
        }
    }
    return out;
}

std::string one_line(std::string_view text) {
    std::string out;
    bool was_break = false;
    for (const char byte : clean(text)) {
        const bool is_break = byte == '\n' || byte == '\t';
        if (!is_break)
            out += byte;
        else if (!was_break)
            out += ' ';
        was_break = is_break;
    }
    out.erase(0, out.find_first_not_of(' '));
    out.resize(out.find_last_not_of(' ') + 1);
    return out;
}

}  // namespace llmc::report
