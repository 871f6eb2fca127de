// Comma-separated values as RFC 4180 defines them, and with the separators that spreadsheets write elsewhere: for the
// cases of a suite.
//
// Thread contract: plain functions.
// Invariants: an empty cell is a value and cells are not trimmed; lines end with CR LF or LF; whatever RFC 4180 does
// not allow is refused, never guessed. Cells are separated by commas; by semicolons or tabs where the header has those
// and no comma outside quotes; or by what a first line "sep=;" says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace llmc::suite {

struct CsvRow {
    int line = 1;  // where it starts, from 1
    std::vector<std::string> cells;
};

// All rows, the header too; a byte order mark is skipped, and the last line may have no end. Errors: `parse`, "line N:
// what": a quote that is never closed, a quote inside a cell without quotes, text behind a closing quote, a carriage
// return alone, bytes that are not UTF-8 (what they are instead, where that can be told).
Result<std::vector<CsvRow>> parse_csv(std::string_view text);

}  // namespace llmc::suite
