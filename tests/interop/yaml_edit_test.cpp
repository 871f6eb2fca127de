#include "interop/yaml_edit.h"

#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>

using llmc::base::OrderedJson;
using llmc::interop::edit_yaml;
using llmc::interop::YamlChange;

namespace {

std::string edited(const std::string& text, const std::vector<YamlChange>& changes) {
    const auto result = edit_yaml(text, changes);
    REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
    const auto again = edit_yaml(*result, changes);
    REQUIRE(again.ok());
    CHECK_MESSAGE(*again == *result, "the same changes once more change nothing");
    return *result;
}

std::string refusal(const std::string& text, const std::vector<YamlChange>& changes) {
    const auto result = edit_yaml(text, changes);
    return result.ok() ? "not refused: " + *result : result.error().message;
}

const OrderedJson kProvider = {{"type", "local"}, {"skip", false}, {"parameters", {{"temperature", 0.2}}}};

}  // namespace

TEST_CASE("a value is replaced and all around it stays as it is") {
    const std::string text = "# head \n a:   1   # one\n \n b :  'x: # y'\t# two\n c: old\n";
    CHECK(edited(text, {{{"b"}, "new"}}) == "# head \n a:   1   # one\n \n b :  \"new\"\t# two\n c: old\n");
    CHECK(edited(text, {{{"c"}, "new"}}) == "# head \n a:   1   # one\n \n b :  'x: # y'\t# two\n c: \"new\"\n");
    CHECK(edited(text, {{{"c"}, "old"}}) == text);
    CHECK(edited("a:\nb: 1\n", {{{"a"}, "x"}}) == "a: \"x\"\nb: 1\n");
    CHECK(edited("a: # none\nb: 1\n", {{{"a"}, 2}}) == "a: 2 # none\nb: 1\n");
    CHECK(edited("a: ~\n", {{{"a"}, true}}) == "a: true\n");
    CHECK(edited("a: [1, \"]\"] # list\n", {{{"a"}, OrderedJson{"x", "y"}}}) == "a: [\"x\", \"y\"] # list\n");
}

TEST_CASE("a text that YAML would read as something else is not taken for it") {
    CHECK(edited("a: yes\n", {{{"a"}, "yes"}}) == "a: \"yes\"\n");
    CHECK(edited("a: \"0.5\"\n", {{{"a"}, 0.5}}) == "a: 0.5\n");
    CHECK(edited("a: 0.50\n", {{{"a"}, 0.5}}) == "a: 0.50\n");
    const std::string signs = "a\"b\\c\n\t\x1b\u2028\ufeff\uffff\u202eé😀";
    const std::string text = edited("a: 1\n", {{{"a"}, signs}});
    CHECK(YAML::Load(text)["a"].as<std::string>() == signs);
    CHECK(text == "a: \"a\\\"b\\\\c\\u000a\\u0009\\u001b\\u2028\\ufeff\\uffff\\u202eé😀\"\n");
}

TEST_CASE("an entry comes behind the last line of its mapping, before the comments of what follows") {
    CHECK(edited("p:\n  a:\n    x: 1 # one\n\n  # more\n# next\nq: 1\n", {{{"p", "cast_b"}, kProvider}}) ==
          "p:\n  a:\n    x: 1 # one\n  cast_b:\n    type: \"local\"\n    skip: false\n    parameters:\n"
          "      temperature: 0.2\n\n  # more\n# next\nq: 1\n");
    CHECK(edited("p:\n    a: |\n      text\n      # text\n\nq: 1\n", {{{"p", "b"}, 1}}) ==
          "p:\n    a: |\n      text\n      # text\n    b: 1\n\nq: 1\n");
    CHECK(edited("p: # none yet\n  # a: 1\nq: 1\n", {{{"p", "b"}, 1}}) == "p: # none yet\n  b: 1\n  # a: 1\nq: 1\n");
    CHECK(edited("a: 1", {{{"p", "b"}, 1}}) == "a: 1\np:\n  b: 1");
    CHECK(edited("# only words\n", {{{"p", "b"}, 1}}) == "# only words\np:\n  b: 1\n");
    CHECK(edited("", {{{"p", "b"}, 1}}) == "p:\n  b: 1\n");
    CHECK(edited("---\na: 1\n", {{{"b"}, 1}}) == "---\na: 1\nb: 1\n");
}

TEST_CASE("line ends, a missing last one and a byte order mark stay") {
    CHECK(edited("\ufeffp:\r\n  a: 1", {{{"p", "b"}, 2}}) == "\ufeffp:\r\n  a: 1\r\n  b: 2");
    CHECK(edited("p:\r\n  a: 1 # x\r\nq: 1\n", {{{"p", "a"}, 2}}) == "p:\r\n  a: 2 # x\r\nq: 1\n");
    CHECK(edited("p:\n  a: 1", {{{"p", "a"}, 2}}) == "p:\n  a: 2");
}

TEST_CASE("an entry goes away and the comments of others stay") {
    CHECK(
        edited("p:\n  # mine\n  # llm-compare: ours\n  a:\n    x: 1 # one\n    # two\n    y: \"#\"\n  # b's\n  b: 1\n",
               {{{"p", "a"}, {}}}) == "p:\n  # mine\n    # one\n    # two\n  # b's\n  b: 1\n");
    CHECK(edited("p:\n  a: 1\nq: 2\n", {{{"p", "a"}, {}}}) == "p:\nq: 2\n");
    CHECK(refusal("p:\n  a: |\n    # x\n  b: 1\n", {{{"p", "a"}, {}}}).starts_with("line 2: \"a\" has a text over"));
}

