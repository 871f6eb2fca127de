// `doctor`: what may be wrong on this machine, and what to do about it.
#include <cstdlib>

#include <openssl/crypto.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/event_writer.h"
#include "cli/found_servers.h"
#include "cli/platform.h"
#include "cli/setup.h"
#include "engine/doctor.h"
#include "gui/look/system_fonts.h"

namespace llmc::cli {
namespace {

std::vector<std::string> missing_fonts() {
    const gui::SystemFonts fonts;
    std::vector<std::string> missing;
    if (!fonts.text({"Inter", "sans-serif"}, gui::Weight::regular, false)) missing.emplace_back("any font for text");
    if (!fonts.text({"JetBrains Mono", "monospace"}, gui::Weight::regular, false))
        missing.emplace_back("a monospaced font");
    if (fonts.emoji().empty()) missing.emplace_back("a font for emoji");
    if (fonts.cjk(gui::Weight::regular, {}).empty()) missing.emplace_back("fonts for Chinese, Japanese and Korean");
    return missing;
}

std::string display(const config::Environment& environment) {
    if (const auto wayland = environment("WAYLAND_DISPLAY"); wayland && !wayland->empty())
        return "Wayland (" + *wayland + ")";
    const auto x11 = environment("DISPLAY");
    return x11 && !x11->empty() ? "X11 (" + *x11 + ")" : std::string();
}

// A configuration that cannot be read has no servers to be asked; the rest is looked at all the same.
std::vector<engine::ServerStatus> ask_servers(const Options& options, const config::Environment& environment,
                                              Wakeups& wakeups) {
    auto setup = make_setup(options, environment);
    if (!setup) return {};
    engine::Engine engine(wakeups);
    discover_servers(engine, setup->configure);
    if (setup->configure.servers.empty()) return {};
    setup->configure.journal_folder.clear();
    engine.post(setup->configure);
    return wait_for_manifests(engine, [&wakeups] {
        wakeups.wait(std::chrono::seconds{1});
        return wakeups.interruptions() == 0;
    });
}

}  // namespace

int doctor_command(const Options& options, Terminal& terminal) {
    engine::Surroundings at;
    at.environment = config::system_environment();
    at.folders = config::folders(at.environment);
    at.config_file = options.config.value_or(at.folders.config / "config.json");
    at.version = LLMC_VERSION;
    at.libraries = {OpenSSL_version(OPENSSL_VERSION)};
    at.display = display(at.environment);
    at.missing_fonts = missing_fonts();
    Wakeups wakeups;
    const auto servers = ask_servers(options, at.environment, wakeups);
    if (wakeups.interruptions() > 0) return kInterrupted;
    const std::vector<engine::Diagnosis> found = engine::diagnose(at, servers);
    if (options.as_json)
        terminal.print(json_for_terminal(base::dump_json(base::OrderedJson{{"diagnoses", engine::to_json(found)}}, 2)) +
                       "\n");
    else
        for (const std::string& line : engine::lines(found)) terminal.say(line);
    return engine::has_problem(found) ? kUsage : kOk;
}

}  // namespace llmc::cli
