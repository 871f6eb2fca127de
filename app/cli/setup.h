// From the configuration file and the command line to what the engine is given: command line beats file.
//
// Thread contract: blocks on the disk.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"
#include "config/config.h"
#include "engine/commands.h"
#include "suite/suite.h"

namespace llmc::cli {

struct Setup {
    engine::Configure configure;
    std::vector<session::Candidate> candidates;
    std::vector<config::JudgeModel> judges;  // those that were asked for
    std::vector<std::string> prompts;
    std::optional<suite::Suite> suite;  // in place of prompts
    int repeat = 1;                     // of the suite
    std::vector<std::string> notes;     // for people: what the configuration says about itself
};

// Servers may be missing (discovery comes later), so may models and prompts where the command needs none. Errors: what
// is wrong, with file, line and key, or the argument's name.
Result<Setup> make_setup(const Options& options, const config::Environment& environment);

// The same for the window: a whole configuration, to be edited there. Errors: as above; of kind `usage` where the
// command line is at fault, else the file is.
struct WindowSetup {
    config::Config config;
    bool is_from_command_line = false;  // something in it is
    std::string system_prompt_origin;
};
Result<WindowSetup> make_window_setup(const Options& options, const config::Environment& environment);

// "a, b and 3 more": for messages.
std::string some_of(const std::vector<std::string>& names, std::size_t count);

}  // namespace llmc::cli
