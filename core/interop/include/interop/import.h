// Reads files of other programs as suites. The kind of a file is found by its content:
//   prompt-prix test files; BFCL questions and answers, official and flat; Inspect samples; promptfoo configurations;
//   a framework's LLM traces, also in their ZIP archive; conversations, one a line.
//
// Thread contract: plain functions; import_files() does no I/O but by `beside`, import_paths() blocks on the disk.
// Invariants: what comes out passes suite::suite_from_json(). What has no counterpart in a suite is in the notes, and so
// is a check or prompt that the suite's reader would refuse. A file is taken as a whole or refused: text that cannot be
// read (a key twice, a broken line, bytes that are not UTF-8), an archive that leads out of itself or unpacks to more
// than kMaxUnpacked, YAML with tags that make objects or more than kMaxImportYamlNodes nodes after its aliases, an object
// of more than kMaxImportMembers members, traces of more than kMaxImportSuites specialists. The time is that of the
// file's size, not of its square.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "interop/not_taken.h"

namespace llmc::interop {

inline constexpr std::size_t kMaxImportFile = std::size_t{256} << 20;  // bytes; of an archive or a file of lines
inline constexpr std::size_t kMaxWholeFile = std::size_t{64} << 20;    // of one JSON document
inline constexpr std::size_t kMaxImportSigns = 4'000'000;              // commas, colons, "[" and "{" of a file
inline constexpr std::size_t kMaxImportMembers = 1000;                 // of an object: looking one up is linear
inline constexpr std::size_t kMaxImportSuites = 1000;                  // that one import gives
inline constexpr std::size_t kMaxUnpacked = std::size_t{256} << 20;    // of all entries of an archive
inline constexpr std::size_t kMaxImportYaml = std::size_t{16} << 20;   // with its aliases too
inline constexpr std::size_t kMaxImportYamlNodes = 100'000;            // with its aliases

struct SourceFile {
    std::string name;  // as notes and errors say it
    std::string bytes;
};

// The bytes of a file that one of the files names, relative to the folder of the first. Errors: why it cannot be had.
using Beside = std::function<Result<std::string>(std::string_view relative)>;

struct ImportedSuite {
    std::string file_stem;  // "router_specialist" where a file gives several suites, in [a-z0-9_-]; else empty
    base::OrderedJson document;
};

struct Import {
    std::string kind;  // "prompt-prix"
    std::vector<ImportedSuite> suites;
    std::vector<NotTaken> notes;
    bool is_one_per_specialist = false;
};

// Files that are given together are of one kind and make one set of prompts; BFCL joins them by `id`. `role`: of each
// suite; empty: the format's own, or none. Without `beside` nothing that a file names is read.
// Errors: `parse` and `limit`, "FILE:LINE: what" or "FILE: what"; a file of no known kind too.
Result<Import> import_files(const std::vector<SourceFile>& files, std::string_view role = {},
                            const Beside& beside = {});

// Whether the kind of a file is known: a ZIP archive is taken for traces; else the first line tells where each is an
// object, or the document as a whole, where it can be read.
bool is_known_kind(std::string_view bytes);

// Reads the files, whose sizes are looked at first. What they name is read from their folder, links out of it are not
// followed. Errors: as read_file() too.
Result<Import> import_paths(const std::vector<std::filesystem::path>& paths, std::string_view role = {});

// A suite's document as a file's text.
std::string suite_text(const base::OrderedJson& document);

}  // namespace llmc::interop
