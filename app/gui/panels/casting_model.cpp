#include "gui/panels/casting_model.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "gui/interval_bar.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

class Line {
public:
    template <class... Args>
    void add(fmt::format_string<Args...> format, Args&&... args) {
        if (!text_.empty()) text_ += " · ";
        text_ += fmt::format(format, std::forward<Args>(args)...);
    }
    std::string take() { return std::move(text_); }
    void move_to(std::vector<std::string>& lines) {
        if (!text_.empty()) lines.push_back(std::move(text_));
    }

private:
    std::string text_;
};

}  // namespace

bool is_evidence(const session::Session& session) {
    if (session.suite && !session.rounds.empty()) return true;
    return std::any_of(session.rounds.begin(), session.rounds.end(), [](const auto& round) {
        return !round->votes.empty() || std::any_of(round->answers.begin(), round->answers.end(),
                                                    [](const auto& answer) { return !answer.rating.is_empty(); });
    });
}

void apply_pick(decide::CastRole& role, const CastingPick& pick) {
    role.picked.reset();
    role.note.clear();
    for (std::size_t i = 0; i < role.contenders.size(); ++i)
        if (!pick.label.empty() && role.contenders[i].label == pick.label) {
            role.picked = i;
            role.note = pick.note;
        }
}

decide::CastSheet sheet_of(std::span<const CastingSource> sources, const CastingPicks& picks) {
    // What was decided here is not asked of the sources: their picks for the role may contradict each other, and the
    // sheet would warn of it.
    std::vector<session::Session> sessions;
    std::vector<decide::CastSource> named;
    sessions.reserve(sources.size());
    for (const CastingSource& source : sources) {
        session::Session& copy = sessions.emplace_back(*source.session);  // rounds are shared
        std::erase_if(copy.casting, [&](const session::RolePick& one) { return picks.contains(one.role); });
        named.push_back({source.name, &copy});
    }
    decide::CastSheet sheet = decide::cast_sheet(named);
    for (const auto& [name, pick] : picks)
        if (decide::CastRole* role = sheet.find(name)) apply_pick(*role, pick);
    return sheet;
}

std::string head_line(const decide::CastSheet& sheet, std::span<const CastingSource> sources) {
    std::set<std::string> labels, suites;
    std::size_t answers = 0;
    for (const decide::CastRole& role : sheet.roles)
        for (const decide::Contender& contender : role.contenders) {
            labels.insert(contender.label);
            answers += static_cast<std::size_t>(contender.evidence.answers);
        }
    for (const CastingSource& source : sources)
        if (source.session->suite) suites.insert(source.session->suite->name);
    return fmt::format("{}, {}, {}, {}", counted(sheet.roles.size(), "role", "roles"),
                       counted(labels.size(), "candidate", "candidates"), counted(suites.size(), "suite", "suites"),
                       counted(answers, "answer", "answers"));
}

std::string short_reason(const decide::CastRole& role) {
    const std::string& first = role.contenders.front().label;
    if (role.picked)
        return *role.picked == 0 ? "picked by you, as proposed" : fmt::format("picked by you; proposal: {}", first);
    if (role.contenders.size() == 1) return "proposal: the only candidate";
    if (role.is_close)
        return fmt::format("proposal: {} and {} are equal within the intervals", first, role.contenders[1].label);
    const auto best = role.contenders[0].evidence.checks.rate(), next = role.contenders[1].evidence.checks.rate();
    if (best && next)
        return fmt::format("proposal: passed {}, the next one {}", percent_text(*best), percent_text(*next));
    return fmt::format("proposal: {}", role.reason);
}

std::vector<std::string> evidence_lines(const decide::Contender& contender) {
    const decide::Evidence& evidence = contender.evidence;
    std::vector<std::string> lines;
    if (const auto interval = evidence.checks.interval(); interval && evidence.checks.total > 0)
        lines.push_back(fmt::format("{} of {} checks passed: {}, interval {}", evidence.checks.passed,
                                    evidence.checks.total, percent_text(*evidence.checks.rate()),
                                    interval_text(interval->low, interval->high)));
    else
        lines.emplace_back("no checks");
    Line speed;
    speed.add("{}{}", counted(static_cast<std::size_t>(evidence.answers), "answer", "answers"),
              evidence.cold_answers > 0 ? fmt::format(", {} cold", evidence.cold_answers) : "");
    if (evidence.time_to_first_token_s) speed.add("TTFT {}", seconds_text(*evidence.time_to_first_token_s));
    if (evidence.end_to_end_latency_s) speed.add("end to end {}", seconds_text(*evidence.end_to_end_latency_s));
    if (evidence.decode_tokens_per_s) speed.add("{} tok/s", rate_text(*evidence.decode_tokens_per_s));
    if (evidence.reasoning_share) speed.add("reasoning {}", percent_text(*evidence.reasoning_share));
    speed.move_to(lines);
    const decide::VoteCounts& votes = evidence.votes;
    const decide::VoteCounts& verdicts = evidence.verdicts;
    if (votes.all() + verdicts.all() > 0) {
        Line line;
        if (votes.all() > 0)
            line.add("votes: {} won, {} lost, {} tied, {} both bad", votes.wins, votes.losses, votes.ties,
                     votes.both_bad);
        if (verdicts.all() > 0)
            line.add("licensed judges: {} won, {} lost, {} tied", verdicts.wins, verdicts.losses, verdicts.ties);
        if (const auto& score = evidence.vote_score)
            line.add("score {:+.2f}, interval {:+.2f} to {:+.2f}", score->score, score->low, score->high);
        line.move_to(lines);
    }
    const decide::RatingCounts& ratings = evidence.ratings;
    Line liked;
    if (const auto stars = ratings.mean_stars()) liked.add("{:.1f} of 5 stars ({} rated)", *stars, ratings.starred);
    if (ratings.thumbs_up + ratings.thumbs_down > 0)
        liked.add("thumbs {} up, {} down", ratings.thumbs_up, ratings.thumbs_down);
    liked.move_to(lines);
    for (const std::string& note : contender.notes) lines.push_back(fmt::format("\"{}\"", note));
    Line how;
    if (!contender.model.empty() && contender.model != contender.label) how.add("{}", contender.model);
    if (!contender.server.empty()) how.add("{}", contender.server);
    for (const session::Setting& setting : session::all_settings())
        if (const auto value = session::value_of(setting, contender.settings); !value.is_null())
            how.add("{} {}", setting.words, session::text_of(value, ""));
    how.move_to(lines);
    return lines;
}

std::string words_of(const session::Session& session) {
    Line line;
    if (session.suite)
        line.add("{}", session.suite->name);
    else
        line.add("no suite: counts for no role");
    const auto there = static_cast<std::size_t>(std::count_if(session.candidates.begin(), session.candidates.end(),
                                                              [](const auto& one) { return !one.is_removed; }));
    line.add("{}", counted(there, "candidate", "candidates"));
    line.add("{}", counted(session.rounds.size(), "round", "rounds"));
    return line.take();
}

bool EvidenceWatch::take(const engine::Snapshot& snapshot) {
    const session::Session& session = snapshot.session;
    if (!is_first_ && session.id == session_id_ && session.rounds == rounds_ && snapshot.labels == labels_ &&
        session.casting == casting_)
        return false;
    is_first_ = false;
    session_id_ = session.id;
    rounds_ = session.rounds;
    labels_ = snapshot.labels;
    casting_ = session.casting;
    return true;
}

}  // namespace llmc::gui
