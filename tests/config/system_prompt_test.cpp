#include <doctest/doctest.h>

#include "base/file.h"
#include "config_fixture.h"

namespace llmc::config {

TEST_CASE("the system prompt is the file's, else the config's, else the one beside the config, else the default") {
    const TemporaryFolder folder;
    const auto config_path = folder / "config.json";
    const auto in_force = [&](std::string_view text) {
        const auto config = parse(text, config_path, kFolders, kEnvironment);
        REQUIRE_MESSAGE(config, config.error().message);
        return system_prompt(*config, config_path);
    };
    CHECK(in_force("{}")->text == "You are a helpful assistant.");
    CHECK(in_force("{}")->origin == "default");

    REQUIRE(base::save_file(folder / "system_prompt.txt", "From beside.\r\n"));
    CHECK(in_force("{}")->text == "From beside.");
    CHECK(in_force("{}")->origin == (folder / "system_prompt.txt").string());

    CHECK(in_force(R"({"system_prompt": "From config."})")->text == "From config.");
    CHECK(in_force(R"({"system_prompt": "From config."})")->origin == "config.json");
    CHECK(in_force(R"({"system_prompt": ""})")->text == "");

    REQUIRE(base::save_file(folder / "planner.md", "\xEF\xBB\xBF# Planner\n\nPlan.\n\n"));
    const std::string_view both = R"({"system_prompt": "From config.", "system_prompt_file": "planner.md"})";
    CHECK(in_force(both)->text == "# Planner\n\nPlan.\n");
    CHECK(in_force(both)->origin == "system_prompt_file " + (folder / "planner.md").string());
}

TEST_CASE("a system prompt file that is not there or not UTF-8 is named") {
    const TemporaryFolder folder;
    Config config = defaults(kFolders);
    config.system_prompt_file = folder / "missing.txt";
    const auto missing = system_prompt(config, folder / "config.json");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().message.find("missing.txt") != std::string::npos);

    REQUIRE(base::save_file(folder / "latin1.txt", "one\ncaf\xE9\n"));
    config.system_prompt_file = folder / "latin1.txt";
    const auto latin1 = system_prompt(config, folder / "config.json");
    REQUIRE_FALSE(latin1);
    CHECK(latin1.error().message.find("latin1.txt:2: byte 8") != std::string::npos);

    REQUIRE(base::save_file(folder / "system_prompt.txt", "\xFF"));
    CHECK_FALSE(system_prompt(defaults(kFolders), folder / "config.json"));
}

TEST_CASE("the folders follow the XDG variables, relative ones left aside") {
    const Folders plain = folders(environment_of({{"HOME", "/home/ada"}}));
    CHECK(plain.config == "/home/ada/.config/llm-compare");
    CHECK(plain.state == "/home/ada/.local/state/llm-compare");
    CHECK(plain.cache == "/home/ada/.cache/llm-compare");
    CHECK(plain.documents == "/home/ada/Documents/LLM Compare");
    const Folders set = folders(environment_of(
        {{"HOME", "/home/ada"}, {"XDG_CONFIG_HOME", "/c"}, {"XDG_STATE_HOME", "/s"}, {"XDG_CACHE_HOME", "relative"}}));
    CHECK(set.config == "/c/llm-compare");
    CHECK(set.state == "/s/llm-compare");
    CHECK(set.cache == "/home/ada/.cache/llm-compare");
}

TEST_CASE("only a leading ~ is the home folder") {
    CHECK(expand_home("~", kEnvironment) == "/home/ada");
    CHECK(expand_home("~/a b/c", kEnvironment) == "/home/ada/a b/c");
    CHECK(expand_home("/x/~", kEnvironment) == "/x/~");
    CHECK(expand_home("~bob/x", kEnvironment) == "~bob/x");
    CHECK(expand_home("", kEnvironment) == "");
}

}  // namespace llmc::config
