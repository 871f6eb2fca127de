// The formats that are read, each in a file of its own; import.cpp has the table of them.
//
// Thread contract: immutable; a reader is called by one thread.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "import_document.h"
#include "interop/import.h"
#include "suite_draft.h"

namespace llmc::interop {

// What a reader works with and fills.
struct ImportJob {
    std::span<const Document> documents;  // all of the format, not empty
    const Beside& beside;                 // may be null
    Notes& notes;
    SuiteDraft& draft;
    std::map<std::string, SuiteDraft> by_specialist;  // in place of `draft`
};

struct ImportFormat {
    std::string_view name;
    bool (*recognises)(const Document& document);
    // Errors: what makes the file as a whole unusable.
    Result<void> (*read)(ImportJob& job);
    bool is_one_per_specialist = false;
};

bool is_bfcl(const Document& document);
Result<void> read_bfcl(ImportJob& job);
bool is_traces(const Document& document);
Result<void> read_traces(ImportJob& job);
bool is_inspect(const Document& document);
Result<void> read_inspect(ImportJob& job);
bool is_promptfoo(const Document& document);
Result<void> read_promptfoo(ImportJob& job);
bool is_promptprix(const Document& document);
Result<void> read_promptprix(ImportJob& job);
bool is_chat_lines(const Document& document);
Result<void> read_chat_lines(ImportJob& job);

// "router_specialist": a name as a file's, in [a-z0-9_-].
std::string file_stem_of(std::string_view name);

}  // namespace llmc::interop
