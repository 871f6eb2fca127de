#include "base/utf8.h"

#include <initializer_list>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace llmc::base {
namespace {

// A decoder as the WHATWG Encoding Standard writes it (section "UTF-8 decoder"): bytes needed, bounds of the next byte.
// The slow and literal counterpart of the one that is tested.
std::u32string reference_decode(std::string_view bytes) {
    std::u32string out;
    char32_t code_point = 0;
    unsigned seen = 0, needed = 0, lower = 0x80, upper = 0xBF;
    for (std::size_t i = 0; i < bytes.size();) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if (needed == 0) {
            ++i;
            if (byte <= 0x7F) {
                out += byte;
            } else if (byte >= 0xC2 && byte <= 0xDF) {
                needed = 1;
                code_point = byte & 0x1F;
            } else if (byte >= 0xE0 && byte <= 0xEF) {
                if (byte == 0xE0) lower = 0xA0;
                if (byte == 0xED) upper = 0x9F;
                needed = 2;
                code_point = byte & 0xF;
            } else if (byte >= 0xF0 && byte <= 0xF4) {
                if (byte == 0xF0) lower = 0x90;
                if (byte == 0xF4) upper = 0x8F;
                needed = 3;
                code_point = byte & 0x7;
            } else {
                out += U'\uFFFD';
            }
            continue;
        }
        const bool is_in_bounds = byte >= lower && byte <= upper;
        lower = 0x80;
        upper = 0xBF;
        if (!is_in_bounds) {
            out += U'\uFFFD';
            code_point = seen = needed = 0;
            continue;  // the byte is looked at again
        }
        ++i;
        code_point = code_point << 6 | (byte & 0x3F);
        if (++seen == needed) {
            out += code_point;
            code_point = seen = needed = 0;
        }
    }
    if (needed != 0) out += U'\uFFFD';
    return out;
}

// Arithmetic instead of bits, to be another way than the tested one.
std::string reference_encode(const std::u32string& text) {
    std::string out;
    const auto put = [&out](char32_t value) { out += static_cast<char>(value); };
    for (const char32_t c : text) {
        if (c < 0x80) {
            put(c);
        } else if (c < 0x800) {
            put(192 + c / 64);
            put(128 + c % 64);
        } else if (c < 0x10000) {
            put(224 + c / 4096);
            put(128 + c / 64 % 64);
            put(128 + c % 64);
        } else {
            put(240 + c / 262144);
            put(128 + c / 4096 % 64);
            put(128 + c / 64 % 64);
            put(128 + c % 64);
        }
    }
    return out;
}

std::string repaired_in_parts(std::string_view bytes, const std::vector<std::size_t>& cuts) {
    Utf8Repair repair;
    std::string out;
    std::size_t from = 0;
    for (const std::size_t cut : cuts) {
        repair.feed(bytes.substr(from, cut - from), out);
        from = cut;
    }
    repair.feed(bytes.substr(from), out);
    repair.finish(out);
    return out;
}

// Everything that the header promises about `bytes`, against the reference. Gives back whether it holds.
bool agrees_with_reference(const std::string& bytes) {
    const std::string expected = reference_encode(reference_decode(bytes));
    const std::string repaired = to_valid_utf8(bytes);
    const bool is_valid = expected == bytes;
    if (repaired != expected || is_valid_utf8(bytes) != is_valid) return false;
    const std::size_t invalid = find_invalid_utf8(bytes);
    if (is_valid) return invalid == std::string::npos;
    // Before the place all is well, and one code point more is not.
    const std::string before = bytes.substr(0, invalid);
    return invalid < bytes.size() && reference_encode(reference_decode(before)) == before &&
           expected.compare(0, invalid, before) == 0 && expected.compare(invalid, 3, "\uFFFD") == 0;
}

std::string bytes_of(std::initializer_list<unsigned> values) {
    std::string bytes;
    for (const unsigned value : values) bytes.push_back(static_cast<char>(static_cast<unsigned char>(value)));
    return bytes;
}

const std::string kBad = "\uFFFD";

struct Case {
    std::string bytes;
    std::string repaired;
    std::size_t invalid;  // npos: none
};

