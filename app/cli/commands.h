// One function per command; each gives the exit status.
#pragma once

#include "cli/options.h"
#include "cli/terminal.h"

namespace llmc::cli {

int run_command(const Options& options, Terminal& terminal);
int models_command(const Options& options, Terminal& terminal);
int export_command(const Options& options, Terminal& terminal);
int recover_command(const Options& options, Terminal& terminal);
int cast_command(const Options& options, Terminal& terminal);
int import_command(const Options& options, Terminal& terminal);
int report_command(const Options& options, Terminal& terminal);
int doctor_command(const Options& options, Terminal& terminal);
int probe_command(const Options& options, Terminal& terminal);
int demo_command(const Options& options, Terminal& terminal);
int window_command(const Options& options, Terminal& terminal);

}  // namespace llmc::cli
