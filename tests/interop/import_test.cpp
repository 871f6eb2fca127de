#include <filesystem>
#include <fstream>

#include "importing.h"

using namespace llmc;
using namespace llmc::interop;
using namespace llmc::interop::testing;

TEST_CASE("conversations: the history, the prompt, and what an assistant said last") {
    const Import import = imported(
        R"({"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "a"}, {"role": "assistant", "content": null, "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": {"x": 1}}}]}, {"role": "tool", "tool_call_id": "c", "content": "r"}, {"role": "user", "content": "b"}, {"role": "assistant", "content": "bye"}], "tools": [{"type": "function", "function": {"name": "f"}}], "weight": 1}
{"messages": [{"role": "user", "content": "q"}]}
)",
        "chat.jsonl");
    CHECK(import.kind == "conversations");
    CHECK(prompt(import)["prompt"] == "b");
    CHECK(prompt(import)["messages"].size() == 4);
    CHECK(prompt(import)["messages"][2]["tool_calls"][0]["function"]["arguments"] == "{\"x\":1}");
    CHECK(prompt(import)["expected_response"] == "bye");
    CHECK(prompt(import, 1)["prompt"] == "q");
    CHECK(notes(import) == std::vector<std::string>{"line 1, weight: has no counterpart in a suite (1)"});
}

TEST_CASE("conversations: what the suite's reader would refuse is left out and told") {
    const Import import = imported(
        R"({"messages": [{"role": "user", "content": "q"}]}
{"messages": [{"role": "user", "content": "a"}, {"role": "tool", "content": "r"}]}
{"messages": []}
{"messages": [{"role": "narrator", "content": "x"}, {"role": "user", "content": "z"}]}
)");
    CHECK(import.suites.front().document["prompts"].size() == 2);
    CHECK(is_noted(import, "line 2: no prompt can be made of it"));
    CHECK(is_noted(import, "line 3: no prompt can be made of it"));
    CHECK(is_noted(import, "line 4, messages[0]: a message of the role \"narrator\""));
}

TEST_CASE("files of no known kind, of two kinds, of nothing and of broken lines are refused by name") {
    CHECK(refusal("{\"a\": 1}").starts_with("file: is of no known kind; known are traces, BFCL,"));
    CHECK(refusal("just words").starts_with("file: is of no known kind"));
    CHECK(refusal("llm_providers: {x: {type: local}}\n").starts_with("file: is of no known kind"));
    CHECK(refusal(R"({"format": "llm-compare-suite", "prompts": [{"prompt": "x"}]})") ==
          "file: is a suite of this program already");
    CHECK(refusal("") == "file: is empty");
    CHECK(refusal(" \n\xEF\xBB\xBF") == "file: is empty");
    CHECK(refusal("[]") == "file: an empty list is no test");
    CHECK(refusal("{\"messages\": []}\n{\"messages\": [\n").starts_with("file:2: "));
    CHECK(refusal("{\"messages\": []}\n\n{\"id\": 1, \"id\": 2}\n") ==
          "file:3: the key \"id\" stands twice in one object");
    CHECK(refusal("{\n\"prompts\": [],\n\"prompts\": []}").starts_with("file:3: the key \"prompts\" stands twice"));
    CHECK(refusal(std::string("\xFF\xFE{\0}\0", 6)).find("UTF-16") != std::string::npos);
    CHECK(refusal("{\"messages\": \"\xC3\"}").starts_with("file:1"));
    const auto two = import_files({{"a.jsonl", R"({"messages": [{"role": "user", "content": "q"}]})"},
                                   {"b.json", R"([{"input": "a", "target": "b"}])"}});
    REQUIRE_FALSE(two.ok());
    CHECK(two.error().message == "a.jsonl is conversations, and b.json is Inspect samples: import them one by one");
}

TEST_CASE("objects of more members than are looked up in a moment are refused, wherever they stand") {
    std::string members = "{\"k0\": 1";
    for (int i = 1; i <= 1000; ++i) members += ", \"k" + std::to_string(i) + "\": 1";
    members += '}';
    CHECK(refusal("{\"prompts\": [{\"user\": \"q\", \"world\": " + members + "}]}") ==
          "file: an object has more than 1000 members: \"k0\" and others");
    CHECK(refusal("{\"messages\": []}\n{\"messages\": [], \"x\": " + members + "}\n") ==
          "file: line 2: an object has more than 1000 members: \"k0\" and others");
    CHECK(refusal("prompts: a\ntests: " + members) == "file:2: a mapping has more than 1000 members");
    // In a text, which is then what it is: a text.
    std::string text;
    for (const char c : members) text += c == '"' ? std::string("\\\"") : std::string(1, c);
    const Import import = imported(
        "{\"input\": \"q\", \"target\": {\"tool_calls\": [{\"name\": \"t\", \"arguments\": \"" + text + "\"}]}}");
    CHECK(is_noted(import, "target.tool_calls[0].arguments: is no object"));
}

TEST_CASE("files are read by path: their size is looked at first, and what they name stays in their folder") {
    const auto folder = std::filesystem::temp_directory_path() / "llmc_interop_paths";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder / "in" / "deep");
    const auto write = [&](const std::filesystem::path& name, std::string_view text) {
        std::ofstream(folder / name, std::ios::binary) << text;
    };
    write("secret.txt", "secret");
    write("in/deep/p.txt", "Say {{x}}");
    std::filesystem::create_symlink(folder / "secret.txt", folder / "in" / "link.txt");
    write("in/c.yaml",
          "prompts: [file://deep/p.txt, file://../secret.txt, file:///etc/passwd, file://link.txt]\ntests: [{vars: {x: "
          "1}}]\n");
    const auto import = import_paths({folder / "in" / "c.yaml"}, "planner");
    REQUIRE(import.ok());
    CHECK(import->suites.front().document["role"] == "planner");
    CHECK(import->suites.front().document["prompts"].size() == 1);
    CHECK(import->notes.size() == 3);
    for (const NotTaken& note : import->notes) CHECK(note.what.find("lies outside the folder") != std::string::npos);

    write("large.jsonl", "");
    std::filesystem::resize_file(folder / "large.jsonl", std::uintmax_t{1} << 30);
    const auto large = import_paths({folder / "large.jsonl"});
    REQUIRE_FALSE(large.ok());
    CHECK(large.error().kind == ErrorKind::limit);
    CHECK(large.error().message.find("large.jsonl") != std::string::npos);
    std::filesystem::remove_all(folder);
}