std::vector<Case> well_known_cases() {
    using namespace std::string_literals;
    constexpr std::size_t npos = std::string::npos;
    return {
        {"", "", npos},
        {"plain ASCII, long enough for several steps of eight", "plain ASCII, long enough for several steps of eight",
         npos},
        {"\0"s, "\0"s, npos},
        {"é中😀", "é中😀", npos},
        {"\x7F\xC2\x80\xDF\xBF", "\x7F\xC2\x80\xDF\xBF", npos},                          // U+007F, U+0080, U+07FF
        {"\xE0\xA0\x80\xEF\xBF\xBF", "\xE0\xA0\x80\xEF\xBF\xBF", npos},                  // U+0800, U+FFFF
        {"\xED\x9F\xBF\xEE\x80\x80", "\xED\x9F\xBF\xEE\x80\x80", npos},                  // U+D7FF, U+E000
        {"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", npos},  // U+10000, U+10FFFF
        {"\xEF\xBB\xBFx", "\xEF\xBB\xBFx", npos},                                        // a byte order mark is kept
        // Lone continuation bytes and bytes that never occur.
        {"a\x80z", "a" + kBad + "z", 1},
        {"\x80\xBF", kBad + kBad, 0},
        {"\xC0\x80", kBad + kBad, 0},
        {"\xC1\xBF", kBad + kBad, 0},
        {"\xF5\x80\x80\x80", kBad + kBad + kBad + kBad, 0},
        {"\xFE\xFF", kBad + kBad, 0},
        // Overlong forms: the second byte is already wrong.
        {"\xE0\x80\x80", kBad + kBad + kBad, 0},
        {"\xE0\x9F\xBF", kBad + kBad + kBad, 0},
        {"\xF0\x8F\xBF\xBF", kBad + kBad + kBad + kBad, 0},
        {"\xF0\x80\x80\xAF", kBad + kBad + kBad + kBad, 0},
        // Surrogates, above U+10FFFF.
        {"\xED\xA0\x80", kBad + kBad + kBad, 0},
        {"\xED\xBF\xBF", kBad + kBad + kBad, 0},
        {"\xF4\x90\x80\x80", kBad + kBad + kBad + kBad, 0},
        // Cut off in the middle: one for the whole beginning.
        {"\xC3", kBad, 0},
        {"\xE4\xB8", kBad, 0},
        {"\xF0\x9F\x98", kBad, 0},
        {"ok\xF0\x9F\x98", "ok" + kBad, 2},
        {"\xE4\xB8"
         "x",
         kBad + "x", 0},
        {"\xF0\x9F"
         "xyz",
         kBad + "xyz", 0},
        {"\xE4\xB8\xE4\xB8\xAD", kBad + "中", 0},
        {"\xC3\xC3\xA9", kBad + "é", 0},
        {"\xF0\x9F\x98\xF0\x9F\x98\x80", kBad + "😀", 0},
        // Unicode 15, table 3-8 to 3-11.
        {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82"
         "A",
         kBad + kBad + kBad + kBad + kBad + kBad + kBad + kBad + "A", 0},
        {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF"
         "A",
         kBad + kBad + kBad + kBad + kBad + kBad + kBad + kBad + "A", 0},
        {"\xF4\x91\x92\x93\xFF"
         "A\x80\xBF"
         "B",
         kBad + kBad + kBad + kBad + kBad + "A" + kBad + kBad + "B", 0},
        {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF"
         "A",
         kBad + kBad + kBad + kBad + "A", 0},
        // Behind and around the fast path for eight ASCII bytes.
        {"12345678\xFF", "12345678" + kBad, 8},
        {"1234567\xFF"
         "9",
         "1234567" + kBad + "9", 7},
        {"123456789012345é\x80", "123456789012345é" + kBad, 17},
    };
}

TEST_CASE("well-known ill-formed sequences are found and replaced as the WHATWG standard says") {
    for (const Case& c : well_known_cases()) {
        CAPTURE(c.bytes);
        CHECK(to_valid_utf8(c.bytes) == c.repaired);
        CHECK(find_invalid_utf8(c.bytes) == c.invalid);
        CHECK(is_valid_utf8(c.bytes) == (c.invalid == std::string::npos));
        CHECK(agrees_with_reference(c.bytes));
    }
}

TEST_CASE("bytes cut at every position are repaired as the whole is") {
    for (const Case& c : well_known_cases()) {
        CAPTURE(c.bytes);
        for (std::size_t first = 0; first <= c.bytes.size(); ++first) {
            for (std::size_t second = first; second <= c.bytes.size(); ++second) {
                REQUIRE(repaired_in_parts(c.bytes, {first, second}) == c.repaired);
            }
        }
        std::vector<std::size_t> everywhere;
        for (std::size_t i = 0; i < c.bytes.size(); ++i) everywhere.push_back(i);
        CHECK(repaired_in_parts(c.bytes, everywhere) == c.repaired);
    }
}

TEST_CASE("what was fed is written out at once but for an unfinished sequence") {
    Utf8Repair repair;
    std::string out;
    repair.feed("abc\xF0\x9F\x98", out);
    CHECK(out == "abc");
    repair.feed("", out);
    CHECK(out == "abc");
    repair.feed(
        "\x80"
        "d",
        out);
    CHECK(out == "abc😀d");
    repair.finish(out);
    CHECK(out == "abc😀d");

    repair.feed("\xE4", out);
    repair.finish(out);
    repair.finish(out);
    CHECK(out == "abc😀d\uFFFD");
    repair.feed("e", out);
    CHECK(out == "abc😀d\uFFFDe");
}

