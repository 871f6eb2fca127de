#include "gui/panels/judges_model.h"

#include <algorithm>

#include <fmt/format.h>

#include "decide/runs.h"
#include "gui/panels/votes_model.h"
#include "metrics/words.h"

namespace llmc::gui {
namespace {

using config::JudgeModel;
using session::Judge;
using session::Verdict;
using Word = Verdict::Word;

bool is_same_judge(const Judge& a, const Judge& b) {
    return a.id == b.id && a.model == b.model && a.server == b.server && a.display_name == b.display_name &&
           a.verdicts == b.verdicts;
}

// One that is pinned nowhere is the one that was asked wherever it was.
bool is_of(const Judge& judge, const JudgeModel& model, const std::vector<session::Server>& servers) {
    if (judge.model != model.model_id) return false;
    if (model.server.empty() || model.server == judge.server) return true;
    return std::ranges::any_of(servers, [&](const session::Server& one) {
        return session::names_server(model.server, one) && one.label() == judge.server;
    });
}

std::string share(const std::optional<double>& value) {
    return value ? fmt::format("{:.0f} %", *value * 100) : std::string(metrics::kNoFigure);
}

void describe(JudgeRow& row, const decide::Licence& licence) {
    row.is_licensed = licence.is_licensed();
    row.standing = row.is_licensed ? "licensed" : "not licensed";
    row.missing = licence.missing();
    for (std::string& why : row.missing)
        if (why.front() >= 'a' && why.front() <= 'z') why.front() = static_cast<char>(why.front() - 'a' + 'A');
    row.figures = {
        {"Compared", "Pairs on which a vote of yours or the checks say which answer is better, and it chose one",
         fmt::format("{}", licence.pairs())},
        {"Agreement", "Of those, how often it says the same", share(licence.agreement)},
        {"κ", "Cohen's kappa: agreement beyond chance, and its 95 % interval; 0.4 is needed",
         licence.kappa
             ? fmt::format("{:.2f} ({:.2f} to {:.2f})", licence.kappa->kappa, licence.kappa->low, licence.kappa->high)
             : std::string(metrics::kNoFigure)},
        {"Both orders alike", "Pairs of which it chose the same answer whichever stood first",
         share(licence.position_consistency)},
        {"First won", "How often it chose the answer that stood first; 50 % where the place does not matter",
         share(licence.first_share)},
        {"Longer won", "How often it chose the longer answer", share(licence.longer_share)},
        {"Abstained", "Pairs without a verdict: it contradicted itself, could not be read, or failed",
         fmt::format("{} of {}", licence.abstentions, licence.verdicts)}};
}

Known known_of(const session::Round& round, const Verdict& verdict) {
    const auto outcome = [&](const session::CandidateId& candidate) {
        const decide::Run run = decide::run_of(round, candidate, {});
        const bool was_checked = run.answer && !run.answer->checks.empty();
        return was_checked ? run.outcome : decide::RunOutcome::missing;
    };
    if (verdict.b.empty()) {
        const decide::RunOutcome came = outcome(verdict.a);
        if (came == decide::RunOutcome::passed) return Known::passed;
        return came == decide::RunOutcome::failed ? Known::failed : Known::nothing;
    }
    if (const auto winner = winner_of(round, {verdict.a, verdict.b})) switch (*winner) {
            case Winner::a: return Known::vote_a;
            case Winner::b: return Known::vote_b;
            case Winner::tie: return Known::vote_tie;
            case Winner::both_bad: return Known::vote_both_bad;
        }
    const int better = decide::better_of(round, verdict.a, verdict.b);
    return better > 0 ? Known::checks_a : better < 0 ? Known::checks_b : Known::nothing;
}

// Which word says the same; nothing where none of its words would.
std::optional<Word> word_for(Known known) {
    switch (known) {
        case Known::vote_a:
        case Known::checks_a: return Word::a;
        case Known::vote_b:
        case Known::checks_b: return Word::b;
        case Known::vote_tie: return Word::tie;
        case Known::passed: return Word::pass;
        case Known::failed: return Word::fail;
        case Known::nothing:
        case Known::vote_both_bad: break;
    }
    return std::nullopt;
}

}  // namespace

std::string_view words_of(Word word) {
    switch (word) {
        case Word::a:
        case Word::b: return "better";
        case Word::tie: return "Tie";
        case Word::pass: return "Passes";
        case Word::partly: return "Partly";
        case Word::fail: return "Fails";
        case Word::abstains: break;
    }
    return "Abstains";
}

bool JudgesModel::is_same(const engine::Snapshot& snapshot, const std::vector<JudgeModel>& configured) const {
    return configured == configured_ && snapshot.session.id == session_.id && snapshot.labels == labels_ &&
           snapshot.session.rounds == session_.rounds &&
           std::ranges::equal(snapshot.session.judges, session_.judges, is_same_judge);
}

void JudgesModel::update(const engine::Snapshot& snapshot, std::uint64_t revision,
                         const std::vector<JudgeModel>& configured) {
    const bool waits = engine::is_busy(snapshot.activity) && snapshot.session.id == session_.id;
    if (configured == configured_ && (revision == revision_ || waits)) return;
    revision_ = revision;
    if (is_same(snapshot, configured)) return;
    configured_ = configured;
    session_ = snapshot.session;
    labels_ = snapshot.labels;
    make_rows();
    make_lines();
}

void JudgesModel::make_rows() {
    rows_.clear();
    std::vector<bool> is_taken(session_.judges.size());
    const auto add = [&](const JudgeModel& model, int configured, int judged) {
        JudgeRow& row = rows_.emplace_back();
        row.model = model;
        row.name = model.display_name.empty() ? model.model_id : model.display_name;
        row.configured = configured;
        row.is_configured = configured >= 0;
        row.judged = judged;
        row.standing = "has not judged";
        row.server = model.server.empty() ? "any server" : model.server;
        if (judged >= 0) {
            const Judge& judge = session_.judges[static_cast<std::size_t>(judged)];
            row.server = judge.server;
            describe(row, decide::licence_of(session_, judge));
        }
        if (row.name != model.model_id) row.server = fmt::format("{} · {}", model.model_id, row.server);
    };
    for (std::size_t i = 0; i < configured_.size(); ++i) {
        int judged = -1;
        for (std::size_t k = 0; k < session_.judges.size() && judged < 0; ++k)
            if (!is_taken[k] && is_of(session_.judges[k], configured_[i], session_.servers))
                judged = static_cast<int>(k);
        if (judged >= 0) is_taken[static_cast<std::size_t>(judged)] = true;
        add(configured_[i], static_cast<int>(i), judged);
    }
    for (std::size_t k = 0; k < session_.judges.size(); ++k) {
        const Judge& judge = session_.judges[k];
        if (!is_taken[k])
            add({.model_id = judge.model, .server = judge.server, .display_name = judge.display_name}, -1,
                static_cast<int>(k));
    }
    const auto is_wanted = [this](const JudgeRow& row) {
        return row.model.model_id == wanted_.model_id && row.model.server == wanted_.server;
    };
    const auto wanted = std::ranges::find_if(rows_, is_wanted);
    chosen_ = wanted == rows_.end() ? std::min(chosen_, rows_.empty() ? 0 : rows_.size() - 1)
                                    : static_cast<std::size_t>(wanted - rows_.begin());
}

void JudgesModel::make_lines() {
    lines_.clear();
    sum_.clear();
    verdicts_ = 0;
    if (rows_.empty() || rows_[chosen_].judged < 0) return;
    const auto label = [this](const session::CandidateId& id) -> std::string_view {
        for (std::size_t i = 0; i < session_.candidates.size() && i < labels_.size(); ++i)
            if (session_.candidates[i].id == id) return labels_[i];
        return id;
    };
    std::size_t agree = 0, contradict = 0, abstained = 0;
    const Judge& judge = session_.judges[static_cast<std::size_t>(rows_[chosen_].judged)];
    verdicts_ = judge.verdicts.size();
    for (const auto& verdict : judge.verdicts) {
        if (verdict->round < 1 || static_cast<std::size_t>(verdict->round) > session_.rounds.size()) continue;
        VerdictLine line{.verdict = verdict, .a = label(verdict->a), .b = {}};
        if (!verdict->b.empty()) line.b = label(verdict->b);
        line.known = known_of(*session_.rounds[static_cast<std::size_t>(verdict->round) - 1], *verdict);
        const auto same = word_for(line.known);
        const bool abstains = verdict->word == Word::abstains;
        line.agrees = same && verdict->word == *same;
        line.contradicts = same && !abstains && !line.agrees;
        agree += line.agrees ? 1 : 0;
        contradict += line.contradicts ? 1 : 0;
        abstained += abstains ? 1 : 0;
        const bool is_in =
            filter_ == VerdictFilter::all || (filter_ == VerdictFilter::contradicting ? line.contradicts : abstains);
        if (is_in) lines_.push_back(std::move(line));
    }
    sum_ = fmt::format("{} agree · {} contradict · {} abstained", agree, contradict, abstained);
}

void JudgesModel::choose(std::size_t row) {
    if (row >= rows_.size() || row == chosen_) return;
    chosen_ = row;
    wanted_ = rows_[row].model;
    make_lines();
}

void JudgesModel::choose_new(const JudgeModel& judge) {
    wanted_ = judge;
}

void JudgesModel::set_filter(VerdictFilter filter) {
    filter_ = filter;
    make_lines();
}

}  // namespace llmc::gui
