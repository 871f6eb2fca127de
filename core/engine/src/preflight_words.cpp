// The sentences of what is found before a start.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/preflight.h"

namespace llmc::engine {
namespace {

using Kind = Finding::Kind;

// What the window shows beside the beginning: names to choose, advice.
std::string more_words(const Finding& finding) {
    std::string text;
    switch (finding.kind) {
        case Kind::open_key: return " Use https if the server can.";
        case Kind::unreachable:
            if (!finding.may_serve_itself_only) return {};
            return " If LM Studio runs there, switch on \"Serve on Local Network\" in its server settings.";
        case Kind::missing_model:
            if (!finding.names.empty())
                text += fmt::format(" The nearest names are: {}.", fmt::join(finding.names, ", "));
            if (!finding.others.empty()) text += fmt::format(" Not reachable: {}.", fmt::join(finding.others, "; "));
            return text;
        case Kind::different_model: return " Pin it to one server to compare like with like.";
        case Kind::swaps_models: return " Load them before the start if they fit together, or use the order by-model.";
        default: return {};
    }
}

}  // namespace

std::string short_words(const Finding& finding) {
    const std::string &server = finding.server, &model = finding.model;
    switch (finding.kind) {
        case Kind::no_server: return "No server is configured.";
        case Kind::no_model: return "No model is chosen.";
        case Kind::open_key:
            return fmt::format(
                "{} ({}) gets its API key over plain http: everybody between here and there can read it.", server,
                finding.url);
        case Kind::unreachable: return fmt::format("{} ({}) {}.", server, finding.url, finding.cause);
        case Kind::without_list:
            if (finding.names.empty())
                return fmt::format("{} has no list of models: only what is pinned to it is sent there.", server);
            return fmt::format("{} has no list of models: it is asked for {} without knowing whether it has {}.",
                               server, fmt::join(finding.names, ", "), finding.names.size() == 1 ? "it" : "them");
        case Kind::missing_model:
            return server.empty() ? fmt::format("No server has the model \"{}\".", model)
                                  : fmt::format("The server \"{}\" does not have the model \"{}\".", server, model);
        case Kind::different_model:
            return fmt::format("{} is not the same everywhere: {}.", model, fmt::join(finding.others, "; "));
        case Kind::swaps_models:
            return fmt::format(
                "{} serves {} of the models alone and has not all of them loaded ({}): it may load and evict models in "
                "every round.",
                server, finding.count, fmt::join(finding.names, ", "));
        case Kind::form_fault:
            return fmt::format("{} has the request form {}, and the prompt \"{}\" {}.", model,
                               finding.names.empty() ? "" : finding.names.front(),
                               finding.names.empty() ? "" : finding.names.back(), finding.cause);
        case Kind::model_told: return fmt::format("{} on {}: {}", model, server, finding.cause);
    }
    return {};
}

std::string words(const Finding& finding) {
    return short_words(finding) + more_words(finding);
}

}  // namespace llmc::engine
