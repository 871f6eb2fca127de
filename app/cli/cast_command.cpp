// `cast`: a casting sheet from reports and sessions.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/setup.h"
#include "decide/cast_writer.h"
#include "report/session_file.h"

namespace llmc::cli {
namespace {

struct ReadFile {
    std::string name;
    session::Session session;
};

// In the order of their paths: that of the arguments does not matter.
Result<std::vector<ReadFile>> read_all(std::vector<std::filesystem::path> paths) {
    std::sort(paths.begin(), paths.end());
    std::vector<ReadFile> files;
    for (const auto& path : paths) {
        auto session = report::load_session(path);
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

}  // namespace

int cast_command(const Options& options, Terminal& terminal) {
    const auto fail = [&terminal](std::string_view text) {
        terminal.complain(text);
        return kUsage;
    };
    const auto formats = decide::cast_formats_from(options.cast_formats);
    if (!formats) return fail("--format: " + formats.error().message);
    const auto files = read_all(options.cast_files);
    if (!files) return fail(files.error().message);
    std::vector<decide::CastSource> sources;
    for (const ReadFile& file : *files) sources.push_back({file.name, &file.session});
    decide::CastSheet sheet = decide::cast_sheet(sources);
    if (auto done = take_picks(sheet, options.picks); !done) return fail(done.error().message);
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
