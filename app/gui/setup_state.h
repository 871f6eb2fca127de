// The configuration as the window holds it: what is in force, what is being edited, where it comes from.
//
// Thread contract: main thread; plain data, edited by the Configuration panel, applied by the application.
// Invariants: who takes part is the engine's to say: `in_force.candidates` is what it said last, `draft.candidates` an
// edit of that; rows of the draft that the engine does not know yet are named "new 1", "new 2" …; a config that could
// not be read (`trouble`) is never written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/discovery.h"
#include "engine/engine.h"

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
    int new_rows = 0;  // so far, for their names

    // Candidates that the engine was asked for and has not shown yet.
    struct Posted {
        std::uint64_t mark = 0;
        std::vector<session::Candidate> rows;  // the draft as it was posted
        std::set<session::CandidateId> known;  // ids of the session then
    };
    std::optional<Posted> posted;

    // Whether the draft differs from what is in force or on its way there.
    bool is_changed() const;
    session::Candidate& new_candidate(std::string model_id);  // a new row of the draft, the last one
    void name_rows();                                         // of a draft that comes from elsewhere: all are new
    void revert();
};

// What the engine is asked for, so that `rows` come of the candidates `base`: it changes what differs, nothing else.
std::vector<engine::Command> candidate_commands(const std::vector<session::Candidate>& base,
                                                const std::vector<session::Candidate>& rows);

// Takes the draft's candidates as posted, with `mark` behind them; `session`: as it is now.
void note_posted(SetupState& setup, const session::Session& session, std::uint64_t mark);

// Takes in who takes part now. What is being edited stays: rows that were changed are as the user has them, those that
// are gone (skipped, another session) go, new ones come.
void follow_candidates(SetupState& setup, const engine::Snapshot& now);

// keys.json as it should be once `now` is in force instead of `before`: the keys that were typed, by the URL of their
// server; none for servers that are gone or have no key any more. Entries of other servers stay.
base::Json keys_for(const config::Config& before, const config::Config& now, base::Json stored);

// Writes config.json at `path` and, where a key has changed, keys.json beside it. Blocks on the disk: for Background.
Result<void> store_setup(const config::Config& before, const config::Config& now, const std::filesystem::path& path,
                         const config::Folders& folders);

}  // namespace llmc::gui
