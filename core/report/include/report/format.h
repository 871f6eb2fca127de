// What a session can be exported as: the rows of one table (formats.cpp), from which menus, --format, help texts,
// writing and "is it kept" come. A new format is a row there and a file that writes it.
//
// Thread contract: constants and plain functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "base/result.h"

namespace llmc::session {
struct Session;
}

namespace llmc::report {

// What of a session can be read in it.
enum class Keeps {
    figures,    // how fast it was, not what was said: a session of which only such a file was written is not kept
    words,      // all that was said
    everything  // it opens again as a session
};

struct FormatRow {
    const char* extension;  // "md"
    const char* title;      // "Markdown"
    Keeps keeps;
    bool is_usual;  // written where nobody chose, and at a halt
    // In pieces: answers may be long, and JSON writes some characters as six.
    void (*write)(const session::Session& session, base::WallTime generated_at, const base::ByteSink& sink);
};

using Format = const FormatRow*;  // a row of the table

std::span<const FormatRow> formats();
Format format_of(std::string_view extension);  // nullptr where there is none
std::vector<Format> usual_formats();           // at least one

std::vector<Format> all_formats();
std::string extensions_text(const std::vector<Format>& formats, std::string_view between);  // "md, json"

// "md,json" → formats, each once, in order. Errors: `usage` naming the unknown word.
Result<std::vector<Format>> formats_from(std::string_view list);

std::string render(Format format, const session::Session& session, base::WallTime generated_at);

}  // namespace llmc::report
