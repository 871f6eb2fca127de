// `recover`: what a program that ended without a word has left, as reports or as a session.
#include <algorithm>

#include <fmt/format.h>

#include "base/file.h"
#include "base/locked_file.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/setup.h"
#include "engine/journal.h"
#include "report/session_file.h"
#include "report/writer.h"

namespace llmc::cli {
namespace {

std::string count_of(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string describe_journal(const engine::FoundJournal& journal) {
    if (journal.is_in_use) return fmt::format("{}  in use by a program that runs", journal.path.string());
    const auto recovered = engine::read_journal(journal.path);
    if (!recovered) return fmt::format("{}  cannot be read: {}", journal.path.string(), recovered.error().message);
    const session::Session& session = recovered->session;
    std::size_t answers = 0, unfinished = 0;
    for (const auto& round : session.rounds)
        for (const session::Answer& answer : round->answers) {
            ++answers;
            if (answer.state == session::AnswerState::interrupted) ++unfinished;
        }
    return fmt::format("{}  begun {}, {}, {} ({} unfinished), {} waiting{}", journal.path.string(),
                       base::iso_local(session.created_at), count_of(session.rounds.size(), "round"),
                       count_of(answers, "answer"), unfinished, count_of(session.queue.size(), "prompt"),
                       recovered->damage.empty() ? "" : "; damaged: " + recovered->damage);
}

bool holds_everything(const std::vector<report::Format>& formats) {
    return std::any_of(formats.begin(), formats.end(),
                       [](report::Format one) { return one->keeps == report::Keeps::everything; });
}

}  // namespace

int recover_command(const Options& options, Terminal& terminal) {
    const auto fail = [&terminal](std::string_view text) {
        terminal.complain(text);
        return kUsage;
    };
    std::error_code ignored;
    if (options.save_as && std::filesystem::exists(*options.save_as, ignored))
        return fail(fmt::format("--as: {} is there already; name a file that is not", options.save_as->string()));
    const config::Environment environment = config::system_environment();
    const std::filesystem::path folder = config::folders(environment).state;
    const std::vector<engine::FoundJournal> journals = engine::find_journals(folder);
    if (journals.empty()) return fail(fmt::format("There is no crash journal in {}.", folder.string()));
    if (options.lists) {
        for (const engine::FoundJournal& journal : journals) terminal.say(describe_journal(journal));
        return kOk;
    }

    for (const engine::FoundJournal& journal : journals) {
        // Held until it is removed: of several programs that recover, one takes it.
        auto held = base::LockedFile::claim(journal.path);
        if (!held) {
            terminal.complain(held.error().message);
            continue;
        }
        if (!*held) {
            terminal.complain(std::filesystem::exists(journal.path, ignored)
                                  ? fmt::format("{} is in use by another program.", journal.path.string())
                                  : fmt::format("{} is not there any more.", journal.path.string()));
            continue;
        }
        const auto recovered = engine::read_journal(journal.path);
        if (!recovered) {
            terminal.complain(recovered.error().message);
            continue;
        }
        if (!recovered->damage.empty())
            terminal.complain(fmt::format("warning: {}: {}. What stands before it was read.", journal.path.string(),
                                          recovered->damage));
        const session::Session& session = recovered->session;
        if (options.save_as) {
            if (auto saved = base::save_file(*options.save_as, report::to_session_file(session)); !saved)
                return fail(saved.error().message);
            terminal.say(fmt::format("session {}", options.save_as->string()));
        } else {
            std::filesystem::path out;
            if (options.out) {
                out = *options.out;
            } else {
                auto setup = make_setup(options, environment);
                if (!setup) return fail(setup.error().message);
                out = setup->configure.report_folder;
            }
            auto written = report::write_reports(session, options.formats, out, base::SystemClock{}.wall());
            if (!written) return fail(written.error().message);
            for (const auto& path : *written) terminal.say(fmt::format("report {}", path.string()));
        }
        // What was written can be opened and continued: the journal has done its work. A text alone does not replace
        // it.
        if (!options.save_as && !holds_everything(options.formats)) {
            terminal.say(fmt::format("The journal stays: {}", journal.path.string()));
        } else if (recovered->damage.empty() || recovered->is_torn) {
            if (auto removed = (**held).remove(); !removed) terminal.complain(removed.error().message);
        } else if (auto aside = engine::set_aside_journal(**held)) {
            terminal.complain(fmt::format("The damaged journal is kept: {}", aside->string()));
        } else {
            terminal.complain(aside.error().message);
        }
        return kOk;
    }
    return fail("No crash journal could be recovered.");
}

}  // namespace llmc::cli
