// The command line as a system shows it: the man page and the completions of shells, made of the table that parses it.
//
// Thread contract: pure functions.
#pragma once

#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace llmc::cli {

// `kind`: man (roff, section 1), bash, zsh, fish. Ends without a line break.
std::string command_document(const CLI::App& app, std::string_view kind);

}  // namespace llmc::cli
