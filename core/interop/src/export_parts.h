// What the export formats share.
//
// Thread contract: pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "interop/cast_export.h"

namespace llmc::interop {

// The formats, a file each.
ExportText render_las(const CastExport& cast);
Result<ExportText> edit_las(std::string_view text, const CastExport& cast);
ExportText render_litellm(const CastExport& cast);
ExportText render_env(const CastExport& cast);

// Letters (in lower case) and digits as they are, all between them as one "_": for names that programs give.
// "Qwen3 4B (Q8)" is "qwen3_4b_q8"; `fallback` where nothing is left.
std::string slug(std::string_view text, std::string_view fallback);
// The same in capitals, for names of variables: with `before_digit` where it would begin with a digit.
std::string variable_slug(std::string_view text, std::string_view fallback, std::string_view before_digit);
// `name` or name_2, name_3 …, which is not among `taken`; it is then.
std::string unique_name(const std::string& name, std::vector<std::string>& taken);

// "http://host:1234/v1"; empty for a model whose server is not known.
std::string base_url(const ExportedModel& model);
// Text in a value that stands in quotes, of a URL: what would end the value or mean something to a shell is escaped.
std::string quotable_url(std::string url);

// The settings that are sent and that the target knows, by key.
base::OrderedJson known_settings(const ExportedModel& model, std::span<const std::string_view> known);
// "min_p 0.05, repeat_penalty 1.1": the others.
std::string other_settings(const ExportedModel& model, std::span<const std::string_view> known);

// The comment lines of a role: who, why, who else, what was not taken over, what to look at. Without marks.
std::vector<std::string> role_comments(const ExportedRole& role, std::span<const std::string_view> known);
// The last two kinds of them, for people.
void add_notes(const ExportedRole& role, std::span<const std::string_view> known, std::vector<std::string>& notes);

}  // namespace llmc::interop
