#include "gui/setup_state.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace llmc::gui {
namespace {

bool is_same_config(const config::Config& a, const config::Config& b) {
    return a.settings == b.settings && a.has_system_prompt == b.has_system_prompt &&
           a.system_prompt_file == b.system_prompt_file && a.report_folder == b.report_folder &&
           a.journal == b.journal && a.servers == b.servers && a.judges == b.judges;
}

bool is_same_row(const session::Candidate& a, const session::Candidate& b) {
    return a.model_id == b.model_id && a.display_name == b.display_name && a.server == b.server && a.own == b.own;
}

void forget(base::Json& keys, const session::Server& server) {
    for (auto entry = keys.begin(); entry != keys.end();)
        entry = session::names_server(entry.key(), server) ? keys.erase(entry) : std::next(entry);
}

using Rows = std::vector<session::Candidate>;

const session::Candidate* find(const Rows& rows, const session::CandidateId& id) {
    const auto found = std::ranges::find(rows, id, &session::Candidate::id);
    return found == rows.end() ? nullptr : &*found;
}

Rows who_takes_part(const session::Session& session) {
    Rows rows;
    std::ranges::copy_if(session.candidates, std::back_inserter(rows), [](const auto& one) { return !one.is_removed; });
    return rows;
}

// `rows` as an edit of `now`, where it was one of `base`.
Rows rebased(const Rows& base, const Rows& rows, const Rows& now) {
    if (rows == base) return now;
    Rows result;
    for (const session::Candidate& row : rows) {
        const session::Candidate *was = find(base, row.id), *is = find(now, row.id);
        if (was && !is) continue;  // gone
        result.push_back(was && row == *was ? *is : row);
    }
    for (const session::Candidate& one : now)
        if (!find(base, one.id) && !find(rows, one.id)) result.push_back(one);
    return result;
}

}  // namespace

bool SetupState::changes_candidates() const {
    return draft.candidates != (posted ? posted->rows : in_force.candidates);
}

bool SetupState::changes_rest() const {
    return !is_same_config(in_force, draft);
}

bool SetupState::is_stored() const {
    return stored && demo_urls.empty() && is_same_config(*stored, draft) &&
           std::ranges::equal(stored->candidates, draft.candidates, is_same_row);
}

config::Config SetupState::to_store() const {
    config::Config made = draft;
    std::erase_if(made.servers, [this](const session::Server& server) {
        return std::ranges::find(demo_urls, server.url) != demo_urls.end();
    });
    for (session::Candidate& row : made.candidates) row.id.clear();
    return made;
}

bool SetupState::waits(const session::Candidate& row) const {
    if (!running) return false;
    const session::Candidate* then = find(running->config.candidates, row.id);
    // Its label is no part of what is sent.
    return !then || then->model_id != row.model_id || then->server != row.server || then->own != row.own;
}

bool SetupState::settings_wait() const {
    if (!running) return false;
    session::Settings then = running->config.settings;
    then.system_prompt = draft.settings.system_prompt;
    return then != draft.settings;
}

bool SetupState::system_prompt_waits() const {
    return running && running->config.settings.system_prompt != draft.settings.system_prompt;
}

bool SetupState::has_server(const net::BaseUrl& url) const {
    return std::ranges::find(draft.servers, url, &session::Server::url) != draft.servers.end();
}

session::Candidate& SetupState::new_candidate(std::string model_id) {
    session::Candidate& made = draft.candidates.emplace_back();
    made.id = "new " + std::to_string(++new_rows);
    made.model_id = std::move(model_id);
    return made;
}

void SetupState::name_rows() {
    for (session::Candidate& row : draft.candidates) row.id = "new " + std::to_string(++new_rows);
}

std::vector<engine::Command> candidate_commands(const Rows& base, const Rows& rows) {
    std::vector<engine::Command> commands;
    std::vector<session::CandidateId> order;  // as it is after the commands so far
    for (const session::Candidate& one : base) {
        if (find(rows, one.id))
            order.push_back(one.id);
        else
            commands.emplace_back(engine::RemoveCandidate{one.id});
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const session::Candidate* was = find(base, rows[i].id);
        const auto place = order.begin() + static_cast<std::ptrdiff_t>(i);
        if (!was) {
            commands.emplace_back(engine::AddCandidate{rows[i], i});
            order.insert(place, rows[i].id);
        } else if (*place != rows[i].id) {
            commands.emplace_back(engine::ChangeCandidate{rows[i], i});
            order.erase(std::ranges::find(order, rows[i].id));
            order.insert(order.begin() + static_cast<std::ptrdiff_t>(i), rows[i].id);
        } else if (*was != rows[i]) {
            commands.emplace_back(engine::ChangeCandidate{rows[i], {}});
        }
    }
    return commands;
}

void note_posted(SetupState& setup, const session::Session& session, std::uint64_t mark) {
    setup.posted = {.mark = mark, .rows = setup.draft.candidates, .known = {}};
    for (const session::Candidate& one : session.candidates) setup.posted->known.insert(one.id);
}

void follow_candidates(SetupState& setup, const engine::Snapshot& now) {
    Rows base = setup.in_force.candidates;
    if (setup.posted) {
        if (now.mark < setup.posted->mark) return;
        const SetupState::Posted posted = *std::exchange(setup.posted, std::nullopt);
        base = posted.rows;
        // New rows have got ids, in the order in which they were asked for.
        std::vector<session::CandidateId> given;
        for (const session::Candidate& one : now.session.candidates)
            if (!posted.known.contains(one.id)) given.push_back(one.id);
        std::ranges::sort(given, {}, [](const auto& id) { return std::pair(id.size(), id); });
        std::map<session::CandidateId, session::CandidateId> names;
        auto next = given.begin();
        for (const session::Candidate& row : posted.rows)
            if (!posted.known.contains(row.id) && next != given.end()) names[row.id] = *next++;
        for (Rows* rows : {&base, &setup.draft.candidates})
            for (session::Candidate& row : *rows)
                if (const auto name = names.find(row.id); name != names.end()) row.id = name->second;
        setup.given.merge(names);
    }
    Rows in_force = who_takes_part(now.session);
    setup.draft.candidates = rebased(base, setup.draft.candidates, in_force);
    setup.in_force.candidates = std::move(in_force);
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
