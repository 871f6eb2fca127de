#include "engine/preflight.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace llmc::engine {
namespace {

bool is_chosen(const session::Candidate& candidate, const ServerStatus& status) {
    return candidate.server.empty() || session::names_server(candidate.server, status.server);
}

// "Q4_K_M, gguf, context 4096 of 32768, loaded": what the server tells, nothing else.
std::string told(const openai::ModelInfo& model) {
    std::vector<std::string> parts;
    if (!model.quantization.empty()) parts.push_back(model.quantization);
    if (!model.format.empty()) parts.push_back(model.format);
    if (model.context_length && model.max_context_length && *model.context_length != *model.max_context_length)
        parts.push_back(fmt::format("context {} of {}", *model.context_length, *model.max_context_length));
    else if (const auto context = model.context_length ? model.context_length : model.max_context_length)
        parts.push_back(fmt::format("context {}", *context));
    if (model.state != openai::LoadState::unknown) parts.push_back(std::string(openai::load_state_name(model.state)));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string missing(const std::vector<ServerStatus>& servers, const session::Candidate& candidate) {
    std::vector<std::string> ids, unreachable;
    for (const ServerStatus& status : servers) {
        if (!is_chosen(candidate, status)) continue;
        if (!status.is_reachable()) {
            unreachable.push_back(fmt::format("{} {}", status.server.label(), status.error));
            continue;
        }
        for (const auto& model : status.manifest->models)
            if (!model.is_embedding) ids.push_back(model.id);
    }
    std::string text = candidate.server.empty() ? fmt::format("No server has the model \"{}\".", candidate.model_id)
                                                : fmt::format("The server \"{}\" does not have the model \"{}\".",
                                                              candidate.server, candidate.model_id);
    const auto nearest = openai::nearest_models(candidate.model_id, ids);
    if (!nearest.empty()) text += fmt::format(" The nearest names are: {}.", fmt::join(nearest, ", "));
    if (!unreachable.empty()) text += fmt::format(" Not reachable: {}.", fmt::join(unreachable, "; "));
    return text;
}

// Models of one id that servers describe differently: the comparison would mix them.
void warn_of_differences(const std::vector<ServerStatus>& servers, const session::Candidate& candidate,
                         std::vector<std::string>& warnings) {
    const auto able = servers_for(servers, candidate);
    std::map<std::string, std::vector<std::string>> by_description;
    for (const int index : able) {
        const ServerStatus& status = servers[static_cast<std::size_t>(index)];
        openai::ModelInfo model = *status.manifest->find(candidate.model_id);
        model.state = openai::LoadState::unknown;  // loaded or not is no difference
        if (const std::string description = told(model); !description.empty())
            by_description[description].push_back(status.server.label());
    }
    if (by_description.size() < 2) return;
    std::vector<std::string> parts;
    for (const auto& [description, labels] : by_description)
        parts.push_back(fmt::format("{} on {}", description, fmt::join(labels, " and ")));
    warnings.push_back(fmt::format("{} is not the same everywhere: {}. Pin it to one server to compare like with like.",
                                   candidate.model_id, fmt::join(parts, "; ")));
}

// Servers that keep few models loaded swap them in every round.
void warn_of_evictions(const std::vector<ServerStatus>& servers, const std::vector<session::Candidate>& candidates,
                       const session::Settings& settings, std::vector<std::string>& warnings) {
    if (settings.order == session::Order::by_model) return;
    for (std::size_t i = 0; i < servers.size(); ++i) {
        const ServerStatus& status = servers[i];
        if (!status.is_reachable()) continue;
        using openai::ServerKind;
        const ServerKind kind = status.manifest->kind;
        if (kind != ServerKind::lm_studio && kind != ServerKind::llama_router && kind != ServerKind::ollama) continue;
        std::set<std::string> only_here, not_loaded;
        for (const session::Candidate& candidate : candidates) {
            const auto able = servers_for(servers, candidate);
            if (able.size() != 1 || able.front() != static_cast<int>(i)) continue;
            only_here.insert(candidate.model_id);
            if (status.manifest->find(candidate.model_id)->state != openai::LoadState::loaded)
                not_loaded.insert(candidate.model_id);
        }
        if (only_here.size() < 2 || not_loaded.empty()) continue;
        warnings.push_back(
            fmt::format("{} serves {} of the models alone and has not all of them loaded ({}): it may load and evict "
                        "models in every round. "
                        "Load them before the start if they fit together, or use the order by-model.",
                        status.server.label(), only_here.size(), fmt::join(not_loaded, ", ")));
    }
}

}  // namespace

std::string key_risk(const session::Server& server) {
    if (server.api_key.empty() || server.url.is_https() || server.url.is_loopback()) return {};
    return fmt::format(
        "{} ({}) gets its API key over plain http: everybody between here and there can read it. Use https if the "
        "server can.",
        server.label(), server.url.text());
}

std::vector<int> servers_for(const std::vector<ServerStatus>& servers, const session::Candidate& candidate) {
    std::vector<int> able;
    for (std::size_t i = 0; i < servers.size(); ++i)
        if (servers[i].is_reachable() && is_chosen(candidate, servers[i]) &&
            servers[i].manifest->find(candidate.model_id))
            able.push_back(static_cast<int>(i));
    return able;
}

Preflight check_start(const std::vector<ServerStatus>& servers, const std::vector<session::Candidate>& candidates,
                      const session::Settings& settings) {
    Preflight result;
    if (servers.empty()) result.errors.push_back("No server is configured.");
    if (candidates.empty()) result.errors.push_back("No model is chosen.");
    const bool any_reachable =
        std::any_of(servers.begin(), servers.end(), [](const ServerStatus& status) { return status.is_reachable(); });
    for (const ServerStatus& status : servers)
        if (std::string risk = key_risk(status.server); !risk.empty()) result.warnings.push_back(std::move(risk));
    for (const ServerStatus& status : servers) {
        if (status.is_reachable()) continue;
        auto& list = any_reachable ? result.warnings : result.errors;
        std::string text = fmt::format("{} ({}) {}.", status.server.label(), status.server.url.text(), status.error);
        if (status.error_kind == ErrorKind::connection && status.server.url.is_local_network() &&
            !status.server.url.is_loopback())
            text += " If LM Studio runs there, switch on \"Serve on Local Network\" in its server settings.";
        list.push_back(std::move(text));
    }
    if (!any_reachable) return result;

    std::set<std::string> seen;
    for (const session::Candidate& candidate : candidates) {
        const auto able = servers_for(servers, candidate);
        if (able.empty()) {
            result.errors.push_back(missing(servers, candidate));
            continue;
        }
        if (!seen.insert(candidate.model_id + '\n' + candidate.server).second) continue;
        for (const int index : able) {
            const ServerStatus& status = servers[static_cast<std::size_t>(index)];
            if (const std::string text = told(*status.manifest->find(candidate.model_id)); !text.empty())
                result.notes.push_back(fmt::format("{} on {}: {}", candidate.model_id, status.server.label(), text));
        }
        warn_of_differences(servers, candidate, result.warnings);
    }
    warn_of_evictions(servers, candidates, settings, result.warnings);
    return result;
}

}  // namespace llmc::engine
