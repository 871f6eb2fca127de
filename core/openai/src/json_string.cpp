#include "json_string.h"

#include "ascii.h"
#include "base/ascii.h"
#include "base/utf8.h"

namespace llmc::openai {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool is_high(unsigned unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low(unsigned unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

// Four hexadecimal digits at the start of `text`; false where there are none.
bool read_hex4(std::string_view text, unsigned& unit) {
    if (text.size() < 4) return false;
    unit = 0;
    for (const char c : text.substr(0, 4)) {
        unit <<= 4;
        const int value = base::hex_value(c);
        if (value < 0) return false;
        unit |= static_cast<unsigned>(value);
    }
    return true;
}

// The sign for the escape \c; 0 where there is none.
char simple_escape(char c) {
    switch (c) {
        case 'n': return '\n';
        case 't': return '\t';
        case 'r': return '\r';
        case 'b': return '\b';
        case 'f': return '\f';
        case '"':
        case '\\':
        case '/': return c;
        default: return 0;
    }
}

void flush(char16_t& half, std::string& out) {
    if (half) base::append_code_point(out, kReplacement);
    half = 0;
}

void append_unit(unsigned unit, char16_t& half, std::string& out) {
    if (is_low(unit) && half) {
        base::append_code_point(out, 0x10000 + ((half - 0xD800U) << 10) + (unit - 0xDC00U));
        half = 0;
        return;
    }
    flush(half, out);
    if (is_high(unit))
        half = static_cast<char16_t>(unit);
    else
        base::append_code_point(out, is_low(unit) ? kReplacement : static_cast<char32_t>(unit));
}

}  // namespace

void append_text(const JsonString& string, char16_t& half, std::string& out) {
    std::string_view rest = string.raw;
    while (!rest.empty()) {
        const auto plain = string.has_escapes ? rest.find('\\') : std::string_view::npos;
        if (plain != 0) {
            flush(half, out);
            out += rest.substr(0, plain);
            if (plain == std::string_view::npos) return;
            rest.remove_prefix(plain);
            continue;
        }
        unsigned unit = 0;
        if (rest.size() >= 6 && rest[1] == 'u' && read_hex4(rest.substr(2), unit)) {
            append_unit(unit, half, out);
            rest.remove_prefix(6);
            continue;
        }
        flush(half, out);
        const char sign = rest.size() > 1 ? simple_escape(rest[1]) : '\0';
        out += sign ? sign : rest.front();
        rest.remove_prefix(sign ? 2 : 1);
    }
}

std::string to_text(const JsonString& string) {
    std::string text;
    char16_t half = 0;
    append_text(string, half, text);
    flush(half, text);
    return text;
}

bool is_balanced_json(std::string_view text) {
    text = trim(text);
    if (text.empty() || (text.front() != '{' && text.front() != '[')) return false;
    if (text.back() != '}' && text.back() != ']') return false;
    std::size_t depth = 0;
    bool is_in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_in_string) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                is_in_string = false;
        } else if (c == '"') {
            is_in_string = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (--depth == 0) return i + 1 == text.size();
        }
    }
    return false;
}

}  // namespace llmc::openai