TEST_CASE("only our own comments are replaced") {
    const std::vector<YamlChange> changes = {{{"p", "a"}, "x", std::vector<std::string>{"one", "two\nthree"}}};
    CHECK(edited("p:\n  # theirs\n  # llm-compare: old\n  a: 1\n", changes) ==
          "p:\n  # theirs\n  # llm-compare: one\n  # llm-compare: two three\n  a: \"x\"\n");
    CHECK(edited("p:\n  b: 1\n", changes) ==
          "p:\n  b: 1\n  # llm-compare: one\n  # llm-compare: two three\n  a: \"x\"\n");
    const std::string moved = "p:\n  # llm-compare: one\n  # llm-compare: two three\n  # theirs\n  a: \"x\"\n";
    CHECK(edited(moved, changes) == moved);
}

TEST_CASE("what cannot be edited safely is refused with the reason") {
    const std::vector<YamlChange> change = {{{"p", "a"}, "x"}};
    CHECK(refusal("p: {a: 1}\n", change).find("line 1: \"p\" has an anchor") == 0);
    CHECK(refusal("p: &x\n  a: 1\n", change).find("line 1: \"p\" has an anchor") == 0);
    CHECK(refusal("q: &x\n  a: 1\np: *x\n", change).find("line 3: \"p\" has an anchor") == 0);
    CHECK(refusal("q: &x\n  a: 1\np:\n  <<: *x\n  a: 1\n", change).find("line 4: a merged mapping") == 0);
    CHECK(refusal("p: !t\n  a: 1\n", change).find("line 1: \"p\" has an anchor") == 0);
    CHECK(refusal("p:\n  a: &x 1\nb: *x\n", change).find("line 2: the value of \"a\" has an anchor") == 0);
    CHECK(refusal("p:\n  a: 1\n  a: 2\n", change) == "line 3: the key \"a\" stands twice");
    CHECK(refusal("p:\n  a: 1\np:\n  b: 2\n", change) == "line 3: the key \"p\" stands twice");
    CHECK(refusal("p:\n\ta: 1\n", change).find("line 2: ") == 0);
    CHECK(refusal("p:\n  a: 1\n---\nb: 1\n", change).find("several documents") != std::string::npos);
    CHECK(refusal("p:\n  a: 1\n...\n", change) == "line 3: a mark of several documents");
    CHECK(refusal("%YAML 1.1\n---\np:\n  a: 1\n", change) == "line 1: a directive");
    CHECK(refusal("p:\n  a: one\n    more\n", change).find("line 2: the value of \"a\" is written over") == 0);
    CHECK(refusal("p:\n  a: |\n    more\n", change).find("line 2: the value of \"a\" is written over") == 0);
    CHECK(refusal("- p\n", change) == "what stands in it is no mapping of keys to values");
    CHECK(refusal("p: 1\n", change) == "\"p\" is no mapping of keys to values");
    CHECK(refusal("p:\n  a: 1\rb: 2\n", change) == "line 2: a carriage return without a line feed");
    CHECK(refusal("p:\n  a: 1 # \x04\n", change) == "line 2: a control character");
    CHECK(refusal("p:\n  a: \xff\n", change) == "line 2: not UTF-8");
    CHECK(refusal(",", change) == "several documents in one file");
    CHECK(refusal("? p\n: a: 1\n", change).find("line 1: ") == 0);
    CHECK(refusal("q: \"open\n", change).find("a change here would change what other places mean") !=
          std::string::npos);
    CHECK(refusal(std::string((1 << 20) + 1, '#'), change) == "longer than 1 MiB");
}

TEST_CASE("an alias that stands for very much is refused, not followed") {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 9; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int k = 1; k < 10; ++k) text += ", " + before;
        text += "]\n";
    }
    CHECK(refusal(text, {{{"p"}, 1}}) == "more than 100000 nodes, or nested deeper than 100");
    CHECK(refusal("a: " + std::string(5000, '[') + "\n", {{{"p"}, 1}}).size() > 0);
}

TEST_CASE("anchors and braces elsewhere are no reason to refuse") {
    CHECK(edited("x: &x {a: 1}\ny: *x\np:\n  a: 1\n", {{{"p", "a"}, 2}}) == "x: &x {a: 1}\ny: *x\np:\n  a: 2\n");
}

TEST_CASE("the line of a refusal is one of the file, whatever was to be changed before it") {
    const std::string text = "p:\n  a: 1\nb: {r: a}\nc:\n  r:\n    a\n";
    CHECK(refusal(text, {{{"p", "x"}, kProvider}, {{"b", "r"}, "x"}}).starts_with("line 3: \"b\" has an anchor"));
    CHECK(refusal(text, {{{"p", "x"}, kProvider}, {{"c", "r"}, "x"}}).starts_with("line 5: the value of \"r\""));
    CHECK(refusal("a: 1\n", {{{"p", "x"}, 1}, {{"p", "x", "y"}, 2}, {{"a"}, 3}}).find("line ") == std::string::npos);
}
