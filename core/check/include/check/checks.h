// The checks of a suite: what they are, and what they say of an answer (product.md section 8).
//
// Thread contract: a Check is a plain value; what it was compiled to is immutable and shared, so that any thread may
// judge with it at any time.
// Invariants: no text of a model makes a check hang or crash: searches, regular expressions and JSON take time that is
// linear in the text; a schema takes a bounded number of steps; JSON deeper than base::kMaxJsonDepth is refused. Places
// are code points from 0 in the text as it arrived.
#pragma once

#include <cstdint>
#include <map>
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

struct CallList;
struct FileRules;
class JsonSchema;
struct MilestoneList;
class Needle;

// A tool that was offered. The schema is null where it says nothing of its parameters: any object will do.
using OfferedTools = std::map<std::string, std::shared_ptr<const JsonSchema>>;

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
    std::optional<std::int64_t> turn;   // of the user, from 1; none: as the kind's scope says

    // What the above was compiled to.
    std::vector<std::shared_ptr<const Needle>> needles;
    std::shared_ptr<const base::Regex> regex;
    std::shared_ptr<const JsonSchema> schema;  // of json_schema; of a tool call's arguments
    std::shared_ptr<const CallList> calls;
    std::shared_ptr<const MilestoneList> milestones;
    std::shared_ptr<const FileRules> files;

    // For arguments_valid of an answer without steps; null where they are not known. Given by who has them.
    std::shared_ptr<const OfferedTools> tools;
};

// One check, {"type": …}, its placeholders filled. Errors: `parse`, "check:LINE: KEY: …" with the line that the key has
// where the check is written indented: an unknown type or key, a wrong value, a bad regular expression or schema.
Result<Check> parse_check(const base::OrderedJson& check);

// What the checks say of an answer that has ended, in their order. An answer that is not complete fails all of them,
// and the detail names its state; what its text broke for good until then is told too, or what its steps broke.
//
// Of an answer with several turns of the user a check judges the one that its "turn" names, from 1. Without it, checks
// of text and finish reason, calls and milestones judge the last; all others judge the whole answer. Text and finish
// reason are those of the turn's last step, or the response of the done tool. A complete step's call without a result is
// one of the done tool, or was dropped beside it: calls, milestones, allowed_tools and recovers leave those out,
// tool_call, no_tool_call, forbidden_tools and arguments_valid do not.
// `world`: all files at the end, for the check of that name; null without a world.
std::vector<session::CheckResult> judge_answer(const std::vector<Check>& checks, const session::Answer& answer,
                                               const session::WorldFiles* world = nullptr);

}  // namespace llmc::check
