#include <fmt/format.h>

#include "importing.h"

using namespace llmc;
using namespace llmc::interop;
using namespace llmc::interop::testing;

TEST_CASE("YAML: anchors, merged mappings, texts over several lines and mixed line ends") {
    const Import import = imported(
        "prompts:\r\n  - |\n    line one\r\n    {{x}}\ntests:\n  - &base\n    vars: {x: &v yes}\n    assert: &all "
        "[{type: contains, value: *v}]\r\n"
        "  - <<: *base\n    vars: {x: \"1.10\"}\n");
    CHECK(prompt(import, 0)["prompt"].get<std::string>().find("line one") == 0);
    CHECK(prompt(import, 1)["prompt"].get<std::string>().find("1.10") != std::string::npos);
    CHECK(passes(import, {}, "yes", 1));
}

TEST_CASE("YAML: bad files are refused with file and line") {
    struct Bad {
        const char* text;
        const char* words;
    };
    const std::vector<Bad> bad = {
        {"x: 1\ny: 2\nx: 3\n", "file:3: the key \"x\" stands there twice"},
        {"x: 1\n\ty: 2\n", "file:2: "},
        {"x: !!python/object:os.system [rm]\n",
         "file:1: the tag tag:yaml.org,2002:python/object:os.system makes an object"},
        {"x: 1\ny: !secret z\n", "file:2: the tag !secret makes an object"},
        {"x: &a [*a]\n", "file:1: an alias stands within its own anchor"},
        {"x: [1, 2\n", "file:"},
        {"x: 1\n---\ny: 2\n", "file: holds several documents"},
        {"x: *nobody\n", "file:1: "},
        {"? [a, b]\n: c\n", "file:1: a key is no text"},
    };
    for (const Bad& one : bad) {
        CAPTURE(std::string(one.text));
        const std::string why = refusal(one.text);
        CHECK_MESSAGE(why.starts_with(one.words), why);
    }
}

TEST_CASE("YAML: aliases that multiply are refused before they fill memory") {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        bomb += fmt::format("a{}: &a{} [", i, i);
        for (int k = 0; k < 10; ++k) bomb += fmt::format("{}*a{}", k ? ", " : "", i - 1);
        bomb += "]\n";
    }
    CHECK(refusal(bomb).find("more than 100000 nodes with the aliases") != std::string::npos);
    std::string wide = "t: &t " + std::string(1 << 20, 'x') + "\nall: [";
    for (int i = 0; i < 100; ++i) wide += "*t, ";
    CHECK(refusal(wide + "]\n").find("more than 16 MiB with the aliases") != std::string::npos);
    CHECK(refusal("x: " + std::string(200, '[') + "\n").find("64 levels") != std::string::npos);
}
