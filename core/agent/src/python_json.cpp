#include "agent/python_json.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"

namespace llmc::agent {
namespace {

using base::Json;

void write_text(std::string_view text, std::string& out) {
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        const char32_t c = base::next_code_point(text, at);
        const auto unit = [&](char32_t value) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(value));
        };
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            default:
                if (c >= 0x20 && c < 0x7F) {
                    out += static_cast<char>(c);
                } else if (c < 0x10000) {
                    unit(c);
                } else {
                    unit(0xD800 + ((c - 0x10000) >> 10));
                    unit(0xDC00 + ((c - 0x10000) & 0x3FF));
                }
        }
    }
    out += '"';
}

// The shortest digits that give the number back, as repr() places them: with an exponent below 1e-4 and from 1e16 on.
void write_float(double value, std::string& out) {
    std::array<char, 32> buffer;
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
    const std::string_view scientific(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    const auto e = scientific.find('e');
    std::string digits;
    for (const char c : scientific.substr(0, e))
        if (c >= '0' && c <= '9') digits += c;
    int exponent = 0;
    const char* from = scientific.data() + e + (scientific[e + 1] == '+' ? 2 : 1);
    std::from_chars(from, end, exponent);
    if (scientific.front() == '-') out += '-';
    if (exponent < -4 || exponent >= 16) {
        out += digits.front();
        if (digits.size() > 1) out.append(".").append(digits, 1);
        fmt::format_to(std::back_inserter(out), "e{}{:02}", exponent < 0 ? '-' : '+', std::abs(exponent));
    } else if (exponent < 0) {
        out.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0') += digits;
    } else {
        const auto whole = static_cast<std::size_t>(exponent) + 1;
        if (digits.size() <= whole) digits.append(whole - digits.size(), '0') += '0';
        out.append(digits, 0, whole).append(".").append(digits, whole);
    }
}

// As deep as parse_json() lets a value be.
void write(const Json& value, std::string& out) {
    std::string_view between;
    if (value.is_object()) {
        out += '{';
        for (const auto& [key, member] : value.items()) {
            out += std::exchange(between, ", ");
            write_text(key, out);
            out += ": ";
            write(member, out);
        }
        out += '}';
    } else if (value.is_array()) {
        out += '[';
        for (const Json& element : value) {
            out += std::exchange(between, ", ");
            write(element, out);
        }
        out += ']';
    } else if (value.is_string()) {
        write_text(value.get_ref<const std::string&>(), out);
    } else if (value.is_number_float()) {
        write_float(value.get<double>(), out);
    } else {
        out += value.dump();
    }
}

}  // namespace

std::string python_json(const Json& value) {
    std::string text;
    write(value, text);
    return text;
}

}  // namespace llmc::agent
