// Rows of words as lines with aligned columns.
//
// Thread contract: a plain function.
#pragma once

#include <string>
#include <vector>

namespace llmc::cli {

// All rows have as many cells. Whatever stands in one, it is one line of a terminal.
std::vector<std::string> in_columns(const std::vector<std::vector<std::string>>& rows);

}  // namespace llmc::cli
