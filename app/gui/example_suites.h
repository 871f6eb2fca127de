// The suites that come with the program (assets/suites), to be tried and changed.
//
// Thread contract: constants.
#pragma once

#include <span>

#include "gui/commands.h"

namespace llmc::gui {

struct ExampleSuite {
    const char* name;  // "Structured extraction"
    const char* text;  // the file, its cases inlined
};

std::span<const ExampleSuite> example_suites();
// Reads it, shows it in the Suites window.
void open_example_suite(const ExampleSuite& example, Commands& commands);

}  // namespace llmc::gui
