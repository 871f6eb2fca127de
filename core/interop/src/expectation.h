// Checks of calls as a suite has them, put together of what other programs say.
//
// Thread contract: plain functions and values; one thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "import_place.h"
#include "suite_draft.h"

namespace llmc::interop {

// The value itself and no other: objects and lists as {"equals": …}.
base::OrderedJson literal(const base::OrderedJson& value);
// One of the list.
base::OrderedJson one_of(const base::OrderedJson& list);
base::OrderedJson all_of(std::vector<base::OrderedJson> parts);
// Whatever it is, as long as it is there and not null.
base::OrderedJson present();
// {"type": …} for the words of JSON Schema and Python; null for an unknown word.
base::OrderedJson of_type(std::string_view word);
// An expected object; noted where its keys would be read as operators.
base::OrderedJson members_of(base::OrderedJson object, const Place& place, Notes& notes);

// A text for RE2 that matches just it.
std::string quoted_pattern(std::string_view text);
// Of one of these names.
std::string names_pattern(const std::vector<std::string>& names);

// What is expected of one call: all constraints on an argument together.
class CallDraft {
public:
    std::string name;     // empty: by pattern
    std::string pattern;  // empty with no name: any tool

    void argument(const std::string& key, base::OrderedJson expected);
    bool has_arguments() const { return !arguments_.empty(); }
    bool is_empty() const { return name.empty() && pattern.empty() && arguments_.empty(); }

    // As an entry of `calls`; by pattern where the tool is not offered, for the suite's reader refuses such a name.
    base::OrderedJson json(const SuiteDraft::Prompt& prompt, const Place& place, Notes& notes) const;

private:
    std::vector<std::pair<std::string, std::vector<base::OrderedJson>>> arguments_;
};

// "match": "superset", "prefix" …
base::OrderedJson calls_check(base::OrderedJson entries, std::string_view match);

// A check `type` ("contains", "not_contains") of a text or several, whose list is called `list_key` ("values", "any").
void check_texts(const base::OrderedJson& value, const char* type, const char* list_key, const Place& place,
                 SuiteDraft::Prompt& prompt, Notes& notes);
// That none of these tools is called.
void check_forbidden(const base::OrderedJson& names, const Place& place, SuiteDraft::Prompt& prompt, Notes& notes);
// The calls of "tool_calls", in any order, and their number by "tool_calls_count" of the same object; others may be
// made where it does not say as many.
void check_calls(base::OrderedJson entries, Members& members, SuiteDraft::Prompt& prompt);

// Where nothing is said of a call's arguments, the tool's own schema says what they have to be.
void check_by_schema(SuiteDraft::Prompt& prompt, const Place& place);

// The texts of a list, or the one text.
std::vector<std::string> texts_of(const base::OrderedJson& value, const Place& place, Notes& notes);

}  // namespace llmc::interop
