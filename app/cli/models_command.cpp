#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/columns.h"
#include "cli/commands.h"
#include "cli/event_writer.h"
#include "cli/found_servers.h"
#include "cli/platform.h"
#include "cli/progress.h"
#include "cli/setup.h"

namespace llmc::cli {
namespace {

using base::OrderedJson;

template <class T>
OrderedJson value_or_null(const std::optional<T>& value) {
    return value ? OrderedJson(*value) : OrderedJson(nullptr);
}

OrderedJson to_json(const std::vector<engine::ServerStatus>& servers) {
    OrderedJson json{{"servers", OrderedJson::array()}, {"models", OrderedJson::array()}};
    for (const engine::ServerStatus& status : servers) {
        json["servers"].push_back(
            {{"server", status.server.label()},
             {"url", status.server.url.text()},
             {"kind", status.is_reachable() ? OrderedJson(status.manifest->kind_name()) : OrderedJson(nullptr)},
             {"reachable", status.is_reachable()},
             {"error", text_or_null(status.error)}});
        if (!status.is_reachable()) continue;
        for (const openai::ModelInfo& model : status.manifest->models)
            json["models"].push_back({{"id", model.id},
                                      {"server", status.server.label()},
                                      {"url", status.server.url.text()},
                                      {"embedding", model.is_embedding},
                                      {"state", model.state == openai::LoadState::unknown
                                                    ? OrderedJson(nullptr)
                                                    : OrderedJson(openai::load_state_name(model.state))},
                                      {"quantization", text_or_null(model.quantization)},
                                      {"format", text_or_null(model.format)},
                                      {"parameters", text_or_null(model.parameters)},
                                      {"context_length", value_or_null(model.context_length)},
                                      {"max_context_length", value_or_null(model.max_context_length)},
                                      {"size_bytes", value_or_null(model.size_bytes)}});
    }
    return json;
}

std::vector<std::string> to_table(const std::vector<engine::ServerStatus>& servers) {
    std::vector<std::vector<std::string>> rows{{"SERVER", "MODEL", "STATE", "QUANTIZATION", "CONTEXT"}};
    for (const engine::ServerStatus& status : servers) {
        if (!status.is_reachable()) continue;
        std::size_t shown = 0;
        for (const openai::ModelInfo& model : status.manifest->models) {
            if (model.is_embedding) continue;  // cannot chat
            ++shown;
            const auto context = model.context_length ? model.context_length : model.max_context_length;
            rows.push_back(
                {status.server.label(), model.id,
                 model.state == openai::LoadState::unknown ? "" : std::string(openai::load_state_name(model.state)),
                 model.quantization, context ? fmt::format("{}", *context) : ""});
        }
        const bool has_list = status.manifest->list == openai::Manifest::List::there;
        if (shown == 0) rows.push_back({status.server.label(), has_list ? "(no models)" : "(no list)", "", "", ""});
    }
    return in_columns(rows);
}

}  // namespace

int models_command(const Options& options, Terminal& terminal) {
    auto setup = make_setup(options, config::system_environment());
    if (!setup) {
        terminal.complain(setup.error().message);
        return kUsage;
    }
    for (const std::string& note : setup->notes) terminal.complain(note);
    for (const session::Server& server : setup->configure.servers)
        if (const auto open = engine::open_key(server)) terminal.complain("warning: " + engine::words(*open));
    Wakeups wakeups;
    engine::Engine engine(wakeups);
    discover_servers(engine, setup->configure);
    std::vector<engine::ServerStatus> servers;
    if (!setup->configure.servers.empty()) {
        engine.post(setup->configure);
        servers = wait_for_manifests(engine, [&wakeups] {
            wakeups.wait(std::chrono::seconds{1});
            return wakeups.interruptions() == 0;
        });
        if (wakeups.interruptions() > 0) return kInterrupted;
    }
    const bool any =
        std::any_of(servers.begin(), servers.end(), [](const auto& status) { return status.is_reachable(); });
    if (options.as_json) {
        terminal.print(json_for_terminal(base::dump_json(to_json(servers), 2)) + "\n");
    } else if (any) {
        for (const std::string& line : to_table(servers)) terminal.say(line);
    }
    for (const engine::ServerStatus& status : servers)
        if (const auto away = engine::unreachable(status)) terminal.complain(engine::words(*away));
    if (servers.empty()) terminal.complain(kNoServerWords);
    return any ? kOk : kNoServer;
}

}  // namespace llmc::cli
