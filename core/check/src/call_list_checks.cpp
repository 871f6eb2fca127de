// Checks of which calls were made, in which order: calls and milestones.
#include <algorithm>
#include <unordered_map>
#include <variant>

#include <fmt/format.h>

#include "base/utf8.h"
#include "bfcl.h"
#include "check_groups.h"
#include "check_members.h"
#include "check_words.h"
#include "expected_call.h"
#include "matching.h"

namespace llmc::check {

namespace {

enum class Match { in_order, exact, prefix, any_order, subset, superset };
constexpr std::string_view kMatchNames[] = {"in_order", "exact", "prefix", "any_order", "subset", "superset"};

}  // namespace

struct CallList {
    Match match = Match::in_order;
    std::vector<ExpectedCall> expected;
    bool is_bfcl = false;  // judged by its rules
    std::vector<BfclCall> truth;
};

struct MilestoneList {
    struct Milestone {
        std::string id;
        ExpectedCall call;
        std::vector<std::size_t> after;  // indexes
    };
    std::vector<Milestone> milestones;
    std::vector<std::size_t> order;  // indexes, each behind those it comes after
};

namespace {

using base::FieldReader;
using base::OrderedJson;

const OrderedJson* read_list(const MemberPlace& place) {
    const OrderedJson* list = place.fields.list(place.key);
    if (list != nullptr && list->size() > kMaxExpectedCalls)
        place.fields.fail(place.key, fmt::format("{} calls are more than {}", list->size(), kMaxExpectedCalls));
    return list != nullptr && list->size() <= kMaxExpectedCalls ? list : nullptr;
}

// "value", with "match" or "rules".
void read_calls(const MemberPlace& place, Check& check) {
    FieldReader& fields = place.fields;
    auto calls = std::make_shared<CallList>();
    const auto word = fields.text("match"), rules = fields.text("rules");
    const auto known = std::ranges::find(kMatchNames, word.value_or("in_order"));
    if (known == std::end(kMatchNames))
        fields.fail("match", fmt::format("\"{}\" is unknown; possible are {}", base::for_terminal_line(*word),
                                         fmt::join(kMatchNames, ", ")));
    else
        calls->match = static_cast<Match>(known - std::begin(kMatchNames));
    if (rules && *rules != "bfcl")
        fields.fail("rules", fmt::format("\"{}\" is unknown; possible is bfcl", base::for_terminal_line(*rules)));
    if (rules && word) fields.fail("match", "stands beside \"rules\": only one of them may be given");
    calls->is_bfcl = rules.has_value();
    check.calls = calls;
    const OrderedJson* list = read_list(place);
    if (list == nullptr) return;
    const bool says_something =
        rules || calls->match == Match::exact || calls->match == Match::any_order || calls->match == Match::subset;
    if (list->empty() && !says_something)
        fields.fail(place.key, fmt::format("must not be empty with \"match\": \"{}\"", *known));
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string at = fmt::format("{}/{}", fields.pointer(place.key), i);
        if (rules) {
            calls->truth.push_back(BfclCall::read(place.file, (*list)[i], at));
            continue;
        }
        FieldReader entry(place.file, (*list)[i], at);
        calls->expected.push_back(ExpectedCall::read(place.file, entry, (*list)[i]));
        entry.finish();
    }
}

std::string count_words(std::size_t count) {
    return count == 1 ? "1 call" : fmt::format("{} calls", count);
}

// Call by call, from the first.
template <class Expected>
Fault judge_beginning(const std::vector<Expected>& expected, const std::vector<MadeCall>& made) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (i >= made.size())
            return fmt::format("expected call {} of {}, {}, was not made: {} came", i + 1, expected.size(),
                               expected[i].words(), count_words(made.size()));
        std::string why;
        if (!expected[i].fits(made[i], &why))
            return fmt::format("{}, is not the expected {}: {}", made[i].words(), expected[i].words(), why);
    }
    return std::nullopt;
}

Fault one_too_many(const MadeCall& call, std::size_t expected) {
    return fmt::format("{}, is one too many: {} expected", call.words(),
                       expected == 0   ? "no call is"
                       : expected == 1 ? "1 call is"
                                       : fmt::format("{} calls are", expected));
}

// The earliest place for each is as good as any: what fits a later one fits behind it too.
Fault judge_in_order(const std::vector<ExpectedCall>& expected, const std::vector<MadeCall>& made) {
    std::size_t next = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const std::size_t from = next;
        while (next < made.size() && !expected[i].fits(made[next])) ++next;
        if (next++ < made.size()) continue;
        const std::string behind = from == 0 ? std::string() : " behind " + made[from - 1].words();
        return fmt::format("expected call {} of {}, {}, was not made{}; {}", i + 1, expected.size(),
                           expected[i].words(), behind, why_none(expected[i], made, from));
    }
    return std::nullopt;
}