TEST_CASE("all sequences of one to three bytes are treated as the reference does") {
    std::size_t wrong = 0;
    std::string bytes;
    for (unsigned a = 0; a < 256; ++a) {
        wrong += !agrees_with_reference(bytes_of({a}));
        for (unsigned b = 0; b < 256; ++b) {
            wrong += !agrees_with_reference(bytes_of({a, b}));
        }
    }
    // All third bytes at once, with full stops between them; behind an ASCII or a lone continuation
    // byte everything begins anew, so that all of two bytes, above, are enough.
    for (unsigned ab = 0xC000; ab < 1u << 16; ++ab) {
        bytes.clear();
        for (unsigned c = 0; c < 256; ++c) {
            for (const unsigned byte : {ab >> 8, ab & 0xFF, c}) bytes.push_back(static_cast<char>(byte));
            bytes.push_back('.');
        }
        wrong += to_valid_utf8(bytes) != reference_encode(reference_decode(bytes));
    }
    CHECK(wrong == 0);
}

TEST_CASE("all three and four bytes at the borders of their ranges are treated as the reference does, cut anywhere") {
    const unsigned char borders[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
                                     0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    std::size_t wrong = 0;
    std::string bytes;
    for (const auto a : borders)
        for (const auto b : borders)
            for (const auto c : borders) {
                bytes = bytes_of({a, b, c});
                wrong += !agrees_with_reference(bytes);
                bytes += '.';
                for (const auto d : borders) {
                    bytes.back() = static_cast<char>(d);
                    const std::string whole = to_valid_utf8(bytes);
                    wrong += whole != reference_encode(reference_decode(bytes));
                    wrong += repaired_in_parts(bytes, {1, 2, 3}) != whole;
                    wrong += repaired_in_parts(bytes, {2}) != whole;
                }
            }
    CHECK(wrong == 0);
}

TEST_CASE("random bytes in random parts are treated as the reference does") {
    std::mt19937 random(2);
    // Mostly what follows each other in real and broken UTF-8.
    const char* const pieces[] = {"a",    "some longer ASCII text",
                                  "\xC3", "\xA9",
                                  "\xE4", "\xB8",
                                  "\xAD", "\xF0",
                                  "\x9F", "\x98",
                                  "\x80", "\xED",
                                  "\xA0", "\xFF",
                                  "中文", "😀"};
    for (int round = 0; round < 5000; ++round) {
        std::string bytes;
        for (auto n = random() % 20; n > 0; --n) bytes += pieces[random() % std::size(pieces)];
        std::vector<std::size_t> cuts;
        for (std::size_t cut = random() % 5; cut < bytes.size(); cut += random() % 5) cuts.push_back(cut);
        REQUIRE(agrees_with_reference(bytes));
        REQUIRE(repaired_in_parts(bytes, cuts) == to_valid_utf8(bytes));
    }
}

TEST_CASE("every code point is written and read as the reference does") {
    std::size_t wrong = 0;
    for (char32_t c = 0; c <= 0x110010; ++c) {
        const bool is_scalar = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
        std::string out;
        append_code_point(out, c);
        const char32_t expected = is_scalar ? c : 0xFFFD;
        wrong += out != reference_encode({expected});
        std::size_t pos = 0;
        wrong += next_code_point(out, pos) != expected || pos != out.size();
    }
    CHECK(wrong == 0);
}

TEST_CASE("code points are read one after the other, and ill-formed bytes never past the end") {
    const std::string text = "aé中😀z";
    std::u32string read;
    for (std::size_t pos = 0; pos < text.size();) read += next_code_point(text, pos);
    CHECK(read == U"aé中😀z");

    for (const Case& c : well_known_cases()) {
        CAPTURE(c.bytes);
        std::u32string decoded;
        for (std::size_t pos = 0; pos < c.bytes.size();) {
            const std::size_t before = pos;
            decoded += next_code_point(c.bytes, pos);
            REQUIRE(pos > before);
            REQUIRE(pos <= c.bytes.size());
        }
        CHECK(decoded == reference_decode(c.bytes));
    }
}

TEST_CASE("code points are counted") {
    CHECK(count_code_points("") == 0);
    CHECK(count_code_points("abc") == 3);
    CHECK(count_code_points("aé中😀z") == 5);
}

TEST_CASE("a cut never goes through a code point and is as late as it can be") {
    const std::string text = "aé中😀z";  // 1 + 2 + 3 + 4 + 1 bytes
    const std::size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11, 11};
    for (std::size_t max = 0; max < std::size(expected); ++max) CHECK(utf8_cut(text, max) == expected[max]);
    CHECK(utf8_cut(text, std::string::npos) == text.size());
    CHECK(utf8_cut("", 0) == 0);
}

}  // namespace
}  // namespace llmc::base
