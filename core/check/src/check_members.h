// The members that checks have in common, and how each is read.
//
// Thread contract: plain functions, one thread for a file.
#pragma once

#include <string>

#include "base/field_reader.h"
#include "check/checks.h"

namespace llmc::check {

struct MemberPlace {
    base::JsonFile& file;
    base::FieldReader& fields;   // of the check
    const std::string& pointer;  // to the check
    const char* key;
};

void read_texts(const MemberPlace& place, Check& check);  // texts, wants
void read_turn(const MemberPlace& place, Check& check);
void read_with_other(const MemberPlace& place, Check& check);   // nothing: another member's reader has read it
void read_ignore_case(const MemberPlace& place, Check& check);  // and the needles, of the texts read before
void read_text(const MemberPlace& place, Check& check);         // texts
void read_pattern(const MemberPlace& place, Check& check);      // texts, regex
void read_schema(const MemberPlace& place, Check& check);
void read_allow_fence(const MemberPlace& place, Check& check);
void read_tool(const MemberPlace& place, Check& check);
void read_count(const MemberPlace& place, Check& check);
void read_limit(const MemberPlace& place, Check& check);         // a whole number
void read_figure_limit(const MemberPlace& place, Check& check);  // any number

inline constexpr Member kTexts{
    .key = "value", .kind = MemberKind::texts, .hint = "text", .example = "\"\"", .words = " ", .read = read_texts};
inline constexpr Member kIgnoreCase{.key = "ignore_case",
                                    .kind = MemberKind::flag,
                                    .label = "any case",
                                    .words = ", any case",
                                    .read = read_ignore_case};
inline constexpr Member kPattern{.key = "value",
                                 .kind = MemberKind::pattern,
                                 .is_required = true,
                                 .hint = "pattern (RE2)",
                                 .example = "\"\"",
                                 .words = " ",
                                 .read = read_pattern};
inline constexpr Member kTurn{.key = "turn",
                              .kind = MemberKind::count,
                              .label = "Turn",
                              .hint = "the last",
                              .words = ", turn ",
                              .read = read_turn};
inline constexpr Member kLimit{.key = "value",
                               .kind = MemberKind::count,
                               .is_required = true,
                               .label = "Value",
                               .example = "100",
                               .words = " ",
                               .read = read_limit};
inline constexpr Member kFigureLimit{.key = "value",
                                     .kind = MemberKind::figure,
                                     .is_required = true,
                                     .label = "Value",
                                     .example = "100",
                                     .words = " ",
                                     .read = read_figure_limit};

}  // namespace llmc::check
