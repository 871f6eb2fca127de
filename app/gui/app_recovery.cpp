// Sessions that a program which ended early has left: offered at the start, taken up or thrown away on a click.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/journal.h"
#include "gui/app.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

RecoverableSession describe(const std::filesystem::path& path, const engine::Recovered& recovered) {
    const session::Session& session = recovered.session;
    std::size_t answers = 0, unfinished = 0;
    for (const auto& round : session.rounds)
        for (const session::Answer& answer : round->answers) {
            ++answers;
            if (answer.state == session::AnswerState::interrupted) ++unfinished;
        }
    RecoverableSession shown{.path = path};
    shown.title = fmt::format("{}: {}, {}", base::iso_local(session.created_at),
                              counted(session.rounds.size(), "round", "rounds"), counted(answers, "answer", "answers"));
    std::replace(shown.title.begin(), shown.title.end(), 'T', ' ');
    if (unfinished > 0) shown.title += fmt::format(", {} of them cut short", unfinished);
    if (!session.queue.empty())
        shown.title += fmt::format(", {} waiting", counted(session.queue.size(), "prompt", "prompts"));
    shown.candidates = fmt::format("{}", fmt::join(session::unique_labels(session.candidates), ", "));
    if (!recovered.is_torn) shown.damage = recovered.damage;
    return shown;
}

}  // namespace

void App::look_for_lost_sessions() {
    background_->run([this, folder = options_.folders.state] {
        auto found = std::make_shared<std::vector<RecoverableSession>>();
        for (const engine::FoundJournal& journal : engine::find_journals(folder)) {
            if (journal.is_in_use) continue;
            if (const auto recovered = engine::read_journal(journal.path); recovered)
                found->push_back(describe(journal.path, *recovered));
        }
        return Background::Finish([this, found] {
            if (found->empty()) return;
            note(LogEntry::Level::warning, fmt::format("{} left by a program that ended early.",
                                                       counted(found->size(), "session was", "sessions were")));
            modals_.offer_recovery(std::move(*found));
        });
    });
}

void App::recover_session(const std::filesystem::path& journal) {
    wanted_session_ = {journal, true};
    ask_or_do(AfterKeeping::open);
}

void App::read_journal(const std::filesystem::path& journal) {
    background_->run([this, journal] {
        auto recovered = std::make_shared<Result<engine::Recovered>>(engine::read_journal(journal));
        return Background::Finish([this, journal, recovered] {
            if (!*recovered) {
                complain(recovered->error().message);
                return;
            }
            if (is_at_work()) {  // something was sent while the journal was read
                complain("The session was not recovered: answers are running. It is offered again at the next start.");
                return;
            }
            const bool is_damaged = !(*recovered)->damage.empty() && !(*recovered)->is_torn;
            take_session(std::move((*recovered)->session), "crash journal", {journal, is_damaged});
            toast(is_damaged
                      ? "What could be read was recovered: save or export it. The damaged journal is kept beside it."
                      : "The session was recovered. It is not in a file yet: save or export it.");
        });
    });
}

void App::discard_journal(const std::filesystem::path& journal) {
    background_->run([this, journal] {
        const auto removed = engine::remove_journal(journal);
        return Background::Finish([this, failure = removed ? std::string() : removed.error().message] {
            if (!failure.empty()) complain(failure);
        });
    });
}

}  // namespace llmc::gui
