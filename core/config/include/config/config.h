// config.json: what the user has set (product.md section 3).
//
// Thread contract: plain values; load and save block on the disk.
// Invariants: a file that could not be read is never overwritten; an unknown key, a wrong type, a value out of range is
// an error that names file, line and key; where the file's "version" is higher than ours, unknown keys are kept through
// a save and named in `notes`.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "session/candidate.h"

namespace llmc::config {

// A model that judges answers, where it is asked to.
struct JudgeModel {
    std::string model_id;
    std::string server;        // pinned to; empty: any that has it
    std::string display_name;  // empty: the model id
    bool operator==(const JudgeModel&) const = default;
};

struct Config {
    std::vector<session::Server> servers;
    std::vector<session::Candidate> candidates;  // ids are given by the session, empty here
    std::vector<JudgeModel> judges;
    session::Settings settings;  // system_prompt: the one in the file, where there is one
    bool has_system_prompt = false;
    std::optional<std::filesystem::path> system_prompt_file;
    std::filesystem::path report_folder;  // "~" expanded
    bool journal = true;
    // What a file of a newer version has beside what we know, for save(): {"version", "keys": {…}, "servers": {label:
    // {…}}, "models": {name: {…}}, "judges": {model id: {…}}}; null where the file is of our version.
    base::OrderedJson unknown;
    std::vector<std::string> notes;  // for the log
};

// The value of an environment variable; nothing when unset.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment system_environment();

// The platform's folders, from the environment: $XDG_CONFIG_HOME/llm-compare else ~/.config/llm-compare; state:
// $XDG_STATE_HOME else
// ~/.local/state; cache: $XDG_CACHE_HOME else ~/.cache; documents: ~/Documents/LLM Compare. Without HOME, "~" is the
// current folder.
struct Folders {
    std::filesystem::path config, state, cache, documents;
};
Folders folders(const Environment& environment);

// What holds without a file.
Config defaults(const Folders& folders);

// The config in `text`; `path` is for messages, "PATH:LINE: KEY: …", and where relative paths in it start; "~" is
// expanded. API keys come from `environment` (api_key_env), else from `keys` (see load_keys); an unset variable is a
// note. Errors: `parse`, `limit`.
Result<Config> parse(std::string_view text, const std::filesystem::path& path, const Folders& folders,
                     const Environment& environment, const base::Json& keys = {});

// Reads `path` and the keys.json beside it. A missing file gives the defaults, unless `must_exist`. Errors: as parse(),
// `io`, `not_found`.
Result<Config> load(const std::filesystem::path& path, const Folders& folders, const Environment& environment,
                    bool must_exist);

// keys.json (0600): {"URL or name": "key"}; nothing there is fine. Errors: `io`, `parse`, and a file that others may
// read.
Result<base::Json> load_keys(const std::filesystem::path& path);
Result<void> save_keys(const std::filesystem::path& path, const base::Json& keys);

// The file's text for `config`; never an API key. parse(to_text(c)) gives c again, its paths absolute.
std::string to_text(const Config& config, const Folders& folders);
// Refuses (`io`) where the file that is there cannot be read as a config.
Result<void> save(const Config& config, const std::filesystem::path& path, const Folders& folders);

// The system prompt in force and where it comes from: system_prompt_file, else system_prompt, else system_prompt.txt
// beside the config, else the default. Errors: a named file that cannot be read or is not UTF-8.
struct SystemPrompt {
    std::string text;
    std::string origin;  // "system_prompt_file /x/y.md", "config.json", "/…/system_prompt.txt", "default"
};
Result<SystemPrompt> system_prompt(const Config& config, const std::filesystem::path& config_path);

// Reads a system prompt file (.txt, .md): UTF-8, up to 16 MiB, a closing line break dropped.
Result<std::string> read_text_file(const std::filesystem::path& path);

// "~" and "~/x" with the home folder in place of "~".
std::filesystem::path expand_home(const std::filesystem::path& path, const Environment& environment);

// The reverse, for people: the home folder at the path's start as "~".
std::string with_home_as_tilde(const std::filesystem::path& path, const Environment& environment);

// What stands in a field or option that takes several: the parts between any of the signs, without blanks around them,
// each once.
std::vector<std::string> split_names(std::string_view text, std::string_view between = ",\n\r\t ");

}  // namespace llmc::config
