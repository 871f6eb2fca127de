#include "decide/cast.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cast_evidence.h"
#include "metrics/words.h"

namespace llmc::decide {
namespace {

// -1, 0 or 1: which of two candidates is ahead by one kind of evidence.
int ahead(double one, double other) {
    return one > other ? 1 : (one < other ? -1 : 0);
}

double vote_score(const Evidence& evidence) {
    return evidence.vote_score ? evidence.vote_score->score : 0;  // the average, where nobody voted
}

// The order in which evidence decides, with the words for it.
struct Criterion {
    int (*compare)(const Evidence& one, const Evidence& other);
    std::string (*words)(const Contender& first, const Contender& second);
};

int compare_rates(const Evidence& one, const Evidence& other) {
    return ahead(one.checks.rate().value_or(-1), other.checks.rate().value_or(-1));
}

int compare_groups(const Evidence& one, const Evidence& other) {
    constexpr int kNone = std::numeric_limits<int>::max();
    return ahead(other.group == 0 ? kNone : other.group, one.group == 0 ? kNone : one.group);
}

// Where both have it: a role without a loop has it taken away.
int compare_pass_k(const Evidence& one, const Evidence& other) {
    return one.pass_k && other.pass_k && one.k == other.k ? ahead(*one.pass_k, *other.pass_k) : 0;
}

std::string rate_words(const Evidence& evidence) {
    const auto interval = evidence.checks.interval();
    if (!interval) return "no checks";
    return fmt::format("{} of {} checks passed ({}, interval {})", evidence.checks.passed, evidence.checks.total,
                       metrics::percent_text(*evidence.checks.rate()),
                       metrics::interval_text(interval->low, interval->high));
}

std::string stars_words(const RatingCounts& ratings) {
    std::vector<std::string> parts;
    if (const auto stars = ratings.mean_stars()) parts.push_back(fmt::format("{:.1f} stars", *stars));
    if (ratings.thumbs_up + ratings.thumbs_down > 0)
        parts.push_back(fmt::format("thumbs {} up, {} down", ratings.thumbs_up, ratings.thumbs_down));
    return parts.empty() ? "no ratings" : fmt::format("{}", fmt::join(parts, ", "));
}

std::string counts_words(const VoteCounts& votes) {
    return fmt::format("{} won, {} lost, {} tied", votes.wins, votes.losses, votes.ties);
}

std::string votes_words(const Evidence& evidence) {
    if (evidence.verdicts.all() == 0) return counts_words(evidence.votes);
    const std::string judged = "by licensed judges " + counts_words(evidence.verdicts);
    return evidence.votes.all() == 0 ? judged : counts_words(evidence.votes) + ", " + judged;
}

std::string seconds_words(const std::optional<double>& value) {
    return value ? metrics::seconds_text(*value) : "unknown";
}

// What is not known never wins.
int sooner(const std::optional<double>& one, const std::optional<double>& other) {
    constexpr double kNever = std::numeric_limits<double>::infinity();
    return ahead(other.value_or(kNever), one.value_or(kNever));
}

std::string rates_words(const Contender& first, const Contender& second) {
    return fmt::format("{}: {}; {}: {}", first.label, rate_words(first.evidence), second.label,
                       rate_words(second.evidence));
}

const Criterion kCriteria[] = {
    {compare_groups, rates_words},
    {compare_pass_k,
     [](const Contender& first, const Contender& second) {
         return fmt::format("{} passes {} times in a row more often ({}; {}: {})", first.label, first.evidence.k,
                            metrics::percent_text(*first.evidence.pass_k), second.label,
                            metrics::percent_text(*second.evidence.pass_k));
     }},
    {[](const Evidence& one, const Evidence& other) { return ahead(vote_score(one), vote_score(other)); },
     [](const Contender& first, const Contender& second) {
         return fmt::format("the votes are for {} ({}; {}: {})", first.label, votes_words(first.evidence), second.label,
                            votes_words(second.evidence));
     }},
    {[](const Evidence& one, const Evidence& other) { return ahead(one.ratings.liking(), other.ratings.liking()); },
     [](const Contender& first, const Contender& second) {
         return fmt::format("{} is rated higher ({}; {}: {})", first.label, stars_words(first.evidence.ratings),
                            second.label, stars_words(second.evidence.ratings));
     }},
    {[](const Evidence& one, const Evidence& other) {
         return sooner(one.end_to_end_latency_s, other.end_to_end_latency_s);
     },
     [](const Contender& first, const Contender& second) {
         return fmt::format("{} answers sooner ({} from end to end; {}: {})", first.label,
                            seconds_words(first.evidence.end_to_end_latency_s), second.label,
                            seconds_words(second.evidence.end_to_end_latency_s));
     }},
    {[](const Evidence& one, const Evidence& other) {
         return sooner(one.time_to_first_token_s, other.time_to_first_token_s);
     },
     [](const Contender& first, const Contender& second) {
         return fmt::format("{} starts sooner ({}; {}: {})", first.label,
                            seconds_words(first.evidence.time_to_first_token_s), second.label,
                            seconds_words(second.evidence.time_to_first_token_s));
     }},
    {compare_rates, rates_words},
};
constexpr std::size_t kBeforeSpeed = 4;  // criteria

// -1, 0 or 1: who is ahead by what is known before the speed.
int ahead_before_speed(const Contender& one, const Contender& other) {
    for (std::size_t i = 0; i < kBeforeSpeed; ++i)
        if (const int lead = kCriteria[i].compare(one.evidence, other.evidence); lead != 0) return lead;
    return 0;
}

using LatenciesByLabel = std::map<std::string, Latencies>;

int ahead_by_speed(const Contender& one, const Contender& other, const LatenciesByLabel& latencies) {
    const Latencies &first = latencies.at(one.label), &second = latencies.at(other.label);
    if (first.empty() || second.empty()) return ahead(second.empty(), first.empty());
    return sooner(median_latency(first, second), median_latency(second, first));
}

// Best first. Who is faster of two depends on the prompts that both completed, so that three may beat each other in a
// circle: those that are equal before count whom they beat.
void rank(std::vector<Contender>& contenders, const LatenciesByLabel& latencies) {
    std::sort(contenders.begin(), contenders.end(), [](const Contender& one, const Contender& other) {
        const int lead = ahead_before_speed(one, other);
        return lead != 0 ? lead > 0 : one.label < other.label;
    });
    for (auto begin = contenders.begin(); begin != contenders.end();) {
        const auto end = std::find_if(begin, contenders.end(),
                                      [&](const Contender& one) { return ahead_before_speed(*begin, one) != 0; });
        std::map<std::string, int> wins;
        for (auto one = begin; one != end; ++one)
            for (auto other = begin; other != end; ++other) wins[one->label] += ahead_by_speed(*one, *other, latencies);
        std::stable_sort(begin, end, [&](const Contender& one, const Contender& other) {
            if (wins[one.label] != wins[other.label]) return wins[one.label] > wins[other.label];
            const int starts = sooner(one.evidence.time_to_first_token_s, other.evidence.time_to_first_token_s);
            return starts != 0 ? starts > 0 : compare_rates(one.evidence, other.evidence) > 0;
        });
        begin = end;
    }
    for (std::size_t i = 0; i < contenders.size(); ++i) {
        const Latencies& own = latencies.at(contenders[i].label);
        const Latencies& other = latencies.at(contenders[i > 0 || contenders.size() == 1 ? 0 : 1].label);
        const auto compared = median_latency(own, other);
        contenders[i].evidence.end_to_end_latency_s = compared ? compared : median_latency(own, own);
    }
}

std::string list_of(const std::vector<std::string>& names) {
    if (names.size() < 2) return names.empty() ? "" : names.front();
    return fmt::format("{} and {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

std::string reason_for(const std::vector<Contender>& contenders) {
    const Contender& first = contenders.front();
    if (contenders.size() == 1)
        return fmt::format("{} is the only candidate: {}.", first.label, rate_words(first.evidence));
    const Contender& second = contenders[1];
    if (compare_groups(first.evidence, second.evidence) != 0)
        return fmt::format("{}; the difference is beyond chance.", rates_words(first, second));
    std::string reason = "No checks were run";
    if (first.evidence.group > 0) {
        std::vector<std::string> equal;
        for (const Contender& one : contenders)
            if (one.evidence.group == first.evidence.group) equal.push_back(one.label);
        reason = fmt::format("{} are equal within the intervals of their difference ({})", list_of(equal),
                             rates_words(first, second));
    }
    for (const Criterion& criterion : kCriteria)
        if (criterion.compare(first.evidence, second.evidence) > 0)
            return fmt::format("{}; {}.", reason,
                               criterion.compare == compare_rates
                                   ? first.label + " passed more of the checks, and nothing else tells them apart"
                                   : criterion.words(first, second));
    return fmt::format("{}, and nothing else tells {} and {} apart.", reason, first.label, second.label);
}

// What of the criteria was not there, for those of the best group.
std::vector<std::string> not_used(const std::vector<Contender>& contenders, const RoleEvidence& evidence,
                                  bool is_loop) {
    std::vector<std::string> unused;
    const auto any = [&](const auto& has) {
        return std::any_of(contenders.begin(), contenders.end(),
                           [&](const Contender& one) { return has(one.evidence); });
    };
    if (!any([](const Evidence& one) { return one.group > 0; })) unused.emplace_back("checks: none were run");
    if (is_loop && !any([](const Evidence& one) { return one.pass_k.has_value(); }))
        unused.emplace_back("pass^k: each prompt was run once");
    if (!any([](const Evidence& one) { return one.vote_score.has_value(); }))
        unused.emplace_back("votes: nobody voted");
    for (const std::string& judge : evidence.unlicensed) unused.push_back(fmt::format("judge {}: not licensed", judge));
    if (!any([](const Evidence& one) { return !one.ratings.is_empty(); }))
        unused.emplace_back("ratings: nothing was rated");
    if (!any([](const Evidence& one) { return one.end_to_end_latency_s.has_value(); }))
        unused.emplace_back("time to the last token: not known, or only of cold models");
    unused.emplace_back("memory: servers do not say what a model takes");
    return unused;
}

// Picks of the sessions, where all that pick for a role agree.
void take_picks(CastSheet& sheet, std::span<const CastSource> sources) {
    std::map<std::string, std::map<std::string, std::string>> picks;  // role, label, note
    for (const CastSource& source : sources) {
        const std::vector<std::string> labels = session::unique_labels(source.session->candidates);
        for (const session::RolePick& role_pick : source.session->casting)
            for (std::size_t i = 0; i < labels.size(); ++i)
                if (source.session->candidates[i].id == role_pick.candidate) {
                    std::string& note = picks[role_pick.role][labels[i]];
                    if (note.empty()) note = role_pick.note;
                }
    }
    for (const auto& [role, labels] : picks) {
        std::vector<std::string> names;
        for (const auto& [label, note] : labels) names.push_back(label);
        CastRole* found = sheet.find(role);
        if (!found) continue;
        if (labels.size() > 1) {
            sheet.warnings.push_back(fmt::format("{}: the files pick {}; the proposal stands.", role, list_of(names)));
        } else if (pick(sheet, role, names.front())) {
            found->note = labels.begin()->second;
        }
    }
}

void warn_of_models(CastSheet& sheet, const std::string& role, const RoleEvidence& evidence) {
    std::map<std::string, std::set<std::string>> models;
    for (const CountedAnswer& answer : evidence.answers) models[answer.label].insert(answer.model);
    for (const auto& [label, names] : models)
        if (names.size() > 1)
            sheet.warnings.push_back(fmt::format("{}: the label {} stands for several models: {}.", role, label,
                                                 list_of({names.begin(), names.end()})));
}

}  // namespace

std::optional<double> RatingCounts::mean_stars() const {
    return starred > 0 ? std::optional(static_cast<double>(stars) / static_cast<double>(starred)) : std::nullopt;
}

double RatingCounts::liking() const {
    if (is_empty()) return 0.5;
    const double from_stars = static_cast<double>(stars - starred) / 4;  // 1 to 5 stars are 0 to 1
    return (from_stars + static_cast<double>(thumbs_up)) / static_cast<double>(starred + thumbs_up + thumbs_down);
}

std::string evidence_words(const Evidence& evidence) {
    std::vector<std::string> parts{rate_words(evidence)};
    if (evidence.votes.all() + evidence.verdicts.all() > 0) parts.push_back(votes_words(evidence));
    if (!evidence.ratings.is_empty()) parts.push_back(stars_words(evidence.ratings));
    if (evidence.end_to_end_latency_s)
        parts.push_back(metrics::seconds_text(*evidence.end_to_end_latency_s) + " from end to end");
    return fmt::format("{}", fmt::join(parts, "; "));
}

const CastRole* CastSheet::find(std::string_view role) const {
    for (const CastRole& known : roles)
        if (known.name == role) return &known;
    return nullptr;
}

CastRole* CastSheet::find(std::string_view role) {
    return const_cast<CastRole*>(std::as_const(*this).find(role));
}

CastSheet cast_sheet(std::span<const CastSource> sources) {
    std::vector<CastSource> sorted(sources.begin(), sources.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const CastSource& one, const CastSource& other) { return one.name < other.name; });
    Gathered gathered = gather(sorted);
    CastSheet sheet;
    sheet.without_role = std::move(gathered.without_role);
    for (const auto& [name, evidence] : gathered.roles) {
        LatenciesByLabel latencies;
        CastRole role{.name = name, .contenders = contenders_of(evidence, latencies)};
        if (role.contenders.empty()) {
            sheet.warnings.push_back(fmt::format("{}: there are no answers.", name));
            continue;
        }
        const bool is_loop = has_loop(evidence);
        role.verdict = decide_role(evidence, role.contenders).verdict;
        if (!is_loop)  // how steady one is decides where it runs unattended
            for (Contender& contender : role.contenders) contender.evidence.pass_k.reset();
        rank(role.contenders, latencies);
        role.reason = reason_for(role.contenders);
        role.not_used = not_used(role.contenders, evidence, is_loop);
        role.is_close = role.contenders.size() > 1 && role.contenders[0].evidence.group > 0 &&
                        role.contenders[0].evidence.group == role.contenders[1].evidence.group;
        warn_of_models(sheet, name, evidence);
        sheet.roles.push_back(std::move(role));
    }
    take_picks(sheet, sorted);
    return sheet;
}

Result<CastRole*> pick(CastSheet& sheet, std::string_view role, std::string_view label) {
    CastRole* found = sheet.find(role);
    if (!found) {
        std::vector<std::string> names;
        for (const CastRole& known : sheet.roles) names.push_back(known.name);
        return Error{ErrorKind::usage, fmt::format("there is no role \"{}\"; there {}", role,
                                                   names.empty() ? "is none" : "are: " + list_of(names))};
    }
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < found->contenders.size(); ++i) {
        labels.push_back(found->contenders[i].label);
        if (labels.back() != label) continue;
        found->picked = i;
        return found;
    }
    return Error{ErrorKind::usage,
                 fmt::format("the role \"{}\" has no candidate \"{}\"; it has: {}", role, label, list_of(labels))};
}

Result<CastRole*> pick(CastSheet& sheet, std::string_view assignment) {
    std::optional<Error> first_error;
    for (std::size_t at = assignment.find('='); at != std::string_view::npos; at = assignment.find('=', at + 1)) {
        const auto done = pick(sheet, assignment.substr(0, at), assignment.substr(at + 1));
        if (done) return done;
        // A role that is there says more about what was meant.
        if (!first_error || sheet.find(assignment.substr(0, at))) first_error = done.error();
    }
    return first_error.value_or(Error{ErrorKind::usage, fmt::format("\"{}\" is no ROLE=LABEL", assignment)});
}

}  // namespace llmc::decide
