#include "gui/name_mask.h"

#include <doctest/doctest.h>

using namespace llmc::gui;

namespace {

std::string in_pieces(const NameMask& mask, std::string_view text, std::size_t size) {
    std::string out;
    MaskedText masked;
    for (std::size_t end = size; end < text.size(); end += size) masked.feed(mask, text.substr(0, end), false, out);
    masked.feed(mask, text, true, out);
    return out;
}

}  // namespace

TEST_CASE("names are blacked out where a word begins, with what hangs on them") {
    const NameMask mask({"qwen", "My tuned one", "phi", "é1x"});
    const struct {
        const char *text, *shown;
    } rows[] = {
        {"", ""},
        {"I am Qwen, made by others.", "I am ███, made by others."},
        {"QWEN2.5-7B-Instruct is here", "███ is here"},
        {"Qwen2.5.", "███."},
        {"**Qwen**", "**███**"},
        {"my tuned one's", "███'s"},
        {"delphi, philosophy", "delphi, ███"},
        {"xqwen", "xqwen"},
        {"It is é1x and q", "It is ███ and q"},
        {"Qwen Qwen", "███ ███"},
        {"a Qwe", "a ███"},
        {"a Qw", "a Qw"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(mask(row.text) == row.shown);
        for (const std::size_t size : {1, 2, 3, 5}) {
            CAPTURE(size);
            CHECK(in_pieces(mask, row.text, size) == row.shown);
        }
    }
}

TEST_CASE("what may become a name is held back until it is decided, and nothing else is") {
    const NameMask mask({"mistral"});
    MaskedText masked;
    std::string out;
    masked.feed(mask, "I am mist", false, out);
    CHECK(out == "I am ");
    masked.feed(mask, "I am misty", false, out);
    CHECK(out == "I am misty");
    masked.feed(mask, "I am misty mistral", false, out);
    CHECK(out == "I am misty ███");
    masked.feed(mask, "I am misty mistral-", false, out);
    masked.feed(mask, "I am misty mistral-7b", false, out);
    masked.feed(mask, "I am misty mistral-7b ok", false, out);
    CHECK(out == "I am misty ███ ok");
}

TEST_CASE("words too short to be a name stay, and a mask without names changes nothing") {
    CHECK(NameMask({"a", "7b"})("a 7b model") == "a 7b model");
    CHECK(NameMask()("Qwen") == "Qwen");
}

TEST_CASE("a model has the names of its family and its publisher, not those of every model") {
    using Names = std::vector<std::string>;
    CHECK(names_of_model("qwen2.5-7b-instruct-q4_k_m") == Names{"qwen2.5-7b-instruct-q4_k_m", "qwen2.5", "qwen"});
    CHECK(names_of_model("mistralai/Mistral-7B") ==
          Names{"mistralai/Mistral-7B", "mistralai", "mistral-7b", "mistral", "mistral"});
    CHECK(names_of_model("demo-fast") == Names{"demo-fast"});
    CHECK(names_of_model("m").empty());
}
