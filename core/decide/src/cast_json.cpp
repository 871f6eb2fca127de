// The casting sheet as a document for programs.
#include "base/utf8.h"
#include "decide/cast.h"

namespace llmc::decide {
namespace {

using base::OrderedJson;

OrderedJson text_or_null(std::string_view text) {
    return text.empty() ? OrderedJson() : OrderedJson(text);
}

template <class T>
OrderedJson value_or_null(const std::optional<T>& value) {
    return value ? OrderedJson(*value) : OrderedJson();
}

OrderedJson counts_json(const VoteCounts& votes) {
    return {{"wins", votes.wins}, {"losses", votes.losses}, {"ties", votes.ties}, {"both_bad", votes.both_bad}};
}

OrderedJson votes_json(const Evidence& evidence) {
    if (evidence.votes.all() + evidence.verdicts.all() == 0) return {};
    OrderedJson json = counts_json(evidence.votes);
    if (evidence.verdicts.all() > 0) json["of_judges"] = counts_json(evidence.verdicts);
    json["score"] = evidence.vote_score ? OrderedJson(evidence.vote_score->score) : OrderedJson();
    json["low"] = evidence.vote_score ? OrderedJson(evidence.vote_score->low) : OrderedJson();
    json["high"] = evidence.vote_score ? OrderedJson(evidence.vote_score->high) : OrderedJson();
    return json;
}

OrderedJson ratings_json(const Contender& contender) {
    const RatingCounts& ratings = contender.evidence.ratings;
    if (ratings.is_empty() && contender.notes.empty()) return {};
    return {{"thumbs_up", ratings.thumbs_up},
            {"thumbs_down", ratings.thumbs_down},
            {"starred", ratings.starred},
            {"mean_stars", value_or_null(ratings.mean_stars())},
            {"notes", contender.notes}};
}

OrderedJson evidence_json(const Contender& contender) {
    const Evidence& evidence = contender.evidence;
    const auto interval = evidence.checks.interval();
    const bool has_checks = evidence.checks.total > 0;
    OrderedJson json;
    json["passed"] = has_checks ? OrderedJson(evidence.checks.passed) : OrderedJson();
    json["total"] = has_checks ? OrderedJson(evidence.checks.total) : OrderedJson();
    json["pass_rate"] = value_or_null(evidence.checks.rate());
    json["low"] = interval ? OrderedJson(interval->low) : OrderedJson();
    json["high"] = interval ? OrderedJson(interval->high) : OrderedJson();
    json["time_to_first_token_s"] = value_or_null(evidence.time_to_first_token_s);
    json["end_to_end_latency_s"] = value_or_null(evidence.end_to_end_latency_s);
    json["decode_tokens_per_s"] = value_or_null(evidence.decode_tokens_per_s);
    json["reasoning_share"] = value_or_null(evidence.reasoning_share);
    json["votes"] = votes_json(evidence);
    json["ratings"] = ratings_json(contender);
    json["group"] = evidence.group > 0 ? OrderedJson(evidence.group) : OrderedJson();
    json["pass_k"] = value_or_null(evidence.pass_k);
    json["answers"] = evidence.answers;
    json["cold_answers"] = evidence.cold_answers;
    return json;
}

OrderedJson contender_json(const Contender& contender) {
    return {{"candidate", contender.label},
            {"model", text_or_null(contender.model)},
            {"server", text_or_null(contender.server)},
            {"settings", session::settings_json(contender.settings)},
            {"request_form", contender.request_form ? OrderedJson(*contender.request_form) : OrderedJson()},
            {"skip_schema_enforcement",
             contender.skip_schema_enforcement ? OrderedJson(*contender.skip_schema_enforcement) : OrderedJson()}};
}

OrderedJson role_json(const CastRole& role) {
    const Contender& cast = role.contenders[role.cast()];
    OrderedJson json = contender_json(cast);
    json["picked_by"] = role.picked ? "user" : "proposal";
    json["note"] = text_or_null(role.note);
    OrderedJson equals = OrderedJson::array();
    for (const Contender& contender : role.contenders)
        if (contender.evidence.group > 0 && contender.evidence.group == role.contenders.front().evidence.group)
            equals.push_back(contender.label);
    json["proposal"] = {{"candidate", role.contenders.front().label},
                        {"reason", role.reason},
                        {"group", std::move(equals)},
                        {"verdict", text_or_null(role.verdict)},
                        {"not_used", role.not_used}};
    json["evidence"] = evidence_json(cast);
    OrderedJson& others = json["runners_up"] = OrderedJson::array();
    for (const Contender& contender : role.contenders) {
        if (&contender == &cast) continue;
        OrderedJson other = contender_json(contender);
        other["evidence"] = evidence_json(contender);
        others.push_back(std::move(other));
    }
    return json;
}

bool is_noncharacter(char32_t c) {
    return (c & 0xFFFEU) == 0xFFFEU || (c >= 0xFDD0 && c <= 0xFDEF);
}

// Unicode's noncharacters are not for interchange, and YAML cannot hold them all: JSON and YAML have to say the same.
std::string interchangeable(std::string_view text) {
    std::string out;
    for (std::size_t pos = 0; pos < text.size();) {
        const char32_t c = base::next_code_point(text, pos);
        base::append_code_point(out, is_noncharacter(c) ? 0xFFFD : c);
    }
    return out;
}

OrderedJson interchangeable(const OrderedJson& json) {
    if (json.is_string()) return interchangeable(std::string_view(json.get_ref<const std::string&>()));
    if (!json.is_structured()) return json;
    OrderedJson out = json.is_object() ? OrderedJson::object() : OrderedJson::array();
    for (const auto& member : json.items()) {
        if (json.is_object())
            out[interchangeable(std::string_view(member.key()))] = interchangeable(member.value());
        else
            out.push_back(interchangeable(member.value()));
    }
    return out;
}

}  // namespace

OrderedJson cast_to_json(const CastSheet& sheet, base::WallTime generated_at) {
    OrderedJson json;
    json["format"] = kCastFormat;
    json["version"] = 1;
    json["generated_at"] = base::iso_local(generated_at);
    OrderedJson& roles = json["roles"] = OrderedJson::object();
    for (const CastRole& role : sheet.roles) roles[role.name] = role_json(role);
    json["without_role"] = sheet.without_role;
    json["warnings"] = sheet.warnings;
    return interchangeable(json);
}

std::string cast_to_yaml(const CastSheet& sheet, base::WallTime generated_at) {
    return to_yaml(cast_to_json(sheet, generated_at));
}

}  // namespace llmc::decide
