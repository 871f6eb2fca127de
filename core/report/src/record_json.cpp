#include "record_json.h"

#include <fmt/format.h>

#include "figures.h"
#include "openai/chat_request.h"
#include "plain_text.h"
#include "time_text.h"

namespace llmc::report {
namespace {

using base::FieldReader;
using base::OrderedJson;

base::Json read_extra_body(FieldReader& fields) {
    base::Json extra_body = object_or_null(fields, "extra_body");
    const auto forbidden = openai::forbidden_extra_body_keys(extra_body);
    if (!forbidden.empty()) fields.fail("extra_body", fmt::format("may not set \"{}\"", forbidden.front()));
    return extra_body;
}

}  // namespace

OrderedJson text_or_null(std::string_view text) {
    return text.empty() ? OrderedJson() : OrderedJson(text);
}

OrderedJson time_or_null(const std::optional<base::WallTime>& time) {
    return time ? OrderedJson(base::iso_utc_ms(*time)) : OrderedJson();
}

base::Json object_or_null(FieldReader& fields, std::string_view key) {
    const OrderedJson* object = fields.object(key);
    return object != nullptr ? base::Json(*object) : base::Json();
}

OrderedJson ordered(const base::Json& json) {
    return OrderedJson(json);
}

session::Settings read_settings(FieldReader& fields) {
    session::Settings settings;
    session::read_settings(fields, settings);
    settings.system_prompt = fields.text_or_empty("system_prompt").value_or(settings.system_prompt);
    return settings;
}

OrderedJson candidate_json(const session::Candidate& candidate) {
    const session::Overrides& own = candidate.own;
    OrderedJson json;
    json["id"] = candidate.id;
    json["model_id"] = candidate.model_id;
    json["display_name"] = text_or_null(candidate.display_name);
    for (const session::Setting& setting : session::all_settings())
        if (setting.is_own()) json[setting.key] = session::value_of(setting, own);
    json["not_sent"] = own.not_sent;
    json["system_prompt"] = value_or_null(own.system_prompt);
    json["server"] = text_or_null(candidate.server);
    json["extra_body"] = ordered(own.extra_body);
    json["removed"] = candidate.is_removed;
    json["skipped"] = candidate.is_skipped;
    return json;
}

session::Candidate read_candidate(FieldReader& fields) {
    session::Candidate candidate;
    candidate.id = fields.string("id");
    candidate.model_id = fields.required_text("model_id");
    candidate.display_name = fields.string("display_name");
    session::read_settings(fields, candidate.own);
    candidate.own.not_sent = fields.texts("not_sent").value_or(std::vector<std::string>{});  // null is nothing here
    candidate.own.system_prompt = fields.text_or_empty("system_prompt");
    candidate.server = fields.string("server");
    candidate.own.extra_body = read_extra_body(fields);
    candidate.is_removed = fields.flag("removed").value_or(false);
    candidate.is_skipped = fields.flag("skipped").value_or(false) && candidate.is_removed;
    return candidate;
}

OrderedJson changes_json(const std::vector<session::SettingsChange>& changes) {
    OrderedJson json = OrderedJson::array();
    for (const session::SettingsChange& change : changes)
        json.push_back(OrderedJson{{"from_round", change.from_round}, {"what", change.what}});
    return json;
}

std::vector<session::SettingsChange> read_changes(FieldReader& parent) {
    std::vector<session::SettingsChange> changes;
    parent.each("changes", [&](FieldReader& fields) {
        const auto round = fields.required_integer("from_round", 1, std::numeric_limits<int>::max());
        changes.push_back({static_cast<int>(round), fields.string("what")});
    });
    return changes;
}

session::Queue read_queue(FieldReader& parent) {
    std::vector<session::QueuedPrompt> queue;
    parent.each("queue", [&](FieldReader& fields) {
        session::QueuedPrompt one{.prompt = fields.required_text("prompt"),
                                  .prompt_id = fields.string("prompt_id"),
                                  .case_values = object_or_null(fields, "case")};
        one.repeat = static_cast<int>(fields.integer_within("repeat", 1, std::numeric_limits<int>::max()).value_or(1));
        queue.push_back(std::move(one));
    });
    return session::queue_of(std::move(queue));
}

OrderedJson summary_json(const metrics::Summary& summary) {
    OrderedJson json;
    json["answers"] = summary.answers;
    json["cold_answers"] = summary.cold_answers;
    json["burst_answers"] = summary.burst_answers;
    json["median_time_to_first_token_s"] = value_or_null(summary.median_time_to_first_token_s);
    json["median_time_to_first_output_s"] = value_or_null(summary.median_time_to_first_output_s);
    json["median_cold_time_to_first_token_s"] = value_or_null(summary.median_cold_time_to_first_token_s);
    json["median_decode_tokens_per_s"] = value_or_null(summary.median_decode_tokens_per_s);
    json["median_end_to_end_tokens_per_s"] = value_or_null(summary.median_end_to_end_tokens_per_s);
    json["median_end_to_end_latency_s"] = value_or_null(summary.median_end_to_end_latency_s);
    json["prompt_tokens"] = summary.prompt_tokens;
    json["output_tokens"] = summary.output_tokens;
    json["reasoning_tokens"] = summary.reasoning_tokens;
    json["prompt_tokens_estimated"] = summary.prompt_tokens_estimated;
    json["tokens_estimated"] = summary.tokens_estimated;
    json["reasoning_tokens_estimated"] = summary.reasoning_tokens_estimated;
    json["total_end_to_end_s"] = summary.total_end_to_end_s;
    json["total_model_load_s"] = summary.total_model_load_s;
    json["output_tokens_per_s"] = value_or_null(summary.output_tokens_per_s);
    return json;
}

std::optional<base::WallTime> read_time(FieldReader& fields, std::string_view key) {
    const auto text = fields.text_or_empty(key);
    if (!text) return std::nullopt;
    const auto time = utc_ms_from(*text);
    if (!time) fields.fail(key, fmt::format("\"{}\" is no time", *text));
    return time;
}

}  // namespace llmc::report
