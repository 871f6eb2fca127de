#include "openai/redact.h"

#include <doctest/doctest.h>

using namespace llmc::openai;

TEST_CASE("errors lose the key and every beginning of it of 8 or more characters") {
    const Redactor redact({"sk-lm-abcdef123456", "short", "", "sk-lm-abcXYZ99999"});
    struct Case {
        const char* text;
        const char* clean;
    };
    for (const Case& c : {Case{"key sk-lm-abcdef123456!", "key [key]!"},
                          Case{"Malformed LM Studio API token provided: sk-lm-abcd****",
                               "Malformed LM Studio API token provided: [key]****"},
                          Case{"sk-lm-ab", "[key]"}, Case{"sk-lm-a", "sk-lm-a"},
                          Case{"sk-lm-abcXYZ99999sk-lm-abcdef123456", "[key][key]"}, Case{"xsk-lm-abcdefx", "x[key]x"},
                          Case{"short shorter \"short\" ashort", "[key] shorter \"[key]\" ashort"},
                          Case{"nothing", "nothing"}, Case{"", ""}}) {
        CAPTURE(c.text);
        CHECK(redact(c.text) == c.clean);
    }
    CHECK(Redactor()("sk-lm-abcdef123456") == "sk-lm-abcdef123456");
    CHECK(Redactor().is_empty());
    CHECK(Redactor({"ключ-ключ-ключ"})("ключ-ключ-кл") == "[key]");
    CHECK(Redactor({"12345678é"})("12345678è") == "[key]");  // no half of a character is left
}

TEST_CASE("answers lose the whole key, however they are cut, and nothing else") {
    const std::string key = "abcabcabd";
    for (const char* text : {"abcabcabd", "x abcabcabd y", "abcabcabcabd", "abcabcabdabcabcabd", "abcabcab", "ab",
                             "abcabcabx abcabcabdd", "aaaaabcabcabda"}) {
        std::string expected = text;
        for (auto at = expected.find(key); at != std::string::npos; at = expected.find(key))
            expected.replace(at, key.size(), "[key]");
        for (std::size_t size = 1; size <= 12; ++size) {
            CAPTURE(text);
            CAPTURE(size);
            StreamRedactor redact(key);
            std::string out;
            for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(std::min(size, rest.size())))
                redact.feed(rest.substr(0, size), out);
            redact.finish(out);
            CHECK(out == expected);
        }
    }
}

TEST_CASE("a stream holds back no more than what could be a key") {
    StreamRedactor redact("secret-key");
    std::string out;
    redact.feed("a plain text", out);
    CHECK(out == "a plain text");
    redact.feed(" se", out);
    CHECK(out == "a plain text ");
    redact.feed("cond", out);
    CHECK(out == "a plain text second");
    CHECK(redact.is_active());
    CHECK_FALSE(StreamRedactor("short").is_active());
    CHECK_FALSE(StreamRedactor().is_active());
    StreamRedactor none("short");
    none.feed("short", out);
    CHECK(out.ends_with("secondshort"));
}
