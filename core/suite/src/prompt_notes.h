// What a suite says of its prompts that no candidate is sent: category and severity, criteria, an earlier answer.
//
// Thread contract: plain functions; one thread.
#pragma once

#include <cstddef>
#include <string>

#include "base/field_reader.h"
#include "placeholders.h"
#include "session/session.h"

namespace llmc::suite {

struct PromptNotes {
    std::string category;
    session::Severity severity = session::Severity::critical;
};

// The members that are there, of a suite or a prompt. Criteria and the incumbent are looked at only: who shows them
// takes them from the document.
void read_notes(base::FieldReader& fields, PromptNotes& notes);

// Notes in `file` which of a prompt's notes a case has no value for.
void fill_notes(base::JsonFile& file, std::size_t prompt, Filler& filler);

}  // namespace llmc::suite
