// What the tests of config.json share.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/ids.h"
#include "config/config.h"

namespace llmc::config {

// An environment of exactly these variables.
inline Environment environment_of(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
    };
}

inline const Environment kEnvironment = environment_of({{"HOME", "/home/ada"}});
inline const Folders kFolders = folders(kEnvironment);

inline Result<Config> parse_text(std::string_view text, const Environment& environment = kEnvironment,
                                 const base::Json& keys = {}) {
    return parse(text, "/etc/config.json", kFolders, environment, keys);
}

// A folder that is gone afterwards.
class TemporaryFolder {
public:
    TemporaryFolder() : path_(std::filesystem::temp_directory_path() / ("llmc-config-" + base::random_id())) {
        std::filesystem::create_directories(path_);
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

// Uses all that a config can have.
inline constexpr std::string_view kFullConfig = R"({
  "version": 1,
  "servers": ["http://192.168.1.10:1234",
              {"url": "https://llm.example.org/v1", "name": "rack", "api_key_env": "RACK_KEY", "max_concurrent": 4, "ca_file": "ca.pem"}],
  "models":  ["qwen2.5-7b-instruct-q4_k_m",
              {"model_id": "qwen2.5-7b-instruct-q8_0", "display_name": "Qwen 7B Q8", "temperature": 0.2, "server": "rack",
               "top_p": 0.9, "max_tokens": 512, "seed": -7, "stop": ["END", "\n\n"], "system_prompt": "",
               "extra_body": {"top_k": 40, "chat_template_kwargs": {"enable_thinking": false}}}],
  "judges": [{"model_id": "gemma-27b", "server": "rack", "display_name": "The judge"}, {"model_id": "qwen-32b"}],
  "temperature": 0.6, "top_p": 0.95, "max_tokens": 4096, "seed": 42, "stop": "STOP",
  "timeout_seconds": 120, "connect_timeout_seconds": 5.5, "total_timeout_seconds": 900,
  "system_prompt": "You are terse. \u00e4", "system_prompt_file": "prompts/planner.md",
  "report_folder": "~/Documents/Reports", "order": "rotate", "on_failure": "continue", "journal": false
}
)";

}  // namespace llmc::config
