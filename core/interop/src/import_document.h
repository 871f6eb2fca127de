// A file of another program, parsed: what the formats recognise and read.
//
// Thread contract: plain values and functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "import_place.h"
#include "interop/import.h"

namespace llmc::interop {

// A line of a file of lines, an element of a list, or the one document that a file is.
struct Record {
    Place place;
    base::OrderedJson value;
};

struct Document {
    std::string file;
    std::vector<Record> records;  // not empty
    bool is_whole = false;        // one JSON or YAML document that is an object: records.front()

    // Null where it is no whole document.
    const base::OrderedJson* whole() const { return is_whole ? &records.front().value : nullptr; }
    const base::OrderedJson& first() const { return records.front().value; }
};

// JSON, JSON lines or YAML, with or without a byte order mark. Errors: as parse_document() of the file's kind says,
// "FILE:LINE: what"; a file without anything in it too.
Result<Document> parse_document(std::string_view bytes, const Place& place);

// What a text within a file says as JSON, with the same limits; nothing where it is none.
std::optional<base::OrderedJson> json_in(const std::string& text);

// As much of a file as tells its kind: the first of its lines where they are JSON, else all.
Result<Document> parse_beginning(std::string_view bytes);

// The documents of a file: one, or those of the archive that it is; what else that holds is noted.
Result<std::vector<Document>> documents_of(const SourceFile& file, Notes& notes);

}  // namespace llmc::interop
