// `cast`: a casting sheet from reports and sessions, or what other programs read.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/ascii.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/event_writer.h"
#include "cli/found_servers.h"
#include "cli/platform.h"
#include "cli/progress.h"
#include "cli/read_report.h"
#include "cli/setup.h"
#include "decide/cast_writer.h"
#include "interop/cast_export.h"
#include "probe/store.h"

namespace llmc::cli {
namespace {

struct ReadFile {
    std::string name;
    session::Session session;
};

// In the order of their paths: that of the arguments does not matter.
Result<std::vector<ReadFile>> read_all(std::vector<std::filesystem::path> paths, Terminal& terminal) {
    std::sort(paths.begin(), paths.end());
    std::vector<ReadFile> files;
    for (const auto& path : paths) {
        auto session = read_report(path, terminal);
        if (!session) return session.error();
        files.push_back({path.filename().string(), std::move(*session)});
    }
    return files;
}

Result<void> take_picks(decide::CastSheet& sheet, const std::vector<std::string>& picks) {
    std::map<std::string_view, std::size_t> picked;  // by role
    for (const std::string& text : picks) {
        const auto role = decide::pick(sheet, text);
        if (!role) return Error{ErrorKind::usage, "--pick: " + role.error().message};
        const auto [known, is_first] = picked.try_emplace((*role)->name, *(*role)->picked);
        if (!is_first && known->second != *(*role)->picked)
            return Error{ErrorKind::usage, fmt::format("--pick: the role \"{}\" is picked twice", (*role)->name)};
    }
    return {};
}

void say_roles(const decide::CastSheet& sheet, Terminal& terminal) {
    for (const decide::CastRole& role : sheet.roles) {
        terminal.say(fmt::format("{}: {} ({})", role.name, role.contenders[role.cast()].label,
                                 role.picked ? "your pick" : "proposal"));
        terminal.say(fmt::format("  {}", role.reason));
    }
    for (const std::string& name : sheet.without_role)
        terminal.say(fmt::format("{}: no suite, so its ratings and speeds count for no role", name));
    for (const std::string& warning : sheet.warnings) terminal.complain(warning);
}

// What the servers of the cast say now.
std::vector<interop::ServerState> ask_servers(engine::Configure configure, std::vector<session::Server> servers) {
    std::vector<interop::ServerState> states;
    if (servers.empty()) return states;
    configure.servers = std::move(servers);
    Wakeups wakeups;
    engine::Engine engine(wakeups);
    engine.post(configure);
    const auto found = wait_for_manifests(engine, [&wakeups] {
        wakeups.wait(std::chrono::seconds{1});
        return wakeups.interruptions() == 0;
    });
    for (const engine::ServerStatus& status : found) states.push_back({status.server, status.manifest, status.error});
    return states;
}

// Another program's file in place of a sheet.
int export_cast(const Options& options, const decide::CastSheet& sheet, const std::vector<decide::CastSource>& sources,
                Terminal& terminal) {
    const auto fail = [&terminal](std::string_view text) {
        terminal.complain(text);
        return kUsage;
    };
    const auto format = interop::find_export_format(options.cast_as);
    if (!format) return fail("--as: " + format.error().message);
    const auto setup = make_setup(options, config::system_environment());
    if (!setup) return fail(setup.error().message);
    interop::CastExport cast = interop::export_of(sheet, sources, setup->configure.servers);
    interop::look_at_servers(cast, ask_servers(setup->configure, interop::servers_of(cast)));
    const auto done = interop::write_export(cast,
                                            {.format = *format,
                                             .folder = options.out.value_or(setup->configure.report_folder),
                                             .into = options.cast_into,
                                             .is_dry_run = options.is_dry_run},
                                            base::SystemClock{}.wall());
    if (!done) return fail(done.error().message);
    say_roles(sheet, terminal);
    for (const std::string& note : done->notes) terminal.complain(note);
    const auto show = [&](std::string_view text) {
        if (!text.empty() && !options.is_quiet) terminal.say_text(base::trim_end(text, "\n"));
    };
    if (options.cast_into || options.is_dry_run) show(done->difference);
    if (options.is_dry_run) show(done->environment);
    if (options.cast_into && done->difference.empty())
        terminal.say(fmt::format("{} says all this already: it was not changed", options.cast_into->string()));
    if (done->old_file) terminal.say(fmt::format("kept {}", done->old_file->string()));
    for (const auto& path : done->written) terminal.say(fmt::format("cast {}", path.string()));
    return kOk;
}

}  // namespace

int cast_command(const Options& options, Terminal& terminal) {
    const auto fail = [&terminal](std::string_view text) {
        terminal.complain(text);
        return kUsage;
    };
    const auto formats = decide::cast_formats_from(options.cast_formats);
    if (!formats) return fail("--format: " + formats.error().message);
    const auto files = read_all(options.cast_files, terminal);
    if (!files) return fail(files.error().message);
    std::vector<decide::CastSource> sources;
    for (const ReadFile& file : *files) sources.push_back({file.name, &file.session});
    decide::CastSheet sheet = decide::cast_sheet(sources);
    if (auto done = take_picks(sheet, options.picks); !done) return fail(done.error().message);
    const auto probes = probe::load_probes(config::folders(config::system_environment()).state / probe::kProbesFile);
    if (probes)
        interop::take_probes(sheet, sources, {}, *probes);
    else
        terminal.complain("warning: without the verdicts of probes: " + probes.error().message);
    if (!options.cast_as.empty()) return export_cast(options, sheet, sources, terminal);
    std::filesystem::path folder;
    if (options.out) {
        folder = *options.out;
    } else {
        auto setup = make_setup(options, config::system_environment());
        if (!setup) return fail(setup.error().message);
        folder = setup->configure.report_folder;
    }
    const auto written = decide::write_cast(sheet, *formats, folder, base::SystemClock{}.wall());
    if (!written) return fail(written.error().message);
    say_roles(sheet, terminal);
    for (const auto& path : *written) terminal.say(fmt::format("cast {}", path.string()));
    return kOk;
}

}  // namespace llmc::cli
