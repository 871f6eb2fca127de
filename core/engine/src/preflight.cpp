#include "engine/preflight.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace llmc::engine {

using Kind = Finding::Kind;
using Weight = Finding::Weight;

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

// The findings of one start, in the order in which they are told.
class Check {
public:
    Check(const std::vector<ServerStatus>& servers, const std::vector<session::Candidate>& candidates)
        : servers_(servers), candidates_(candidates) {}

    Preflight run(const session::Settings& settings) {
        if (servers_.empty()) add({.kind = Kind::no_server});
        if (candidates_.empty()) add({.kind = Kind::no_model});
        for (const ServerStatus& status : servers_)
            if (auto open = open_key(status.server)) add(*std::move(open));
        const bool any_reachable =
            std::any_of(servers_.begin(), servers_.end(), [](const auto& status) { return status.is_reachable(); });
        for (const ServerStatus& status : servers_)
            if (auto away = unreachable(status)) {
                if (any_reachable) away->weight = Weight::warning;
                add(*std::move(away));
            }
        if (!any_reachable) return std::move(result_);
        look_at_candidates();
        look_for_lists();
        if (settings.order != session::Order::by_model) look_for_swaps();
        return std::move(result_);
    }

private:
    void add(Finding finding) { result_.findings.push_back(std::move(finding)); }

    void look_at_candidates() {
        std::set<std::string> seen;
        for (const session::Candidate& candidate : candidates_) {
            const auto able = servers_for(servers_, candidate);
            if (able.empty()) {
                add(missing_model(servers_, candidate));
                continue;
            }
            if (!seen.insert(candidate.model_id + '\n' + candidate.server).second) continue;
            std::map<std::string, std::vector<std::string>> by_description;
            for (const int index : able) tell(candidate, servers_[static_cast<std::size_t>(index)], by_description);
            if (by_description.size() < 2) continue;
            // Models of one id that servers describe differently: the comparison would mix them.
            Finding different{.kind = Kind::different_model, .weight = Weight::warning, .model = candidate.model_id};
            for (const auto& [description, labels] : by_description)
                different.others.push_back(fmt::format("{} on {}", description, fmt::join(labels, " and ")));
            add(std::move(different));
        }
    }

    void tell(const session::Candidate& candidate, const ServerStatus& status,
              std::map<std::string, std::vector<std::string>>& by_description) {
        const openai::ModelInfo* model = status.manifest->find(candidate.model_id);
        if (!model) return;
        const std::string label = status.server.label();
        if (std::string text = told(*model); !text.empty())
            add({.kind = Kind::model_told,
                 .weight = Weight::note,
                 .server = label,
                 .model = candidate.model_id,
                 .cause = std::move(text)});
        openai::ModelInfo stateless = *model;
        stateless.state = openai::LoadState::unknown;  // loaded or not is no difference
        if (const std::string description = told(stateless); !description.empty())
            by_description[description].push_back(label);
    }

    void look_for_lists() {
        for (const ServerStatus& status : servers_) {
            if (!status.is_reachable() || status.manifest->list != openai::Manifest::List::none) continue;
            Finding unlisted{.kind = Kind::without_list, .weight = Weight::warning, .server = status.server.label()};
            std::set<std::string> models;
            for (const session::Candidate& candidate : candidates_)
                if (can_serve(status, candidate, servers_.size())) models.insert(candidate.model_id);
            unlisted.names.assign(models.begin(), models.end());
            add(std::move(unlisted));
        }
    }

