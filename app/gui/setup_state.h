// The configuration as the window holds it: what is in force, what is being edited, where it comes from.
//
// Thread contract: main thread; plain data, edited by the panels, brought into force by Setup as soon as an edit ends.
// Invariants: who takes part is the engine's to say: `in_force.candidates` is what it said last, `draft.candidates` an
// edit of that; rows of the draft that the engine does not know yet are named "new 1", "new 2" …; a config that could
// not be read (`trouble`) is never written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
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
    config::Config draft;          // what stands in the fields
    bool is_being_edited = false;  // one of them has the keyboard or is being dragged: that edit has not ended
    std::filesystem::path path;    // of config.json
    std::string trouble;           // why the file could not be read, for people; empty: it could, or there is none
    std::string
        origin;  // where the settings in force come from: "config.json", "command line", "defaults", "session file"
    std::string system_prompt_origin;
    std::optional<config::Config> stored;        // what the file says; none: there is no file, or none was read
    std::vector<config::Discovered> discovered;  // servers found on this machine that are not configured
    bool is_discovering = false;
    bool runs_demo_servers = false;
    std::vector<net::BaseUrl> demo_urls;                         // gone with the program: never stored
    int new_rows = 0;                                            // so far, for their names
    std::map<session::CandidateId, session::CandidateId> given;  // which ids new rows have got from the engine

    // What the rounds that run were sent with, where something else is in force by now.
    struct Running {
        config::Config config;
        std::size_t rounds = 0;  // of the session then
    };
    std::optional<Running> running;

    // What a server said that was asked by its editor.
    struct Test {
        session::Server server;  // as it was typed
        bool is_pending = true;
        engine::ServerStatus outcome;
    };
    std::optional<Test> test;

    // Candidates that the engine was asked for and has not shown yet.
    struct Posted {
        std::uint64_t mark = 0;
        std::vector<session::Candidate> rows;  // the draft as it was posted
        std::set<session::CandidateId> known;  // ids of the session then
    };
    std::optional<Posted> posted;

    // Whether the draft differs from what is in force or on its way there.
    bool is_changed() const { return changes_candidates() || changes_rest(); }
    bool changes_candidates() const;
    bool changes_rest() const;  // servers, settings, …
    bool is_stored() const;     // the file says what the draft says
    config::Config to_store() const;
    bool has_server(const net::BaseUrl& url) const;           // in the draft
    session::Candidate& new_candidate(std::string model_id);  // a new row of the draft, the last one
    void name_rows();                                         // of a draft that comes from elsewhere: all are new

    // Whether it holds from the next round only: the one that runs was sent with something else.
    bool waits(const session::Candidate& row) const;
    bool settings_wait() const;  // the system prompt aside
    bool system_prompt_waits() const;
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
