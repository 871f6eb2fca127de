// What a cast asks of the servers, and whether they have it now.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "interop/cast_export.h"
#include "metrics/recorder.h"
#include "metrics/words.h"
#include "requests_of_role.h"
#include "suite/suite.h"

namespace llmc::interop {
namespace {

// The role whose requests hold an image, in the framework that has roles of fixed names.
constexpr std::string_view kImageRole = "image_specialist";

// One request of an answer.
struct Request {
    std::optional<std::int64_t> tokens;  // prompt and output
    std::optional<double> seconds;
};

Request request_of(const metrics::AnswerMetrics& metrics) {
    Request request{.seconds = metrics.end_to_end_latency_s};
    if (metrics.prompt_tokens && metrics.output_tokens)
        request.tokens = *metrics.prompt_tokens + *metrics.output_tokens;
    return request;
}

std::vector<Request> requests_of(const session::Answer& answer) {
    if (answer.steps.empty()) return {request_of(answer.metrics)};
    std::vector<Request> requests;
    for (const auto& step : answer.steps) requests.push_back(request_of(step->metrics));
    return requests;
}

// A suite's limits, by prompt; read once for all its answers.
struct SuiteFacts {
    std::optional<double> time_limit_s;
    std::map<std::string, double> own_limits_s;
    bool uses_tools = false;
};

SuiteFacts facts_of(const session::Session& session) {
    SuiteFacts facts;
    if (!session.suite || !session.suite->source.is_object()) return facts;
    const auto suite = suite::suite_from_json(session.suite->source);
    if (!suite) return facts;
    facts.time_limit_s = suite->total_timeout_s;
    facts.uses_tools = suite->tools.is_array() && !suite->tools.empty();
    for (const suite::SuitePrompt& prompt : suite->prompts) {
        if (prompt.total_timeout_s) facts.own_limits_s[prompt.id] = *prompt.total_timeout_s;
        facts.uses_tools = facts.uses_tools || (prompt.tools && !prompt.tools->empty());
    }
    return facts;
}

void look_at_time(const session::Answer& answer, double limit_s, RoleNeeds& needs) {
    needs.time_limit_s = needs.requests == 0 ? limit_s : std::min(needs.time_limit_s, limit_s);
    const bool has_failed_so = answer.failure && answer.failure->kind == ErrorKind::timeout;
    for (const Request& request : requests_of(answer)) {
        if (!request.seconds && !has_failed_so) continue;
        ++needs.requests;
        if (request.seconds && *request.seconds > limit_s) ++needs.requests_over_time;
    }
    // The one that failed has no latency, or one up to its last token.
    const auto last = requests_of(answer).back();
    if (has_failed_so && !(last.seconds && *last.seconds > limit_s)) ++needs.requests_over_time;
}

std::string limit_words(const ExportedRole& role) {
    return fmt::format("{} (prompt and output; 95 % of its requests need that or less)",
                       metrics::count_text(*role.needs.context_tokens));
}

void look_at_context(const openai::ModelInfo& info, const std::string& server, ExportedRole& role) {
    const auto need = role.needs.context_tokens;
    if (!need) return;
    const std::string& model = role.cast.model;
    if (info.context_length && *info.context_length < *need)
        role.findings.push_back(fmt::format("{} has {} with a context of {} tokens, and the role needs {}", server,
                                            model, metrics::count_text(*info.context_length), limit_words(role)));
    if (info.context_length) return;
    if (info.max_context_length && *info.max_context_length < *need)
        role.findings.push_back(fmt::format("{} of {} takes at most {} tokens, and the role needs {}", model, server,
                                            metrics::count_text(*info.max_context_length), limit_words(role)));
    else if (info.state == openai::LoadState::not_loaded)
        role.findings.push_back(
            fmt::format("{} is not loaded on {}: whether its context holds the role's {} is not known", model, server,
                        limit_words(role)));
    else
        role.findings.push_back(
            fmt::format("{} does not tell the context of {}; the role needs {}", server, model, limit_words(role)));
}

void look_at_abilities(const openai::ModelInfo& info, const std::string& server, ExportedRole& role) {
    if (role.needs.uses_tools && info.calls_tools == false)
        role.findings.push_back(fmt::format("{} says that {} does not call tools, and the role's prompts offer some",
                                            server, role.cast.model));
    if (role.name == kImageRole && info.takes_images == false)
        role.findings.push_back(
            fmt::format("{} says that {} takes no images, and this role has to", server, role.cast.model));
}

void look_at_server(const ServerState& state, ExportedRole& role) {
    const std::string label = state.server.label();
    if (!state.manifest) {
        role.findings.push_back(fmt::format("{} ({}) {}: whether it has {} is not known", label,
                                            state.server.url.text(),
                                            state.error.empty() ? "did not answer" : state.error, role.cast.model));
        return;
    }
    if (state.manifest->list != openai::Manifest::List::there) {
        role.findings.push_back(
            fmt::format("{} has no list of models: whether it has {} is not known", label, role.cast.model));
        return;
    }
    const openai::ModelInfo* info = state.manifest->find(role.cast.model);
    if (!info) {
        role.findings.push_back(fmt::format("{} does not have {}", label, role.cast.model));
        return;
    }
    if (info->context_length) role.cast.context_length = info->context_length;
    look_at_context(*info, label, role);
    look_at_abilities(*info, label, role);
}

}  // namespace

RoleNeeds needs_of(std::span<const decide::EvidenceAnswer> answers, std::string_view label) {
    RoleNeeds needs;
    std::map<const session::Session*, SuiteFacts> suites;
    std::vector<double> tokens;
    for (const decide::EvidenceAnswer& one : answers) {
        if (one.label != label) continue;
        auto facts = suites.find(one.session);
        if (facts == suites.end()) facts = suites.emplace(one.session, facts_of(*one.session)).first;
        needs.uses_tools = needs.uses_tools || facts->second.uses_tools || !one.answer->tool_calls.empty();
        // An answer fits where its largest request does.
        std::optional<std::int64_t> largest;
        for (const Request& request : requests_of(*one.answer))
            if (request.tokens) largest = std::max(largest.value_or(0), *request.tokens);
        if (largest) tokens.push_back(static_cast<double>(*largest));
        const auto own = facts->second.own_limits_s.find(one.round->prompt_id);
        if (own != facts->second.own_limits_s.end())
            look_at_time(*one.answer, own->second, needs);
        else if (facts->second.time_limit_s)
            look_at_time(*one.answer, *facts->second.time_limit_s, needs);
    }
    if (const auto most = metrics::quantile(std::move(tokens), 0.95))
        needs.context_tokens = static_cast<std::int64_t>(std::ceil(*most));
    return needs;
}

std::vector<session::Server> servers_of(const CastExport& cast) {
    std::vector<session::Server> servers;
    for (const ExportedRole& role : cast.roles)
        if (role.cast.server && std::none_of(servers.begin(), servers.end(), [&role](const session::Server& known) {
                return known.url == role.cast.server->url;
            }))
            servers.push_back(*role.cast.server);
    return servers;
}

void look_at_servers(CastExport& cast, std::span<const ServerState> servers) {
    for (ExportedRole& role : cast.roles) {
        if (role.needs.requests_over_time > 0)
            role.findings.push_back(fmt::format("{} of {} requests took longer than the suite's {}",
                                                role.needs.requests_over_time, role.needs.requests,
                                                metrics::seconds_text(role.needs.time_limit_s)));
        if (!role.cast.server) {
            role.findings.push_back(
                "the address of its server is not known: neither its reports nor the configuration "
                "have it");
            continue;
        }
        const auto state = std::find_if(servers.begin(), servers.end(), [&role](const ServerState& one) {
            return one.server.url == role.cast.server->url;
        });
        if (state != servers.end())
            look_at_server(*state, role);
        else
            role.findings.push_back(
                fmt::format("{} was not asked whether it has {} now", role.cast.server->label(), role.cast.model));
    }
}

}  // namespace llmc::interop
