// The suites that come with the program (assets/suites), to be tried and changed.
//
// Thread contract: constants, and plain functions.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gui/commands.h"

namespace llmc::gui {

struct ExampleSuite {
    const char* name;        // "Structured extraction"
    std::string_view text;   // the file
    std::string_view cases;  // the file of its cases, empty where it has none
};

std::span<const ExampleSuite> example_suites();
std::span<const ExampleSuite> role_suites();  // of an agent framework
// The suite in one document, its cases inlined.
std::string example_suite_text(const ExampleSuite& example);
// Reads it, shows it in the Suites window.
void open_example_suite(const ExampleSuite& example, Commands& commands);

}  // namespace llmc::gui
