// Sessions that a program which ended early has left: offered at the start, taken up or thrown away on a click.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/journal.h"
#include "gui/files.h"
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

void Files::look_for_lost_sessions(const std::filesystem::path& folder) {
    needs_.background.run([this, folder] {
        auto found = std::make_shared<std::vector<RecoverableSession>>();
        for (const engine::FoundJournal& journal : engine::find_journals(folder)) {
            if (journal.is_in_use) continue;
            if (const auto recovered = engine::read_journal(journal.path); recovered)
                found->push_back(describe(journal.path, *recovered));
        }
        return Background::Finish([this, found] {
            if (found->empty()) return;
            needs_.notices.note(LogEntry::Level::warning,
                                fmt::format("{} left by a program that ended early.",
                                            counted(found->size(), "session was", "sessions were")));
            needs_.modals.offer_recovery(std::move(*found));
        });
    });
}

void Files::recover(const std::filesystem::path& journal) {
    needs_.keeping.before(AfterKeeping::open, needs_.now(), [this, journal] {
        read([journal] { return engine::read_journal(journal); },
             [this, journal](engine::Recovered recovered) { take_recovered(std::move(recovered), journal); });
    });
}

void Files::take_recovered(engine::Recovered recovered, const std::filesystem::path& journal) {
    if (is_at_work(needs_.now()))  // something was sent while the journal was read
        return needs_.notices.complain(
            "The session was not recovered: answers are running. It is offered again at the next start.");
    const bool is_damaged = !recovered.damage.empty() && !recovered.is_torn;
    needs_.take_session({std::move(recovered.session), "crash journal", {journal, is_damaged}});
    needs_.notices.toast(
        is_damaged ? "What could be read was recovered: save or export it. The damaged journal is kept beside it."
                   : "The session was recovered. It is not in a file yet: save or export it.");
}

void Files::discard_journal(const std::filesystem::path& journal) {
    needs_.background.run([this, journal] {
        const auto removed = engine::remove_journal(journal);
        return Background::Finish([this, failure = removed ? std::string() : removed.error().message] {
            if (!failure.empty()) needs_.notices.complain(failure);
        });
    });
}

}  // namespace llmc::gui
