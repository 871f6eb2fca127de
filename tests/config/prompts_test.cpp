#include "config/prompts.h"

#include <doctest/doctest.h>

#include "base/file.h"
#include "config_fixture.h"

namespace llmc::config {

using Prompts = std::vector<std::string>;

TEST_CASE("prompt files are split by the rules of their kind") {
    struct Case {
        std::string_view extension, bytes;
        Prompts prompts;
    };
    const Case cases[] = {
        {".txt", "one\n\n  two  \r\nthree", {"one", "two", "three"}},
        {".TXT", "\xEF\xBB\xBFone", {"one"}},
        {".txt", "---\n", {"---"}},
        {".md", "# A\n\ntext\n---\n\nB\n", {"# A\n\ntext", "B"}},
        {".md", "a\r\nb\r\n-----  \r\nc", {"a\nb", "c"}},
        {".md", "---\na\n---\n---\n\n---\nb\n---", {"a", "b"}},
        {".md", "a\n--\n--- x\n- - -\nb", {"a\n--\n--- x\n- - -\nb"}},
        {".txt", "one\rtwo\r\rthree", {"one", "two", "three"}},
        {".txt", "one\n\xC2\xA0\n\u3000\n\u200B\n\uFEFF\n\u2060 \u200E\n\u3000two\u2003\n", {"one", "two"}},
        {".txt",
         "a\u2028b\xC2\x85"
         "c\n",
         {"a\u2028b\xC2\x85"
          "c"}},
        {".md", "first\r---\rsecond\r", {"first", "second"}},
        {".md", "a\n---\n\u200B\n---\nb", {"a", "b"}},
        {".md", "\n \n    code first\n  x  \n\n---\n\tsecond\n\u200B\n", {"    code first\n  x", "\tsecond"}},
        // Fences.
        {".md",
         "Explain:\n```yaml\na: 1\n---\nb: 2\n```\n---\nsecond\n",
         {"Explain:\n```yaml\na: 1\n---\nb: 2\n```", "second"}},
        {".md", "~~~\n```\n---\n~~~\n---\nb", {"~~~\n```\n---\n~~~", "b"}},
        {".md", "````\n```\n---\n```\n````\n---\nb", {"````\n```\n---\n```\n````", "b"}},
        {".md", "- a\n  ```\n---\n  ```\n---\nb", {"- a\n  ```\n---\n  ```", "b"}},
        {".md", "```\nnever closed\n---\nb", {"```\nnever closed", "b"}},
        {".md", "``` code ``` in a line\n---\nb\n```\nx\n```", {"``` code ``` in a line", "b\n```\nx\n```"}},
        {".md", "```\n---\n``` no end\n```\n---\nb", {"```\n---\n``` no end\n```", "b"}},
        // Front matter.
        {".md", "---\ntitle: My prompts\n---\nfirst\n---\nsecond\n", {"first", "second"}},
        {".md", "\xEF\xBB\xBF---\r\ntitle: x\r\ntags:\r\n- a\r\n  b\r\n# c\r\n\r\n...\r\nfirst\r\n", {"first"}},
        {".md", "---\nfirst\n---\nsecond\n", {"first", "second"}},
        {".md", "---\nAnswer this: why?\n---\nsecond\n", {"Answer this: why?", "second"}},
        {".md", "---\ntitle: never closed\nfirst", {"title: never closed\nfirst"}},
        {".md", "a\n---\nb: c\n---\nd", {"a", "b: c", "d"}},
        {".jsonl", "{\"prompt\": \"a\"}\r\u00A0\r{\"prompt\": \"b\"}\r", {"a", "b"}},
        {".jsonl", "{\"prompt\": \"one\\ntwo\"}\n\n  {\"prompt\": \" x \", \"id\": 7}\r\n", {"one\ntwo", " x "}},
        {".jsonl", "{\"prompt\": \"\\ud83d\"}", {"\xEF\xBF\xBD"}},
    };
    for (const Case& one : cases) {
        CAPTURE(one.bytes);
        const auto prompts = parse_prompts(one.bytes, one.extension, "p");
        REQUIRE_MESSAGE(prompts, prompts.error().message);
        CHECK(*prompts == one.prompts);
    }
}

TEST_CASE("a bad prompt file is refused, and the message says where") {
    struct Case {
        std::string_view extension, bytes, words;
    };
    const Case cases[] = {
        {".txt", "", "no prompt in this file"},
        {".txt", " \n\t\n", "no prompt in this file"},
        {".md", "---\n\n---\n", "no prompt in this file"},
        {".jsonl", "\n", "no prompt in this file"},
        {".txt", "ok\ncaf\xE9", "p:2: byte 7"},
        {".jsonl", "{\"prompt\": \"a\"}\n{\"prompt\": }", "p:2: "},
        {".jsonl", "{\"prompt\": \"a\"}\n\n[]", "p:3: there is no text \"prompt\""},
        {".jsonl", "{\"prompt\": 5}", "p:1: there is no text \"prompt\""},
        {".jsonl", "{\"prompt\": \" \"}", "p:1: the prompt is empty"},
        {".jsonl", "{\"prompt\": \"\u200B\"}", "p:1: the prompt is empty"},
        {".txt", "\uFEFF", "no prompt in this file"},
        {".txt", {"\xFF\xFEo\0n\0e\0", 8}, "UTF-16"},
        {".txt", {"o\0n\0e\0\r\0\n\0", 10}, "UTF-16"},
        {".txt", {"\0o\0n\0e\0\n", 8}, "UTF-16"},
        {".txt", {"o\0\0\0n\0\0\0", 8}, "UTF-32"},
        {".txt", {"\xFF\xFE\0\0o\0\0\0", 8}, "UTF-32"},
        {".json", "{}", "suite"},
        {".pdf", "x", ".txt, .md and .jsonl"},
        {"", "x", ".txt, .md and .jsonl"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.bytes);
        const auto prompts = parse_prompts(one.bytes, one.extension, "p");
        REQUIRE_FALSE(prompts);
        CAPTURE(prompts.error().message);
        CHECK(prompts.error().message.starts_with("p:"));
        CHECK(prompts.error().message.find(one.words) != std::string::npos);
    }
}

TEST_CASE("prompts are loaded by the file's extension, up to 16 MiB") {
    const TemporaryFolder folder;
    REQUIRE(base::save_file(folder / "p.md", "a\n---\nb"));
    CHECK(load_prompts(folder / "p.md").value() == Prompts{"a", "b"});
    CHECK(load_prompts(folder / "none.md").error().kind == ErrorKind::not_found);

    std::string large(kMaxPromptFile, 'x');
    REQUIRE(base::save_file(folder / "large.txt", large));
    CHECK(load_prompts(folder / "large.txt")->size() == 1);
    large += 'x';
    REQUIRE(base::save_file(folder / "large.txt", large));
    const auto refused = load_prompts(folder / "large.txt");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::limit);
    CHECK(refused.error().message.find("16 MiB") != std::string::npos);
    CHECK_FALSE(parse_prompts(large, ".txt", "p"));
}

}  // namespace llmc::config
