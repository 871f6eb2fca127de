#include <algorithm>
#include <fstream>
#include <random>

#include <doctest/doctest.h>

#include "base/file.h"
#include "config_fixture.h"

namespace llmc::config {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, std::string_view bytes) {
    REQUIRE(base::save_file(path, bytes));
}
std::string read(const fs::path& path) {
    return base::read_file(path, 1 << 20).value();
}

void check_same(const Config& a, const Config& b) {
    CHECK(a.settings == b.settings);
    CHECK(a.candidates == b.candidates);
    REQUIRE(a.servers.size() == b.servers.size());
    for (std::size_t i = 0; i < a.servers.size(); ++i) {
        CHECK(a.servers[i].url == b.servers[i].url);
        CHECK(a.servers[i].name == b.servers[i].name);
        CHECK(a.servers[i].api_key_env == b.servers[i].api_key_env);
        CHECK(a.servers[i].ca_file == b.servers[i].ca_file);
        CHECK(a.servers[i].max_concurrent == b.servers[i].max_concurrent);
    }
    CHECK(a.has_system_prompt == b.has_system_prompt);
    CHECK(a.system_prompt_file == b.system_prompt_file);
    CHECK(a.report_folder == b.report_folder);
    CHECK(a.journal == b.journal);
    CHECK(a.unknown == b.unknown);
}

}  // namespace

TEST_CASE("what is written is read again as the same config, without any key") {
    const auto environment = environment_of({{"HOME", "/home/ada"}, {"RACK_KEY", "sk-canary"}});
    for (const std::string_view text :
         {kFullConfig, std::string_view("{}"),
          std::string_view(
              R"({"servers": ["localhost", "[::1]", "https://h/llm/v1"], "report_folder": "/srv/out"})")}) {
        CAPTURE(text);
        const auto config = parse_text(text, environment);
        REQUIRE_MESSAGE(config, config.error().message);
        const std::string written = to_text(*config, kFolders);
        CAPTURE(written);
        CHECK(written.find("canary") == std::string::npos);
        const auto again = parse(written, "/other/config.json", kFolders, environment);
        REQUIRE_MESSAGE(again, again.error().message);
        check_same(*config, *again);
        CHECK(to_text(*again, kFolders) == written);
    }
}

TEST_CASE("a written config keeps what a person would write: texts where that is all, and the home folder as ~") {
    const std::string written = to_text(parse_text(kFullConfig).value(), kFolders);
    CHECK(written.find("\"http://192.168.1.10:1234\",") != std::string::npos);
    CHECK(written.find("\"qwen2.5-7b-instruct-q4_k_m\",") != std::string::npos);
    CHECK(written.find("\"~/Documents/Reports\"") != std::string::npos);
    CHECK(to_text(parse_text(R"({"servers": ["localhost"]})").value(), kFolders).find("\"http://localhost\"") !=
          std::string::npos);
}

TEST_CASE("a later version's unknown keys survive a save and are named") {
    const std::string_view text = R"({"version": 3, "theme": {"name": "dark"}, "temperature": 0.1,
        "servers": [{"url": "http://a:1", "region": "eu"}, "http://b:2"],
        "models": [{"model_id": "m", "colour": 7}, "n"]})";
    const auto config = parse_text(text);
    REQUIRE_MESSAGE(config, config.error().message);
    REQUIRE(config->notes.size() == 1);
    for (const char* key : {"theme", "servers[0].region", "models[0].colour", "version 3"})
        CHECK(config->notes[0].find(key) != std::string::npos);

    Config changed = *config;
    changed.settings.temperature = 0.9;
    std::reverse(changed.servers.begin(), changed.servers.end());
    const auto again = base::parse_json(to_text(changed, kFolders)).value();
    CHECK(again["version"] == 3);
    CHECK(again["theme"]["name"] == "dark");
    CHECK(again["temperature"] == 0.9);
    CHECK(again["servers"][0] == "http://b:2");
    CHECK(again["servers"][1]["region"] == "eu");
    CHECK(again["models"][0]["colour"] == 7);

    CHECK_FALSE(parse_text(R"({"version": 1, "theme": "dark"})"));
    CHECK_FALSE(parse_text(R"({"version": 3, "temperature": "hot"})"));
}

TEST_CASE("a missing config gives the defaults, or an error where it was named") {
    const TemporaryFolder folder;
    const auto config = load(folder / "config.json", kFolders, kEnvironment, false);
    REQUIRE(config);
    CHECK(config->settings == session::Settings{});
    const auto named = load(folder / "config.json", kFolders, kEnvironment, true);
    REQUIRE_FALSE(named);
    CHECK(named.error().kind == ErrorKind::not_found);
    CHECK(named.error().message.find("config.json") != std::string::npos);
}

