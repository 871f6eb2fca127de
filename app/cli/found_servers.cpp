#include "cli/found_servers.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/setup.h"
#include "config/config.h"
#include "config/discovery.h"

namespace llmc::cli {

void discover_servers(engine::Engine& engine, engine::Configure& configure) {
    if (!configure.servers.empty()) return;
    const auto ports = config::discovery_ports(config::system_environment()("LLMC_DISCOVERY_PORTS"));
    for (const config::Discovered& found : config::discover(engine.http(), ports))
        configure.servers.push_back({.url = found.url});
}

std::vector<engine::ServerStatus> wait_for_manifests(engine::Engine& engine, const std::function<bool()>& waits) {
    for (;;) {
        engine.look();
        const auto& servers = engine.snapshot().servers;
        // One that loads its model says nothing more for a while.
        const bool all_asked = std::all_of(servers.begin(), servers.end(),
                                           [](const auto& status) { return status.is_asked || status.is_loading; });
        if ((all_asked && !servers.empty()) || !waits()) return servers;
    }
}

std::vector<std::string> describe(const std::vector<engine::ServerStatus>& servers) {
    std::vector<std::string> lines;
    for (const engine::ServerStatus& status : servers) {
        std::vector<std::string> ids;
        if (status.is_reachable())
            for (const auto& model : status.manifest->models)
                if (!model.is_embedding) ids.push_back(model.id);
        const std::string what = !status.is_reachable()                                  ? status.error
                                 : status.manifest->list == openai::Manifest::List::none ? "has no list of models"
                                 : ids.empty()                                           ? "has no models"
                                                                                         : "has " + some_of(ids, 40);
        lines.push_back(status.server.label() + " " + what);
    }
    return lines;
}

}  // namespace llmc::cli
