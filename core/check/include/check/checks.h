// The checks of a suite: what they are, and what they say of an answer (product.md section 8).
//
// Thread contract: a Check is a plain value; what it was compiled to is immutable and shared, so that any thread may
// judge with it at any time.
// Invariants: no text of a model makes a check hang or crash: searches, regular expressions and JSON take time that is
// linear in the text; a schema takes a bounded number of steps; JSON deeper than base::kMaxJsonDepth is refused. Places
// are code points from 0 in the text as it arrived.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "session/answer.h"

namespace llmc::base {
class Regex;
}

namespace llmc::check {

class JsonSchema;
class Needle;

enum class CheckType {
    contains,
    not_contains,
    starts_with,
    ends_with,
    equals,
    regex,
    not_regex,
    json,
    json_schema,
    tool_call,
    no_tool_call,
    min_words,
    max_words,
    min_chars,
    max_chars,
    finish_reason,
    max_ttft_s,
    min_decode_tokens_per_s,
    max_reasoning_tokens
};
std::string_view check_type_name(CheckType type);  // "contains"
std::optional<CheckType> check_type_from(std::string_view name);
const std::vector<std::string>& check_type_names();  // all, in the order of the enum

struct Check {
    enum class Wants { all, any };  // of `texts`

    CheckType type = CheckType::contains;
    std::vector<std::string> texts;  // of `value`, `values` or `any`; a pattern; a finish reason
    Wants wants = Wants::all;
    bool ignore_case = false;
    bool allow_fence = false;
    bool stop_on_break = false;
    double limit = 0;                   // of min_…, max_…
    std::string tool;                   // empty: any
    std::optional<std::int64_t> count;  // of calls; none: at least one

    // What the above was compiled to.
    std::vector<std::shared_ptr<const Needle>> needles;
    std::shared_ptr<const base::Regex> regex;
    std::shared_ptr<const JsonSchema> schema;  // of json_schema; of a tool call's arguments
};

// One check, {"type": …}, its placeholders filled. Errors: `parse`, "check:LINE: KEY: …" with the line that the key has
// where the check is written indented: an unknown type or key, a wrong value, a bad regular expression or schema.
Result<Check> parse_check(const base::OrderedJson& check);

// What the checks say of an answer that has ended, in their order. An answer that is not complete fails all of them,
// and the detail names its state; what its text broke for good until then is told too.
// `world`: all files at the end, for the check of that name; null without a world.
std::vector<session::CheckResult> judge_answer(const std::vector<Check>& checks, const session::Answer& answer,
                                               const session::WorldFiles* world = nullptr);

}  // namespace llmc::check