// Each expected call has one of its own.
template <class Expected>
Fault judge_all_made(const std::vector<Expected>& expected, const std::vector<MadeCall>& made) {
    const auto goes = [&](std::size_t i, std::size_t j) { return expected[i].fits(made[j]); };
    const auto partner = match_one_to_one(expected.size(), made.size(), goes);
    const auto lone = std::ranges::find(partner, std::optional<std::size_t>());
    if (lone == partner.end()) return std::nullopt;
    const auto index = static_cast<std::size_t>(lone - partner.begin());
    std::string why = names_in_words(made);
    for (const MadeCall& call : made) {
        std::string misfit;
        if (!expected[index].fits_name(call.call->name) || expected[index].fits(call, &misfit)) continue;
        why = fmt::format("{}: {}", call.words(), misfit);
        break;
    }
    return fmt::format("no call is left for expected call {} of {}, {}; {}", index + 1, expected.size(),
                       expected[index].words(), why);
}

// Each call that was made is one of the expected.
Fault judge_none_else(const std::vector<ExpectedCall>& expected, const std::vector<MadeCall>& made) {
    if (made.size() > expected.size() && expected.empty()) return one_too_many(made.front(), 0);
    const auto goes = [&](std::size_t i, std::size_t j) { return expected[j].fits(made[i]); };
    // More than these cannot all have a partner.
    const std::size_t looked_at = std::min(made.size(), expected.size() + 1);
    const auto partner = match_one_to_one(looked_at, expected.size(), goes);
    const auto lone = std::ranges::find(partner, std::optional<std::size_t>());
    if (lone == partner.end()) return std::nullopt;
    const MadeCall& call = made[static_cast<std::size_t>(lone - partner.begin())];
    for (const ExpectedCall& one : expected) {
        std::string why;
        if (one.fits_name(call.call->name) && !one.fits(call, &why))
            return fmt::format("{}, is not expected: {}", call.words(), why);
    }
    return fmt::format(
        "{}, is not expected{}", call.words(),
        std::ranges::any_of(expected, [&](const auto& one) { return one.fits(call); }) ? " once more" : "");
}

Fault judge_truth(const std::vector<BfclCall>& truth, const std::vector<MadeCall>& made) {
    if (truth.empty() && !made.empty()) return one_too_many(made.front(), 0);
    if (auto fault = judge_all_made(truth, made)) return fault;
    if (made.size() == truth.size()) return std::nullopt;
    return fmt::format("{} came, and {} expected; {}", count_words(made.size()),
                       truth.size() == 1 ? "1 is" : fmt::format("{} are", truth.size()), names_in_words(made));
}

Fault judge_calls(const Check& check, const Subject& subject) {
    const CallList& list = *check.calls;
    const auto made = made_calls(subject);
    if (list.is_bfcl) return judge_truth(list.truth, made);
    switch (list.match) {
        case Match::in_order: return judge_in_order(list.expected, made);
        case Match::prefix: return judge_beginning(list.expected, made);
        case Match::superset: return judge_all_made(list.expected, made);
        case Match::subset: return judge_none_else(list.expected, made);
        case Match::exact:
            if (auto fault = judge_beginning(list.expected, made)) return fault;
            if (made.size() > list.expected.size())
                return one_too_many(made[list.expected.size()], list.expected.size());
            return std::nullopt;
        case Match::any_order: break;
    }
    if (auto fault = judge_all_made(list.expected, made)) return fault;
    return judge_none_else(list.expected, made);
}

std::vector<std::string> tools_of_calls(const Check& check) {
    std::vector<std::string> names;
    for (const ExpectedCall& call : check.calls->expected)
        if (!call.name().empty()) names.push_back(call.name());
    return names;
}

std::vector<std::string> tools_of_milestones(const Check& check) {
    std::vector<std::string> names;
    for (const auto& milestone : check.milestones->milestones)
        if (!milestone.call.name().empty()) names.push_back(milestone.call.name());
    return names;
}

// Each behind those it comes after; what is left out stands in a circle.
std::vector<std::size_t> in_order_of_after(const std::vector<MilestoneList::Milestone>& milestones) {
    std::vector<std::size_t> order;
    std::vector<bool> is_in(milestones.size());
    for (bool goes_on = true; goes_on;) {
        goes_on = false;
        for (std::size_t i = 0; i < milestones.size(); ++i) {
            const auto& after = milestones[i].after;
            if (is_in[i] || !std::ranges::all_of(after, [&](std::size_t j) { return is_in[j]; })) continue;
            order.push_back(i);
            goes_on = is_in[i] = true;
        }
    }
    return order;
}

