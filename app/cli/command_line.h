// Every command and option, as CLI11 parses them: what they are called, what they take and what the help says. Man page
// and completions (command_docs.h) are made of it.
//
// Thread contract: plain values; what is parsed points into the object, which does not move.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/options.h"

namespace llmc::cli {

// What the arguments look like before they are checked.
struct RawOptions {
    std::string config, prompt_file, system_prompt_file, out, formats, events, session_file, resume, suite, save_as,
        cast_into, baseline, decision_format = "text";
    std::vector<std::string> servers, models, judges, prompts, files;
    bool no_progress = false;
};

// "--max-tokens", "--timeout"
std::string option_name(const session::Setting& setting);

class CommandLine {
public:
    CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    // Throws CLI::ParseError, as CLI11 does: --help and --version are some, too.
    void parse(int argc, const char* const* argv);

    const CLI::App& app() const { return app_; }
    Options& options() { return options_; }
    const RawOptions& raw() const { return raw_; }

private:
    void add_window();
    void add_run();
    void add_models();
    void add_export();
    void add_report();
    void add_recover();
    void add_cast();
    void add_import();
    void add_probe();
    void add_doctor();
    void add_demo();
    void add_document();
    void refuse_empty_values();

    Options options_;
    RawOptions raw_;
    CLI::App app_{"LLM Compare: audition language models side by side.", "llm-compare"};
    std::vector<std::pair<const CLI::App*, Options::Command>> commands_;
};

}  // namespace llmc::cli
