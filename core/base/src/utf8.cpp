#include "base/utf8.h"

#include <cstdint>
#include <cstring>

namespace llmc::base {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

constexpr unsigned char byte_at(std::string_view text, std::size_t pos) {
    return static_cast<unsigned char>(text[pos]);
}

constexpr bool is_continuation(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

// What stands at the start of some bytes: a whole code point, the beginning of one, or an ill-formed part.
struct Sequence {
    enum Kind { valid, incomplete, invalid } kind;
    std::size_t size;  // of an ill-formed part: the maximal one, which becomes one U+FFFD
};

// Table 3-7: the first byte decides the length, and how far the second may go.
Sequence first_sequence(std::string_view bytes) {
    const unsigned char lead = byte_at(bytes, 0);
    if (lead < 0x80) return {Sequence::valid, 1};
    if (lead < 0xC2 || lead > 0xF4) return {Sequence::invalid, 1};
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    unsigned char low = 0x80, high = 0xBF;
    switch (lead) {
        case 0xE0: low = 0xA0; break;   // shorter forms exist
        case 0xED: high = 0x9F; break;  // surrogates
        case 0xF0: low = 0x90; break;   // shorter forms exist
        case 0xF4: high = 0x8F; break;  // above U+10FFFF
        default: break;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if (i == bytes.size()) return {Sequence::incomplete, i};
        const unsigned char byte = byte_at(bytes, i);
        if (byte < low || byte > high) return {Sequence::invalid, i};
        low = 0x80;
        high = 0xBF;
    }
    return {Sequence::valid, length};
}

std::size_t ascii_prefix(std::string_view bytes) {
    std::size_t pos = 0;
    for (; pos + 8 <= bytes.size(); pos += 8) {
        std::uint64_t eight;
        std::memcpy(&eight, bytes.data() + pos, 8);
        if (eight & 0x8080808080808080u) break;
    }
    while (pos < bytes.size() && byte_at(bytes, pos) < 0x80) ++pos;
    return pos;
}

// Size of the well-formed beginning; what follows it is the end, an incomplete or an ill-formed sequence.
std::size_t valid_prefix(std::string_view bytes) {
    std::size_t pos = 0;
    while (pos < bytes.size()) {
        if (byte_at(bytes, pos) < 0x80) {
            pos += ascii_prefix(bytes.substr(pos));
            continue;
        }
        const Sequence next = first_sequence(bytes.substr(pos));
        if (next.kind != Sequence::valid) break;
        pos += next.size;
    }
    return pos;
}

}  // namespace

bool is_valid_utf8(std::string_view bytes) {
    return valid_prefix(bytes) == bytes.size();
}

std::size_t find_invalid_utf8(std::string_view bytes) {
    const std::size_t pos = valid_prefix(bytes);
    return pos == bytes.size() ? std::string_view::npos : pos;
}

std::string to_valid_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    Utf8Repair repair;
    repair.feed(bytes, out);
    repair.finish(out);
    return out;
}

void Utf8Repair::feed(std::string_view bytes, std::string& out) {
    while (held_size_ > 0 && !bytes.empty()) {
        held_[held_size_] = bytes.front();
        const Sequence next = first_sequence({held_, held_size_ + 1});
        if (next.kind == Sequence::invalid) {  // the new byte does not belong to what is held; it is looked at again
            out += kReplacement;
            held_size_ = 0;
            break;
        }
        ++held_size_;
        bytes.remove_prefix(1);
        if (next.kind == Sequence::valid) {
            out.append(held_, held_size_);
            held_size_ = 0;
        }
    }
    while (!bytes.empty()) {
        const std::size_t good = valid_prefix(bytes);
        out += bytes.substr(0, good);
        bytes.remove_prefix(good);
        if (bytes.empty()) return;
        const Sequence next = first_sequence(bytes);
        if (next.kind == Sequence::incomplete) {
            std::memcpy(held_, bytes.data(), bytes.size());
            held_size_ = static_cast<unsigned>(bytes.size());
            return;
        }
        out += kReplacement;
        bytes.remove_prefix(next.size);
    }
}

void Utf8Repair::finish(std::string& out) {
    if (held_size_ > 0) out += kReplacement;
    held_size_ = 0;
}

std::size_t count_code_points(std::string_view utf8) {
    std::size_t count = 0;
    for (const char c : utf8) count += !is_continuation(static_cast<unsigned char>(c));
    return count;
}

std::size_t utf8_cut(std::string_view utf8, std::size_t max_bytes) {
    if (utf8.size() <= max_bytes) return utf8.size();
    while (max_bytes > 0 && is_continuation(byte_at(utf8, max_bytes))) --max_bytes;
    return max_bytes;
}

void append_code_point(std::string& out, char32_t code_point) {
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) code_point = 0xFFFD;
    const auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code_point < 0x80) return put(code_point);
    if (code_point < 0x800) {
        put(0xC0 | code_point >> 6);
    } else {
        if (code_point < 0x10000) {
            put(0xE0 | code_point >> 12);
        } else {
            put(0xF0 | code_point >> 18);
            put(0x80 | (code_point >> 12 & 0x3F));
        }
        put(0x80 | (code_point >> 6 & 0x3F));
    }
    put(0x80 | (code_point & 0x3F));
}

char32_t next_code_point(std::string_view utf8, std::size_t& pos) {
    const Sequence next = first_sequence(utf8.substr(pos));
    const unsigned char lead = byte_at(utf8, pos);
    const std::size_t start = pos;
    pos += next.size;
    if (next.kind != Sequence::valid) return 0xFFFD;
    if (next.size == 1) return lead;
    char32_t code_point = lead & (0x7Fu >> next.size);
    for (std::size_t i = 1; i < next.size; ++i) code_point = code_point << 6 | (byte_at(utf8, start + i) & 0x3Fu);
    return code_point;
}

}  // namespace llmc::base