    // Servers that keep few models loaded swap them in every round.
    void look_for_swaps() {
        for (std::size_t i = 0; i < servers_.size(); ++i) {
            const ServerStatus& status = servers_[i];
            if (!status.is_reachable() || !status.manifest->dialect || !status.manifest->dialect->swaps_models)
                continue;
            std::set<std::string> only_here, not_loaded;
            for (const session::Candidate& candidate : candidates_) {
                const auto able = servers_for(servers_, candidate);
                if (able.size() != 1 || able.front() != static_cast<int>(i)) continue;
                only_here.insert(candidate.model_id);
                const openai::ModelInfo* model = status.manifest->find(candidate.model_id);
                if (model && model->state != openai::LoadState::loaded) not_loaded.insert(candidate.model_id);
            }
            if (only_here.size() < 2 || not_loaded.empty()) continue;
            add({.kind = Kind::swaps_models,
                 .weight = Weight::warning,
                 .server = status.server.label(),
                 .names = {not_loaded.begin(), not_loaded.end()},
                 .count = only_here.size()});
        }
    }

    const std::vector<ServerStatus>& servers_;
    const std::vector<session::Candidate>& candidates_;
    Preflight result_;
};

}  // namespace

bool Preflight::has_errors() const {
    return std::any_of(findings.begin(), findings.end(), [](const auto& one) { return one.weight == Weight::error; });
}

std::vector<std::string> Preflight::texts(Weight weight) const {
    std::vector<std::string> texts;
    for (const Finding& finding : findings)
        if (finding.weight == weight) texts.push_back(words(finding));
    return texts;
}

void Preflight::rewrite(const std::function<std::string(std::string_view)>& change) {
    for (Finding& finding : findings) {
        for (std::string* text : {&finding.server, &finding.model, &finding.url, &finding.cause}) *text = change(*text);
        for (auto* texts : {&finding.names, &finding.others})
            for (std::string& text : *texts) text = change(text);
    }
}

std::optional<Finding> open_key(const session::Server& server) {
    if (server.api_key.empty() || server.url.is_https() || server.url.is_loopback()) return std::nullopt;
    return Finding{
        .kind = Kind::open_key, .weight = Weight::warning, .server = server.label(), .url = server.url.text()};
}

std::optional<Finding> unreachable(const ServerStatus& status) {
    if (status.is_reachable()) return std::nullopt;
    const net::BaseUrl& url = status.server.url;
    return Finding{.kind = Kind::unreachable,
                   .server = status.server.label(),
                   .url = url.text(),
                   .cause = status.error,
                   .may_serve_itself_only =
                       status.error_kind == ErrorKind::connection && url.is_local_network() && !url.is_loopback()};
}

Finding missing_model(const std::vector<ServerStatus>& servers, const session::Candidate& candidate) {
    Finding missing{.kind = Kind::missing_model, .server = candidate.server, .model = candidate.model_id};
    std::vector<std::string> ids;
    for (const ServerStatus& status : servers) {
        if (!is_chosen(candidate, status)) continue;
        if (!status.is_reachable()) {
            missing.others.push_back(fmt::format("{} {}", status.server.label(), status.error));
            continue;
        }
        for (const auto& model : status.manifest->models)
            if (!model.is_embedding) ids.push_back(model.id);
    }
    missing.names = openai::nearest_models(candidate.model_id, ids);
    return missing;
}

bool can_serve(const ServerStatus& status, const session::Candidate& candidate, std::size_t servers) {
    if (!status.is_reachable() || !is_chosen(candidate, status)) return false;
    if (status.manifest->list == openai::Manifest::List::none) return !candidate.server.empty() || servers == 1;
    return status.manifest->find(candidate.model_id) != nullptr;
}

std::vector<int> servers_for(const std::vector<ServerStatus>& servers, const session::Candidate& candidate) {
    std::vector<int> able;
    for (std::size_t i = 0; i < servers.size(); ++i)
        if (can_serve(servers[i], candidate, servers.size())) able.push_back(static_cast<int>(i));
    return able;
}

Preflight check_start(const std::vector<ServerStatus>& servers, const std::vector<session::Candidate>& candidates,
                      const session::Settings& settings) {
    return Check(servers, candidates).run(settings);
}

}  // namespace llmc::engine
