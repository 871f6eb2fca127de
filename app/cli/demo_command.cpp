#include <fmt/format.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/platform.h"
#include "demo/demo_servers.h"

namespace llmc::cli {

int demo_command(const Options& options, Terminal& terminal) {
    Wakeups wakeups;
    demo::DemoOptions wanted;
    wanted.tokens_per_s = options.demo_tokens_per_s;
    if (options.demo_port) wanted.port = *options.demo_port;
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