TEST_CASE("a config is saved and loaded with the keys beside it") {
    const TemporaryFolder folder;
    Config config = parse_text(R"({"servers": [{"url": "http://a:1", "name": "ay"}]})").value();
    REQUIRE(save(config, folder / "deep/config.json", kFolders));
    REQUIRE(save_keys(folder / "deep/keys.json", {{"ay", "sk-canary"}}));
    const auto permissions = fs::status(folder / "deep/keys.json").permissions();
    CHECK(permissions == (fs::perms::owner_read | fs::perms::owner_write));

    const auto loaded = load(folder / "deep/config.json", kFolders, kEnvironment, true);
    REQUIRE_MESSAGE(loaded, loaded.error().message);
    CHECK(loaded->servers.at(0).api_key == "sk-canary");
    REQUIRE(save(*loaded, folder / "deep/config.json", kFolders));
    CHECK(read(folder / "deep/config.json").find("canary") == std::string::npos);
}

TEST_CASE("a config that cannot be read is never overwritten") {
    const TemporaryFolder folder;
    const auto path = folder / "config.json";
    for (const std::string_view text : {"{\"temperature\": ", "{\"temprature\": 1}", "\xFF", ""}) {
        write(path, text);
        const auto saved = save(defaults(kFolders), path, kFolders);
        REQUIRE_FALSE(saved);
        CHECK(saved.error().message.find("config.json:1: ") != std::string::npos);
        CHECK(read(path) == text);
    }
    fs::remove(path);
    fs::create_directory(path);
    CHECK_FALSE(save(defaults(kFolders), path, kFolders));
    CHECK_FALSE(load(path, kFolders, kEnvironment, false));
}

TEST_CASE("keys.json: nothing there is fine; damage and open permissions are refused without a word of it") {
    const TemporaryFolder folder;
    const auto path = folder / "keys.json";
    CHECK(load_keys(path).value().empty());
    for (const std::string_view text :
         {"{\"a\": \"sk-canary\"", "[\"sk-canary\"]", "{\"a\": 5}", "{\"a\": \"\"}", "sk-canary", ""}) {
        CAPTURE(text);
        REQUIRE(base::save_file(path, text, base::FileMode::owner_only));
        const auto keys = load_keys(path);
        REQUIRE_FALSE(keys);
        CHECK(keys.error().message.find("keys.json") != std::string::npos);
        CHECK(keys.error().message.find("canary") == std::string::npos);
    }
    REQUIRE(save_keys(path, {{"a", "sk-canary"}}));
    CHECK(load_keys(path).value()["a"] == "sk-canary");
    for (const fs::perms open : {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write}) {
        fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write | open);
        const auto keys = load_keys(path);
        REQUIRE_FALSE(keys);
        CHECK(keys.error().message.find("chmod 600") != std::string::npos);
    }
    write(folder / "config.json", "{}");
    CHECK_FALSE(load(folder / "config.json", kFolders, kEnvironment, true));
}

TEST_CASE(
    "every truncation and 2 000 flipped bytes of a real config: no crash, errors name file and line, the file stays") {
    const TemporaryFolder folder;
    const auto path = folder / "config.json";
    const auto check = [&](const std::string& text) {
        CAPTURE(text);
        const auto config = parse(text, path, kFolders, kEnvironment);
        if (config) return;
        const std::string_view message = config.error().message;
        REQUIRE(message.starts_with(path.string() + ":"));
        const auto line = std::atoi(message.data() + path.string().size() + 1);
        CHECK(line >= 1);
        CHECK(line <= std::count(kFullConfig.begin(), kFullConfig.end(), '\n') + 2);
    };
    for (std::size_t size = 0; size < kFullConfig.size() - 2; ++size) {
        const std::string text(kFullConfig.substr(0, size));
        check(text);
        CHECK_FALSE(parse(text, path, kFolders, kEnvironment));
    }
    std::mt19937 random(20261122);
    std::size_t refused = 0;
    for (int i = 0; i < 2000; ++i) {
        std::string text(kFullConfig);
        char& byte = text[random() % text.size()];
        byte = static_cast<char>(byte ^ (1 << (random() % 8)));
        check(text);
        if (!parse(text, path, kFolders, kEnvironment)) ++refused;
        if (i % 100 == 0) {
            write(path, text);
            if (!load(path, kFolders, kEnvironment, true)) CHECK_FALSE(save(defaults(kFolders), path, kFolders));
            if (!parse(text, path, kFolders, kEnvironment)) CHECK(read(path) == text);
        }
    }
    CHECK(refused > 1000);
}

}  // namespace llmc::config