void read_milestones(const MemberPlace& place, Check& check) {
    auto result = std::make_shared<MilestoneList>();
    check.milestones = result;
    const OrderedJson* list = read_list(place);
    if (list == nullptr) return;
    if (list->empty()) place.fields.fail(place.key, "must not be empty");
    std::unordered_map<std::string, std::size_t> index_of;
    std::vector<std::vector<std::string>> after;
    for (std::size_t i = 0; i < list->size(); ++i) {
        FieldReader entry(place.file, (*list)[i], fmt::format("{}/{}", place.fields.pointer(place.key), i));
        MilestoneList::Milestone milestone{.id = entry.required_text("id")};
        milestone.call = ExpectedCall::read(place.file, entry, (*list)[i]);
        after.push_back(read_names(place.file, entry, "after"));
        if (!index_of.emplace(milestone.id, i).second) entry.fail("id", "another milestone has it already");
        result->milestones.push_back(std::move(milestone));
        entry.finish();
    }
    for (std::size_t i = 0; i < after.size(); ++i) {
        for (std::size_t j = 0; j < after[i].size(); ++j) {
            const auto found = index_of.find(after[i][j]);
            if (found != index_of.end())
                result->milestones[i].after.push_back(found->second);
            else
                place.file.fail(fmt::format("{}/{}/after/{}", place.fields.pointer(place.key), i, j),
                                fmt::format("there is no milestone \"{}\"", base::for_terminal_line(after[i][j])));
        }
    }
    result->order = in_order_of_after(result->milestones);
    for (std::size_t i = 0; i < after.size(); ++i)
        if (std::ranges::find(result->order, i) == result->order.end())
            place.file.fail(fmt::format("{}/{}/after", place.fields.pointer(place.key), i),
                            "is a circle: the milestone would come after itself");
}

// The earliest call for each is as good as any. One call may reach several that do not follow one another.
Fault judge_milestones(const Check& check, const Subject& subject) {
    const auto made = made_calls(subject);
    const auto& milestones = check.milestones->milestones;
    std::vector<std::size_t> reached_at(milestones.size());
    for (const std::size_t index : check.milestones->order) {
        const MilestoneList::Milestone& one = milestones[index];
        std::size_t from = 0;
        const MilestoneList::Milestone* before = nullptr;
        for (const std::size_t earlier : one.after) {
            if (reached_at[earlier] + 1 <= from) continue;
            from = reached_at[earlier] + 1;
            before = &milestones[earlier];
        }
        std::size_t at = from;
        while (at < made.size() && !one.call.fits(made[at])) ++at;
        reached_at[index] = at;
        if (at < made.size()) continue;
        const std::string behind =
            before ? fmt::format(" after {}, which {} reached", in_quotes(before->id), made[from - 1].words()) : "";
        return fmt::format("milestone {}, {}, was not reached{}; {}", in_quotes(one.id), one.call.words(), behind,
                           why_none(one.call, made, from));
    }
    return std::nullopt;
}

constexpr Member kCalls{.key = "value",
                        .kind = MemberKind::json,
                        .is_required = true,
                        .label = "Calls",
                        .hint = R"([{"name": "read_file", "arguments": {…}}])",
                        .example = R"([{"name": "tool", "arguments": {}}])",
                        .read = read_calls};
constexpr Member kMatch{.key = "match",
                        .kind = MemberKind::text,
                        .label = "Match",
                        .hint = "in_order, exact, prefix, any_order, subset, superset",
                        .words = " ",
                        .read = read_with_other};
constexpr Member kRules{.key = "rules",
                        .kind = MemberKind::text,
                        .label = "Rules",
                        .hint = "bfcl",
                        .words = " by ",
                        .read = read_with_other};
constexpr Member kMilestones{
    .key = "value",
    .kind = MemberKind::json,
    .is_required = true,
    .label = "Milestones",
    .hint = R"([{"id": "read", "name": "read_file"}, {"id": "written", "name": "write_file", "after": ["read"]}])",
    .example = R"([{"id": "first", "name": "tool"}])",
    .read = read_milestones};

}  // namespace

std::vector<CheckKind> call_list_checks() {
    return {
        {.name = "calls", .members = {kCalls, kMatch, kRules, kTurn}, .judge = judge_calls, .tools = tools_of_calls},
        {.name = "milestones",
         .members = {kMilestones, kTurn},
         .judge = judge_milestones,
         .tools = tools_of_milestones},
    };
}

}  // namespace llmc::check
