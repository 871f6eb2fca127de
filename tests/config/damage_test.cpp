// Damaged files of real ones: every beginning of a file, and every byte of it changed. Nothing crashes; what is refused
// is refused by its name and place and stays as it is.
#include "../damage/damage.h"

#include <string>

#include <doctest/doctest.h>

#include "../base/temp_folder.h"
#include "base/file.h"
#include "config/prompts.h"
#include "config_fixture.h"

namespace llmc::config {
namespace {

namespace fs = std::filesystem;

const base::Json kKeys = {{"rack", "sk-canary-0123456789"}, {"http://192.168.1.10:1234", "sk-other-0123456789"}};

// As the program writes it.
std::string real_config() {
    Config config = parse_text(kFullConfig).value();
    config.servers.push_back({.url = net::BaseUrl::parse("http://[::1]:8080").value(), .name = "h\xC3\xB6rst"});
    return to_text(config, kFolders);
}

// "/etc/config.json:LINE: …", and never more lines than the file has.
bool names_place(std::string_view message, std::string_view damaged) {
    constexpr std::string_view kName = "/etc/config.json:";
    if (!message.starts_with(kName)) return false;
    const int line = std::atoi(std::string(message.substr(kName.size())).c_str());
    return line >= 1 && line <= 1 + std::count(damaged.begin(), damaged.end(), '\n');
}

}  // namespace

TEST_CASE("a config that was cut or changed at any byte is read, or refused with file and line") {
    const std::string whole = real_config();
    REQUIRE(parse_text(whole));
    damage::Counts counts;
    damage::damage(whole, damage::kEverywhere, counts, [&](const std::string& damaged, bool is_cut) {
        const auto config = parse_text(damaged);
        counts.refused += !config;
        if (config) {
            // Only the line break at the end may be missing.
            if (is_cut && damaged.size() + 1 < whole.size()) return "a part of it is taken for the whole";
            const std::string written = to_text(*config, kFolders);
            const auto again = parse_text(written);
            if (!again || to_text(*again, kFolders) != written) return "what is read cannot be written and read again";
        } else if (!names_place(config.error().message, damaged)) {
            return "the error does not name file and line";
        }
        return "";
    });
    MESSAGE("loader damage, config.json: " << counts.words());
}

TEST_CASE("a damaged config stays as it is, also when settings are to be saved over it") {
    const TemporaryFolder folder;
    const fs::path path = folder / "config.json";
    const std::string whole = real_config();
    const Config config = parse_text(whole).value();
    damage::Counts counts;
    damage::damage(
        whole, 12, counts,
        [&](const std::string& damaged, bool) {
            REQUIRE(base::save_file(path, damaged));
            if (load(path, kFolders, kEnvironment, true)) return "";
            ++counts.refused;
            const auto saved = save(config, path, kFolders);
            if (saved || saved.error().message.find(path.string() + ":") == std::string::npos)
                return "the save is not refused by name";
            if (base::read_file(path, 1 << 20).value() != damaged) return "the damaged file is changed";
            return "";
        },
        damage::Extent::only_these);
    CHECK(counts.refused > 20);
    MESSAGE("loader damage, config.json on disk: " << counts.words());
}

TEST_CASE("keys that were cut or changed at any byte are read, or refused without a word of them") {
    const TemporaryFolder folder;
    const fs::path path = folder / "keys.json";
    REQUIRE(save_keys(path, kKeys));
    const std::string whole = base::content_of(path);
    damage::Counts counts;
    damage::damage(whole, damage::kEverywhere, counts, [&](const std::string& damaged, bool is_cut) {
        base::put(path, damaged);
        const auto keys = load_keys(path);
        counts.refused += !keys;
        if (keys) return is_cut && damaged.size() + 1 < whole.size() ? "a part of them is taken for the whole" : "";
        const std::string& message = keys.error().message;
        if (!message.starts_with(path.string() + ": ")) return "the error does not name the file";
        if (message.find("canary") != std::string::npos || message.find("0123") != std::string::npos)
            return "the error holds a key";
        return base::content_of(path) == damaged ? "" : "the file is changed";
    });
    MESSAGE("loader damage, keys.json: " << counts.words());
}

TEST_CASE("prompt files that were cut or changed at any byte are read, or refused by name") {
    for (const auto& [extension, whole] :
         {std::pair<std::string, std::string>{".txt", "One \xE2\x82\xAC?\n\nTwo\n"},
          std::pair<std::string, std::string>{".md", "# One\n---\nTwo \xC3\xA4\n\n----\nThree\n"},
          std::pair<std::string, std::string>{".jsonl", "{\"prompt\": \"One \\u00e4\"}\n\n{\"prompt\": \"Two\"}\n"}}) {
        damage::Counts counts;
        damage::damage(whole, damage::kEverywhere, counts, [&, ending = extension](const std::string& damaged, bool) {
            const auto prompts = parse_prompts(damaged, ending, "p.x");
            counts.refused += !prompts;
            if (prompts) return prompts->empty() ? "nothing is read and nothing said" : "";
            return prompts.error().message.starts_with("p.x") ? "" : "the error does not name the file";
        });
        MESSAGE("loader damage, prompts" << extension << ": " << counts.words());
    }
}

}  // namespace llmc::config
