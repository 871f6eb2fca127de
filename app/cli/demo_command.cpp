#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/platform.h"
#include "demo/demo_servers.h"

namespace llmc::cli {

int demo_command(const Options& options, Terminal& terminal) {
    Wakeups wakeups;
    demo::DemoOptions wanted;
    wanted.tokens_per_s = options.demo_tokens_per_s;
    wanted.has_roles = true;
    wanted.has_forms = true;
    wanted.has_judges = true;
    if (options.demo_port) wanted.port = *options.demo_port;
    if (options.demo_fault == "list") {
        for (const demo::FaultRow& row : demo::faults()) terminal.say(fmt::format("{:<16} {}", row.name, row.what));
        return kOk;
    }
    if (!options.demo_fault.empty()) {
        const auto fault = demo::fault_from(options.demo_fault);
        if (!fault) {
            std::vector<std::string_view> names;
            for (const demo::FaultRow& row : demo::faults()) names.push_back(row.name);
            terminal.complain(fmt::format("--fault: \"{}\" is unknown; choose one of {}, or list", options.demo_fault,
                                          fmt::join(names, ", ")));
            return kUsage;
        }
        wanted.fault = *fault;
    }
    auto servers = demo::DemoServers::start(wanted);
    if (!servers) {
        terminal.complain(servers.error().message);
        return kUsage;
    }
    terminal.print(servers->describe());
    terminal.complain("Demo servers are running. Ctrl+C ends them.");
    while (wakeups.interruptions() == 0) wakeups.wait(std::chrono::hours{1});
    return kOk;
}

}  // namespace llmc::cli
