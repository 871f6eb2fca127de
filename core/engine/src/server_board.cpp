#include "server_board.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

namespace llmc::engine {
namespace {

using List = openai::Manifest::List;

// The models of `all` that are not in `others`, in order.
std::vector<std::string_view> models_beside(const openai::Manifest& all, const openai::Manifest& others) {
    std::unordered_set<std::string_view> known;
    for (const openai::ModelInfo& model : others.models) known.insert(model.id);
    std::vector<std::string_view> beside;
    for (const openai::ModelInfo& model : all.models)
        if (!known.contains(model.id)) beside.push_back(model.id);
    return beside;
}

// "has a, has b and 7 more"; empty without models.
std::string named(std::string_view verb, const std::vector<std::string_view>& models) {
    constexpr std::size_t kMost = 10;
    std::string text;
    for (std::size_t i = 0; i < std::min(models.size(), kMost); ++i)
        text += fmt::format("{}{} {}", i > 0 ? ", " : "", verb, models[i]);
    if (models.size() > kMost) text += fmt::format(" and {} more", models.size() - kMost);
    return text;
}

std::string describe_change(const openai::Manifest* before, const ServerStatus& now, const std::string& error_before) {
    const std::string name = now.server.label();
    if (!now.manifest)
        return before || error_before != now.error ? fmt::format("{} {}", name, now.error) : std::string{};
    if (!before && now.manifest->list == List::none)
        return fmt::format("{} is reachable, and has no list of models", name);
    if (!before)
        return fmt::format("{} is reachable: {}, {} models", name, now.manifest->kind_name(),
                           now.manifest->models.size());
    const auto came = models_beside(*now.manifest, *before), went = models_beside(*before, *now.manifest);
    if (came.empty() && went.empty()) return {};
    return fmt::format("{} {}{}{}", name, named("has", came), came.empty() || went.empty() ? "" : ", ",
                       named("no longer has", went));
}

// Told so by the server, or by having answered its last request where the server tells nothing.
bool is_loaded(const openai::ModelInfo& model, const std::string& last_model) {
    return model.state == openai::LoadState::unknown ? model.id == last_model
                                                     : model.state == openai::LoadState::loaded;
}

// Whether both are asked in the same way: what one says, the other would.
bool has_same_access(const session::Server& a, const session::Server& b) {
    return a.api_key == b.api_key && a.ca_file == b.ca_file;
}

}  // namespace

void ServerBoard::configure(const std::vector<session::Server>& servers) {
    std::vector<ServerStatus> before = std::move(statuses_);
    statuses_.clear();
    // The one at the same address: with the same key where there are several.
    const auto find_known = [&](const session::Server& server, bool with_its_key) {
        return std::find_if(before.begin(), before.end(), [&](const ServerStatus& status) {
            return status.key != 0 && extra_[status.key].configured_url == server.url &&
                   (!with_its_key || has_same_access(status.server, server));
        });
    };
    for (const session::Server& server : servers) {
        auto known = find_known(server, true);
        if (known == before.end()) {
            // With another key it has other models, but what it is answering counts as before.
            known = find_known(server, false);
            if (known != before.end()) forget(*known);
        }
        if (known != before.end()) {
            const net::BaseUrl found_at = known->server.url;
            statuses_.push_back(std::move(*known));
            known->key = 0;  // taken
            statuses_.back().server = server;
            statuses_.back().server.url = found_at;
        } else {
            statuses_.push_back({.key = next_key_++, .server = server});
        }
        extra_[statuses_.back().key].configured_url = server.url;
    }
    std::erase_if(extra_, [this](const auto& entry) { return index_of(entry.first) < 0; });
}

// What it said to another key: all but what it is doing.
void ServerBoard::forget(ServerStatus& status) {
    Extra& extra = extra_[status.key];
    status.manifest.reset();
    status.is_asked = status.is_loading = false;
    status.error.clear();
    status.server.url = extra.configured_url;
    extra.hints = {};
    extra.not_ready_since.reset();
    extra.is_foreign = extra.is_pending;
    extra.asked_at.reset();
}

std::vector<ManifestQuery> ServerBoard::due(base::TimePoint now, bool now_all, const Patience& patience) {
    patience_ = patience;
    std::vector<ManifestQuery> queries;
    for (const ServerStatus& status : statuses_) {
        Extra& extra = extra_[status.key];
        if (extra.is_pending || (!now_all && extra.asked_at && now < *extra.asked_at + extra.every)) continue;
        extra.is_pending = true;
        extra.asked_at = now;
        queries.push_back(
            {status.key,
             status.server,
             extra.hints,
             {.connect = patience.connect, .no_progress = patience.connect, .total = 3 * patience.connect}});
    }
    return queries;
}

std::optional<base::TimePoint> ServerBoard::next_due() const {
    std::optional<base::TimePoint> next;
    for (const auto& [key, extra] : extra_)
        if (!extra.is_pending && extra.asked_at && (!next || *extra.asked_at + extra.every < *next))
            next = *extra.asked_at + extra.every;
    return next;
}

std::string ServerBoard::take(const ManifestReply& reply, base::TimePoint now, base::WallTime wall) {
    ServerStatus* known = status(reply.server_key);
    if (!known) return {};
    Extra& extra = extra_[reply.server_key];
    extra.is_pending = false;
    extra.asked_at = now;
    extra.every = kRefreshEvery;
    const bool is_outdated = std::exchange(extra.is_outdated, false);
    const bool is_foreign = std::exchange(extra.is_foreign, false);
    if (is_outdated || is_foreign) extra.asked_at.reset();
    if (is_foreign) return {};
    extra.hints = reply.hints;
    if (reply.hints.url) known->server.url = *reply.hints.url;
    known->refreshed_at = wall;
    const auto before = known->manifest;
    const std::string error_before = known->error;
    if (reply.manifest.ok() && reply.manifest->list == List::loading) {
        take_not_ready(*known, "is still loading its model", ErrorKind::model, now);
    } else if (!reply.manifest.ok() && reply.manifest.error().kind == ErrorKind::own_limit) {
        take_not_ready(*known, reply.manifest.error().message, ErrorKind::own_limit, now);
    } else {
        extra.not_ready_since.reset();
        known->is_asked = true;
        known->is_loading = false;
        if (reply.manifest.ok()) {
            // The same manifest stays the same object, so that nobody takes it for news.
            if (!before || *before != *reply.manifest)
                known->manifest = std::make_shared<const openai::Manifest>(*reply.manifest);
            known->error.clear();
        } else if (reply.manifest.error().kind != ErrorKind::timeout || known->in_flight == 0 || !before) {
            known->manifest.reset();
            known->error = reply.manifest.error().message;
            known->error_kind = reply.manifest.error().kind;
        }  // else it answers us, and has no time for questions
    }
    return describe_change(before.get(), *known, error_before);
}

// It says nothing of its models yet: what was known of them stays, and it is asked again soon.
void ServerBoard::take_not_ready(ServerStatus& status, std::string what, ErrorKind kind, base::TimePoint now) {
    Extra& extra = extra_[status.key];
    if (!extra.not_ready_since) extra.not_ready_since = now;
    const bool is_waited_for = now - *extra.not_ready_since < patience_.start;
    if (is_waited_for && extra.asked_at) extra.every = kNotReadyEvery;
    status.is_loading = kind == ErrorKind::model;
    status.is_asked = status.manifest || !is_waited_for;
    if (status.manifest) return;
    status.error = std::move(what);
    status.error_kind = kind;
    if (is_waited_for) return;
    status.is_loading = false;
    status.error += fmt::format(" after {:g} s, which is timeout_seconds", base::seconds(patience_.start));
}

void ServerBoard::mark_unreachable(int key, const Error& error) {
    if (ServerStatus* known = status(key)) {
        known->manifest.reset();
        known->error = error.message;
        known->error_kind = error.kind;
    }
}

void ServerBoard::set_busy(int key, std::string what) {
    if (ServerStatus* known = status(key)) known->busy_with = std::move(what);
}

void ServerBoard::make_due(int key) {
    const auto known = extra_.find(key);
    if (known == extra_.end()) return;
    known->second.asked_at.reset();
    known->second.is_outdated = known->second.is_pending;
}

bool ServerBoard::all_asked() const {
    return std::all_of(statuses_.begin(), statuses_.end(), [](const ServerStatus& status) { return status.is_asked; });
}

bool ServerBoard::any_pending() const {
    return std::any_of(extra_.begin(), extra_.end(), [](const auto& entry) { return entry.second.is_pending; });
}

int ServerBoard::index_of(int key) const {
    const ServerStatus* known = status(key);
    return known ? static_cast<int>(known - statuses_.data()) : -1;
}

const openai::ManifestHints& ServerBoard::hints(int key) const {
    static const openai::ManifestHints none;
    const auto known = extra_.find(key);
    return known == extra_.end() ? none : known->second.hints;
}

void ServerBoard::began(int key) {
    if (ServerStatus* known = status(key)) ++known->in_flight;
}

void ServerBoard::ended(int key, const std::string& model, bool answered) {
    ServerStatus* known = status(key);
    if (!known) return;
    --known->in_flight;
    if (answered) extra_[key].last_model = model;
}

std::vector<FreeServer> ServerBoard::free_servers() const {
    std::vector<FreeServer> free;
    for (std::size_t i = 0; i < statuses_.size(); ++i) {
        const ServerStatus& known = statuses_[i];
        if (!known.is_reachable() || known.in_flight >= known.server.max_concurrent) continue;
        FreeServer server{
            .index = static_cast<int>(i), .slots = known.server.max_concurrent - known.in_flight, .loaded = {}};
        const std::string& last_model = extra_.at(known.key).last_model;
        if (known.manifest->list == List::none && !last_model.empty()) server.loaded.push_back(last_model);
        for (const auto& model : known.manifest->models)
            if (is_loaded(model, last_model)) server.loaded.push_back(model.id);
        free.push_back(std::move(server));
    }
    return free;
}

bool ServerBoard::knows_loaded(int key, const std::string& model) const {
    const ServerStatus* known = status(key);
    if (!known || !known->manifest) return false;
    const std::string& last_model = extra_.at(key).last_model;
    if (known->manifest->list == List::none) return model == last_model;
    const openai::ModelInfo* info = known->manifest->find(model);
    return info && is_loaded(*info, last_model);
}

bool ServerBoard::tells_load_state(int key, const std::string& model) const {
    const ServerStatus* known = status(key);
    const openai::ModelInfo* info = known && known->manifest ? known->manifest->find(model) : nullptr;
    return info && info->state != openai::LoadState::unknown;
}

bool ServerBoard::note_answering(int key, const std::string& model) {
    if (!tells_load_state(key, model) || knows_loaded(key, model)) return false;
    ServerStatus* known = status(key);
    auto changed = std::make_shared<openai::Manifest>(*known->manifest);
    for (openai::ModelInfo& info : changed->models)
        if (info.state != openai::LoadState::unknown)
            info.state = info.id == model ? openai::LoadState::loaded : openai::LoadState::not_loaded;
    known->manifest = std::move(changed);
    extra_.at(key).asked_at.reset();
    return true;
}

ServerStatus* ServerBoard::status(int key) {
    return const_cast<ServerStatus*>(std::as_const(*this).status(key));
}

const ServerStatus* ServerBoard::status(int key) const {
    const auto known =
        std::find_if(statuses_.begin(), statuses_.end(), [key](const ServerStatus& one) { return one.key == key; });
    return known == statuses_.end() ? nullptr : &*known;
}

}  // namespace llmc::engine
