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
#include "check/check_kind.h"
#include "session/answer.h"

namespace llmc::base {
class Regex;
}

namespace llmc::check {

class JsonSchema;
class Needle;

struct Check {
    enum class Wants { all, any };  // of `texts`

    const CheckKind* kind = nullptr;  // null only of one that could not be read
    std::vector<std::string> texts;   // of `value`, `values` or `any`; a pattern; a finish reason
    Wants wants = Wants::all;
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
