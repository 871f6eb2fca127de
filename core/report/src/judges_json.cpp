#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "decide/licence.h"
#include "judging_json.h"
#include "record_json.h"

namespace llmc::report {
namespace {

using base::FieldReader;
using base::OrderedJson;
using session::Judge;
using session::Verdict;
using Word = Verdict::Word;

struct WordName {
    Word word;
    std::string_view name;
};
using Names = std::array<WordName, 4>;
constexpr Names kPairNames{{{Word::a, "a"}, {Word::b, "b"}, {Word::tie, "tie"}, {Word::abstains, "abstains"}}};
constexpr Names kCriteriaNames{
    {{Word::pass, "pass"}, {Word::partly, "partly"}, {Word::fail, "fail"}, {Word::abstains, "abstains"}}};

OrderedJson word_json(const std::optional<Word>& word, const Names& names) {
    for (const WordName& one : names)
        if (one.word == word) return one.name;
    return {};
}

// Nothing for a member that is not there or null.
std::optional<Word> read_word(FieldReader& fields, std::string_view key, const Names& names) {
    const auto text = fields.text(key, base::Null::is_absent);
    if (!text) return std::nullopt;
    const auto known = std::find_if(names.begin(), names.end(), [&](const WordName& one) { return one.name == *text; });
    if (known != names.end()) return known->word;
    fields.fail(key, fmt::format("\"{}\" is none of {}, {}, {}, {}", *text, names[0].name, names[1].name, names[2].name,
                                 names[3].name));
    return std::nullopt;
}

OrderedJson verdict_json(const Verdict& verdict, const NameOf& name_of) {
    OrderedJson json{{"round", verdict.round}};
    if (verdict.b.empty()) {
        json["candidate"] = name_of(verdict.a);
        json["verdict"] = word_json(verdict.word, kCriteriaNames);
    } else {
        json["a"] = name_of(verdict.a);
        json["b"] = name_of(verdict.b);
        json["winner"] = word_json(verdict.word, kPairNames);
        json["in_order"] = word_json(verdict.in_order, kPairNames);
        json["swapped"] = word_json(verdict.swapped, kPairNames);
    }
    json["reason"] = text_or_null(verdict.reason);
    return json;
}

Verdict read_verdict(FieldReader& fields, const session::Rounds& rounds, const IdFrom& id_from) {
    Verdict verdict;
    verdict.round = static_cast<int>(fields.required_integer("round", 1, kMaxCount));
    if (static_cast<std::size_t>(verdict.round) > rounds.size())
        fields.fail("round", fmt::format("there is no round {}", verdict.round));
    if (fields.find("candidate")) {
        verdict.a = read_candidate_name(fields, "candidate", id_from);
        verdict.word = read_word(fields, "verdict", kCriteriaNames).value_or(Word::abstains);
    } else {
        verdict.a = read_candidate_name(fields, "a", id_from);
        verdict.b = read_candidate_name(fields, "b", id_from);
        if (verdict.a == verdict.b) fields.fail("b", "the same as a");
        verdict.word = read_word(fields, "winner", kPairNames).value_or(Word::abstains);
        verdict.in_order = read_word(fields, "in_order", kPairNames);
        verdict.swapped = read_word(fields, "swapped", kPairNames);
    }
    verdict.reason = fields.string("reason");
    return verdict;
}

}  // namespace

OrderedJson judges_json(const session::Session& session, const NameOf& name_of) {
    OrderedJson list = OrderedJson::array();
    for (const Judge& judge : session.judges) {
        OrderedJson verdicts = OrderedJson::array();
        for (const auto& verdict : judge.verdicts) verdicts.push_back(verdict_json(*verdict, name_of));
        list.push_back({{"id", judge.id},
                        {"model", judge.model},
                        {"display_name", text_or_null(judge.display_name)},
                        {"server", text_or_null(judge.server)},
                        {"words", judge.words},
                        {"licence", decide::licence_json(decide::licence_of(session, judge))},
                        {"verdicts", std::move(verdicts)}});
    }
    return list;
}

std::vector<Judge> read_judges(FieldReader& parent, const session::Rounds& rounds, const IdFrom& id_from) {
    std::vector<Judge> judges;
    parent.each("judges", [&](FieldReader& fields) {
        Judge judge;
        judge.id = fields.required_text("id");
        if (std::any_of(judges.begin(), judges.end(), [&](const Judge& known) { return known.id == judge.id; }))
            fields.fail("id", fmt::format("\"{}\" is there twice", judge.id));
        judge.model = fields.required_text("model");
        judge.display_name = fields.string("display_name");
        judge.server = fields.string("server");
        judge.words = static_cast<int>(fields.integer_within("words", 0, kMaxCount).value_or(0));
        std::vector<std::shared_ptr<const Verdict>> verdicts;
        fields.each("verdicts", [&](FieldReader& verdict) {
            verdicts.push_back(std::make_shared<const Verdict>(read_verdict(verdict, rounds, id_from)));
        });
        judge.verdicts.append(verdicts.begin(), verdicts.end());
        judges.push_back(std::move(judge));
    });
    return judges;
}

}  // namespace llmc::report
