// The arguments of every command, parsed and checked as far as that goes without files or servers.
//
// Thread contract: plain values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "report/report.h"
#include "session/settings.h"

namespace llmc::cli {

struct Options {
    enum class Command {
        none,
        run,
        models,
        export_reports,
        recover,
        cast,
        import_suites,
        report,
        probe,
        doctor,
        demo,
        document
    };
    Command command = Command::none;

    std::optional<std::filesystem::path> config;
    std::vector<std::string> servers;
    std::vector<std::string> models;  // ID or ID=LABEL
    std::vector<std::string> judges;  // run, report: configured ones by their name, or models
    std::vector<std::string> prompts;
    std::optional<std::filesystem::path> prompt_file;
    std::optional<std::filesystem::path> system_prompt_file;
    std::vector<std::pair<const session::Setting*, base::OrderedJson>> settings;
    std::optional<std::filesystem::path> out;
    std::vector<report::Format> formats;
    std::optional<std::filesystem::path> suite;
    std::optional<std::int64_t> repeat;           // of the suite
    std::optional<std::filesystem::path> resume;  // run: a session or report that goes on
    std::optional<std::filesystem::path> events;  // "-": standard output
    bool shows_progress = true;
    bool is_quiet = false;

    bool as_json = false;                             // models, probe, doctor, report
    std::filesystem::path session_file;               // export, report
    std::optional<std::filesystem::path> baseline;    // report
    std::string export_as;                            // export: of a suite, another program's format
    bool lists = false;                               // recover
    std::optional<std::filesystem::path> save_as;     // recover: a session in place of reports
    std::vector<std::filesystem::path> cast_files;    // cast
    std::vector<std::string> picks;                   // cast: ROLE=LABEL
    std::string cast_formats = "json,yaml";           // cast
    std::string cast_as;                              // cast: another program's format; empty: a casting sheet
    std::optional<std::filesystem::path> cast_into;   // cast: that program's file, to be edited
    bool is_dry_run = false;                          // cast
    std::vector<std::filesystem::path> import_files;  // import
    std::optional<std::filesystem::path> import_as;   // import: the suite's file, or a folder for several
    std::string role;                                 // import
    bool replaces = false;                            // import: files that are there
    bool is_strict = false;                           // import
    std::vector<std::filesystem::path> files;         // window: to be opened
    double demo_tokens_per_s = 60;                    // demo
    std::optional<int> demo_port;                     // demo: the first of two
    std::string document;                             // document: man, bash, zsh, fish
    std::string demo_fault;                           // demo: a name of demo/faults.h, "list", or nothing
};

struct Parsed {
    std::optional<Options> options;  // nothing: `text` is all there is to say (--help, --version, an error)
    std::string text;
    int exit_status = 0;
};

Parsed parse_options(int argc, const char* const* argv);

void take_settings(const Options& options, session::Settings& settings);

}  // namespace llmc::cli
