// The table of checks: a row for each kind, by which suites are read, cases are filled in, answers are judged and forms
// are drawn. A new kind is a row, beside its judge, in the file of its group.
//
// Thread contract: immutable.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "metrics/answer_metrics.h"

namespace llmc::check {

struct Check;
struct MemberPlace;
class Subject;
class TextWatch;

enum class MemberKind {
    texts,    // a text "value", or a list of them: "values" (all) or "any" (one of them)
    text,     // one, as it is
    pattern,  // of RE2
    count,    // a whole number from 0
    figure,   // a number from 0
    names,    // a list of texts
    flag,
    schema,  // JSON Schema
    json     // a structure of its own
};

struct Member {
    const char* key;
    MemberKind kind;
    bool is_required = false;
    const char* label = "";    // in a form
    const char* hint = "";     // where it is empty: what may stand there
    const char* example = "";  // JSON that a new check begins with; empty: it begins without
    const char* words = "";    // before its value where a check is told in a line; of a flag, all
    void (*read)(const MemberPlace& place, Check& check) = nullptr;

    bool is_text() const { return kind == MemberKind::text || kind == MemberKind::pattern; }
    bool is_number() const { return kind == MemberKind::count || kind == MemberKind::figure; }
    bool is_json() const { return kind == MemberKind::schema || kind == MemberKind::json; }
};

// Why an answer fails; nothing where it passes.
using Fault = std::optional<std::string>;

struct CheckKind {
    std::string_view name;  // "contains"
    std::vector<Member> members = {};
    // What it judges of an answer with several turns of the user, where it has no `turn`.
    enum class Scope { last_turn, answer } scope = Scope::last_turn;

    // Of a whole answer, once the watch found nothing; null where that is all there is to see.
    Fault (*judge)(const Check& check, const Subject& subject) = nullptr;

    // The tools that it names, for who knows which are offered; null where it names none.
    std::vector<std::string> (*tools)(const Check& check) = nullptr;

    // How it can break before the end; null where it cannot.
    std::unique_ptr<TextWatch> (*watch)(const Check& check) = nullptr;
    Fault (*judge_numbers)(const Check& check, const metrics::AnswerMetrics& so_far) = nullptr;
    Fault (*judge_wait)(const Check& check, double waited_s, bool is_over) = nullptr;

    bool judges_output = false;        // of a prompt with "output": its JSON, wherever that stood, and not the text
    bool judges_steps_so_far = false;  // what its judge finds in the steps so far stays so

    bool can_break_early() const { return watch || judge_numbers || judge_wait || judges_steps_so_far; }
    // A text member has several keys; null for none.
    const Member* find(std::string_view key) const;
};

// All of them, in the order of a form's list.
const std::vector<CheckKind>& check_kinds();
const CheckKind* find_check_kind(std::string_view name);  // null for none

// The kind's member of that key in a check as it stands in a suite; null for none.
const Member* find_member(const base::OrderedJson& check, std::string_view key);

}  // namespace llmc::check
