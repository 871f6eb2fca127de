#include "gui/panels/configuration_rows.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"

namespace llmc::gui {
namespace {

using openai::LoadState;

std::string joined(const std::vector<std::string>& parts) {
    return fmt::format("{}", fmt::join(parts, " · "));
}

std::string short_trouble(const engine::ServerStatus& status) {
    switch (status.error_kind) {
        case ErrorKind::connection:
            return status.error.find("refused") != std::string::npos ? "refused" : "not reachable";
        case ErrorKind::resolve: return "unknown host";
        case ErrorKind::timeout: return "no answer";
        case ErrorKind::tls: return "not trusted";
        case ErrorKind::auth: return "key refused";
        case ErrorKind::own_limit: return "not asked";
        default: return "error";
    }
}

// "loaded 1 / 7", or "7 models" where the server does not tell what is loaded.
std::string models_words(const openai::Manifest& manifest) {
    if (manifest.list == openai::Manifest::List::none) return "no list of models";
    int count = 0, loaded = 0, told = 0;
    for (const auto& model : manifest.models) {
        if (model.is_embedding) continue;
        ++count;
        if (model.state != LoadState::unknown) ++told;
        if (model.state == LoadState::loaded) ++loaded;
    }
    if (told > 0) return fmt::format("loaded {} / {}", loaded, count);
    return fmt::format("{} {}", count, count == 1 ? "model" : "models");
}

std::vector<std::string> told_words(const openai::ModelInfo& model) {
    std::vector<std::string> parts;
    if (!model.quantization.empty()) parts.push_back(model.quantization);
    if (model.context_length && model.max_context_length && *model.context_length != *model.max_context_length)
        parts.push_back(fmt::format("context {} of {}", *model.context_length, *model.max_context_length));
    else if (const auto context = model.context_length ? model.context_length : model.max_context_length)
        parts.push_back(fmt::format("context {}", *context));
    return parts;
}

bool is_between(char c) {
    return c == ',' || c == '\n' || c == '\r' || c == '\t' || c == ' ';
}

}  // namespace

const engine::ServerStatus* status_of(const session::Server& server,
                                      const std::vector<engine::ServerStatus>& statuses) {
    // It may have been found at another port or path.
    const auto places = openai::places_of(server.url);
    const auto found = std::find_if(statuses.begin(), statuses.end(), [&](const auto& status) {
        return status.server.api_key == server.api_key &&
               std::find(places.begin(), places.end(), status.server.url) != places.end();
    });
    return found == statuses.end() ? nullptr : &*found;
}

SetupRow server_row(const session::Server& server, const engine::ServerStatus* status) {
    SetupRow row;
    row.id = server.url.text();
    row.title = server.label();
    std::vector<std::string> second;
    if (!server.name.empty()) second.push_back(server.url.host_port());
    if (status && status->manifest)
        second.emplace_back(status->manifest->kind_name());
    else if (server.name.empty())
        second.push_back(server.url.text());
    if (server.max_concurrent != 1) second.push_back(fmt::format("{} at once", server.max_concurrent));
    row.second = joined(second);
    if (!status) {
        row.right = "asking…";
    } else if (!status->is_asked) {
        row.right = status->is_loading ? "loading…" : "asking…";
    } else if (!status->manifest) {
        row.dot = Dot::bad;
        row.right = short_trouble(*status);
        row.right_role = Role::bad;
        row.trouble = engine::words(*engine::unreachable(*status));
    } else {
        row.dot = Dot::good;
        row.right = models_words(*status->manifest);
        if (status->in_flight > 0) row.right = "busy";
        if (!status->busy_with.empty()) {
            row.right = status->busy_with.substr(0, status->busy_with.find(' ')) + "…";
            row.right_role = Role::accent;
        }
    }
    return row;
}

std::string own_words(const session::Overrides& own) {
    std::vector<std::string> parts;
    for (const session::Setting& setting : session::all_settings()) {
        const auto value = session::value_of(setting, own);
        if (value.is_array())
            parts.push_back(fmt::format("own {}", setting.brief));
        else if (!value.is_null())
            parts.push_back(fmt::format("{} {}", setting.brief, session::text_of(value, "")));
        else if (own.leaves(setting.key))
            parts.push_back(fmt::format("{} not sent", setting.words));
    }
    if (own.system_prompt) parts.emplace_back("own prompt");
    if (!own.extra_body.is_null()) parts.emplace_back("extra fields");
    return joined(parts);
}

SetupRow candidate_row(const session::Candidate& candidate, const std::string& label,
                       const std::vector<engine::ServerStatus>& statuses) {
    SetupRow row;
    row.title = label;
    row.right = candidate.server.empty() ? "any server" : candidate.server;
    const std::vector<int> able = engine::servers_for(statuses, candidate);
    std::vector<std::string> second;
    if (!candidate.display_name.empty()) second.push_back(candidate.model_id);
    if (!able.empty()) {
        row.dot = Dot::good;
        const auto& manifest = *statuses[static_cast<std::size_t>(able.front())].manifest;
        const openai::ModelInfo* model = manifest.find(candidate.model_id);
        if (second.empty() && model) second = told_words(*model);
    }
    if (std::string own = own_words(candidate.own); !own.empty()) second.push_back(std::move(own));
    row.second = joined(second);
    if (!able.empty()) return row;

    bool is_known = candidate.server.empty(), is_waiting = false, is_away = false;
    bool has_models = false;
    for (const auto& status : statuses) {
        if (!candidate.server.empty() && !session::names_server(candidate.server, status.server)) continue;
        is_known = true;
        is_waiting |= !status.is_asked;
        is_away |= status.is_asked && !status.manifest;
        has_models |= status.manifest && !status.manifest->models.empty();
    }
    if (statuses.empty() || is_waiting) return row;  // nothing can be said yet
    row.dot = Dot::bad;
    row.right_role = Role::bad;
    if (!is_known) {
        row.right = "unknown server";
        row.trouble = fmt::format("It is pinned to \"{}\", and no server has that name or address.", candidate.server);
    } else if (!has_models && is_away) {
        row.right = "not reachable";
        row.trouble = "No server that may have it can be reached.";
    } else {
        row.right = "not found";
        engine::Finding missing = engine::missing_model(statuses, candidate);
        row.trouble = engine::short_words(missing);
        row.nearest = std::move(missing.names);
    }
    return row;
}

std::vector<PickableModel> pickable_models(const std::vector<engine::ServerStatus>& statuses) {
    struct Found {
        PickableModel model;
        std::vector<std::string> parts, loaded_on, others;
    };
    std::vector<Found> found;
    for (const auto& status : statuses) {
        if (!status.manifest) continue;
        for (const auto& model : status.manifest->models) {
            if (model.is_embedding) continue;
            auto known =
                std::find_if(found.begin(), found.end(), [&](const Found& one) { return one.model.id == model.id; });
            if (known == found.end()) {
                known = found.emplace(found.end());
                known->model.id = model.id;
                known->parts = told_words(model);
            }
            (model.state == LoadState::loaded ? known->loaded_on : known->others).push_back(status.server.label());
        }
    }
    std::vector<PickableModel> models;
    for (Found& one : found) {
        one.model.is_loaded = !one.loaded_on.empty();
        if (!one.loaded_on.empty()) one.parts.push_back(fmt::format("loaded on {}", fmt::join(one.loaded_on, ", ")));
        if (!one.others.empty()) one.parts.push_back(fmt::format("{}", fmt::join(one.others, ", ")));
        one.model.second = joined(one.parts);
        models.push_back(std::move(one.model));
    }
    return models;
}

bool matches(std::string_view text, std::string_view filter) {
    for (std::size_t at = 0; at < filter.size();) {
        while (at < filter.size() && is_between(filter[at])) ++at;
        std::size_t end = at;
        while (end < filter.size() && !is_between(filter[end])) ++end;
        const std::string_view word = filter.substr(at, end - at);
        if (std::search(text.begin(), text.end(), word.begin(), word.end(),
                        [](char a, char b) { return base::to_lower(a) == base::to_lower(b); }) == text.end())
            return false;
        at = end;
    }
    return true;
}

}  // namespace llmc::gui
