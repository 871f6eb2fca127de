#include "gui/setup_state.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace llmc::gui {
namespace {

bool is_same_config(const config::Config& a, const config::Config& b) {
    return a.candidates == b.candidates && a.settings == b.settings && a.has_system_prompt == b.has_system_prompt &&
           a.system_prompt_file == b.system_prompt_file && a.report_folder == b.report_folder &&
           a.journal == b.journal && a.servers == b.servers;
}

void forget(base::Json& keys, const session::Server& server) {
    for (auto entry = keys.begin(); entry != keys.end();)
        entry = session::names_server(entry.key(), server) ? keys.erase(entry) : std::next(entry);
}

// "c7" → 7; 0 for what is no such id.
int number_of(const session::CandidateId& id) {
    return id.size() > 1 && id[0] == 'c' ? std::atoi(id.c_str() + 1) : 0;
}

}  // namespace

bool SetupState::is_changed() const {
    return !is_same_config(in_force, draft);
}

session::Candidate& SetupState::new_candidate(std::string model_id) {
    session::Candidate& made = draft.candidates.emplace_back();
    made.id = "c" + std::to_string(next_candidate++);
    made.model_id = std::move(model_id);
    return made;
}

void adopt_candidates(SetupState& setup, std::vector<session::Candidate> candidates) {
    std::set<session::CandidateId> seen;
    for (session::Candidate& one : candidates) {
        if (!seen.insert(one.id).second) one.id.clear();
        setup.next_candidate = std::max(setup.next_candidate, number_of(one.id) + 1);
    }
    for (session::Candidate& one : candidates)
        if (one.id.empty()) one.id = "c" + std::to_string(setup.next_candidate++);
    setup.draft.candidates = std::move(candidates);
}

base::Json keys_for(const config::Config& before, const config::Config& now, base::Json stored) {
    if (!stored.is_object()) stored = base::Json::object();
    for (const session::Server& old : before.servers) {
        const bool stays =
            std::any_of(now.servers.begin(), now.servers.end(), [&](const auto& one) { return one.url == old.url; });
        if (!stays) forget(stored, old);
    }
    for (const session::Server& server : now.servers) {
        if (!server.api_key_env.empty()) continue;  // its key is not ours to keep
        // A key that is there already keeps the name it has.
        const bool is_there = std::any_of(stored.items().begin(), stored.items().end(), [&](const auto& entry) {
            return session::names_server(entry.key(), server) && entry.value() == server.api_key;
        });
        if (is_there) continue;
        forget(stored, server);
        if (!server.api_key.empty()) stored[server.url.text()] = server.api_key;
    }
    return stored;
}

Result<void> store_setup(const config::Config& before, const config::Config& now, const std::filesystem::path& path,
                         const config::Folders& folders) {
    const std::filesystem::path keys_path = path.parent_path() / "keys.json";
    const auto stored = config::load_keys(keys_path);
    if (!stored) return stored.error();
    // The config first: where it is refused, no key is forgotten.
    if (auto saved = config::save(now, path, folders); !saved) return saved;
    const base::Json keys = keys_for(before, now, *stored);
    return keys == *stored ? Result<void>{} : config::save_keys(keys_path, keys);
}

}  // namespace llmc::gui
