// The configuration as the window holds it: what is in force, what is being edited, where it comes from.
//
// Thread contract: main thread; plain data, edited by the Configuration panel, applied by the application.
// Invariants: candidates in `draft` and `in_force` have ids of their own, given by new_candidate(); a config that could
// not be read (`trouble`) is never written.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/discovery.h"

namespace llmc::gui {

struct SetupState {
    config::Config in_force;
    config::Config draft;
    std::filesystem::path path;  // of config.json
    std::string trouble;         // why the file could not be read, for people; empty: it could, or there is none
    std::string
        origin;  // where the settings in force come from: "config.json", "command line", "defaults", "session file"
    std::string system_prompt_origin;
    bool is_saved = false;                       // what is in force is what the file says
    std::vector<config::Discovered> discovered;  // servers found on this machine that are not configured
    bool is_discovering = false;
    bool runs_demo_servers = false;
    int next_candidate = 1;  // for ids

    // Whether the draft differs from what is in force.
    bool is_changed() const;
    session::Candidate& new_candidate(std::string model_id);  // appended to the draft
};

// Takes candidates from elsewhere (a config, a session) into the draft, gives ids to those without one.
void adopt_candidates(SetupState& setup, std::vector<session::Candidate> candidates);

// keys.json as it should be once `now` is in force instead of `before`: the keys that were typed, by the URL of their
// server; none for servers that are gone or have no key any more. Entries of other servers stay.
base::Json keys_for(const config::Config& before, const config::Config& now, base::Json stored);

// Writes config.json at `path` and, where a key has changed, keys.json beside it. Blocks on the disk: for Background.
Result<void> store_setup(const config::Config& before, const config::Config& now, const std::filesystem::path& path,
                         const config::Folders& folders);

}  // namespace llmc::gui
