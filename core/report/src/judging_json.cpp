#include "judging_json.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "record_json.h"

namespace llmc::report {
namespace {

using base::FieldReader;
using base::OrderedJson;
using session::Vote;

constexpr std::array<std::pair<Vote::Winner, std::string_view>, 4> kWinners{
    {{Vote::Winner::a, "a"}, {Vote::Winner::b, "b"}, {Vote::Winner::tie, "tie"}, {Vote::Winner::both_bad, "both_bad"}}};

}  // namespace

session::CandidateId read_candidate_name(FieldReader& fields, std::string_view key, const IdFrom& id_from) {
    const std::string name = fields.required_text(key);
    const auto id = id_from(name);
    if (!id) fields.fail(key, fmt::format("there is no \"{}\"", name));
    return id.value_or(session::CandidateId());
}

OrderedJson checks_json(const std::vector<session::CheckResult>& checks) {
    if (checks.empty()) return {};
    OrderedJson json = OrderedJson::array();
    for (const session::CheckResult& check : checks)
        json.push_back(OrderedJson{{"type", check.type},
                                   {"passed", check.passed},
                                   {"detail", text_or_null(check.detail)},
                                   {"at_char", value_or_null(check.at_char)}});
    return json;
}

std::vector<session::CheckResult> read_checks(FieldReader& answer) {
    std::vector<session::CheckResult> checks;
    answer.each("checks", [&](FieldReader& fields) {
        session::CheckResult check;
        check.type = fields.required_text("type");
        const auto passed = fields.flag("passed");
        if (!passed) fields.fail("passed", "missing");
        check.passed = passed.value_or(false);
        check.detail = fields.string("detail");
        check.at_char = fields.integer_within("at_char", 0, std::numeric_limits<std::int64_t>::max());
        checks.push_back(std::move(check));
    });
    return checks;
}

OrderedJson vote_json(const Vote& vote, const NameOf& name_of) {
    OrderedJson json{{"a", name_of(vote.a)}, {"b", name_of(vote.b)}};
    for (const auto& [winner, word] : kWinners)
        if (winner == vote.winner) json["winner"] = word;
    return json;
}

Vote read_vote(FieldReader& fields, const IdFrom& id_from) {
    Vote vote;
    vote.a = read_candidate_name(fields, "a", id_from);
    vote.b = read_candidate_name(fields, "b", id_from);
    if (vote.a == vote.b) fields.fail("b", "the same as a");
    const std::string word = fields.required_text("winner");
    const auto known =
        std::find_if(kWinners.begin(), kWinners.end(), [&](const auto& winner) { return winner.second == word; });
    if (known == kWinners.end())
        fields.fail("winner", fmt::format("\"{}\" is none of a, b, tie, both_bad", word));
    else
        vote.winner = known->first;
    return vote;
}

OrderedJson suite_json(const session::SuiteRun* suite) {
    if (!suite) return {};
    return {{"name", suite->name},
            {"role", text_or_null(suite->role)},
            {"repeat", suite->repeat},
            {"context", suite->is_fresh ? "fresh" : "continued"},
            {"source", suite->source}};
}

session::SuiteRun read_suite(FieldReader& fields) {
    session::SuiteRun suite;
    suite.name = fields.string("name");
    suite.role = fields.string("role");
    if (suite.name.empty() && suite.role.empty()) fields.fail("name", "missing or empty");
    suite.repeat = static_cast<int>(fields.integer_within("repeat", 1, kMaxCount).value_or(1));
    const std::string context = fields.text_or_empty("context").value_or("fresh");
    if (context != "fresh" && context != "continued")
        fields.fail("context", fmt::format("\"{}\" is neither \"fresh\" nor \"continued\"", context));
    suite.is_fresh = context == "fresh";
    if (const OrderedJson* source = fields.object("source")) suite.source = *source;
    return suite;
}

OrderedJson pick_json(const session::RolePick& pick, const NameOf& name_of) {
    return {{"role", pick.role}, {"candidate", name_of(pick.candidate)}, {"note", text_or_null(pick.note)}};
}

std::vector<session::RolePick> read_picks(FieldReader& parent, const IdFrom& id_from) {
    std::vector<session::RolePick> picks;
    parent.each("casting", [&](FieldReader& fields) {
        session::RolePick pick;
        pick.role = fields.required_text("role");
        pick.candidate = read_candidate_name(fields, "candidate", id_from);
        pick.note = fields.string("note");
        if (std::any_of(picks.begin(), picks.end(), [&](const auto& known) { return known.role == pick.role; }))
            fields.fail("role", fmt::format("\"{}\" is cast twice", pick.role));
        picks.push_back(std::move(pick));
    });
    return picks;
}

}  // namespace llmc::report
