#include "gui/example_suites.h"

namespace llmc::gui {

std::span<const ExampleSuite> example_suites() {
    return {};
}

void open_example_suite(const ExampleSuite& example, Commands& commands) {
    commands.add(OpenSuiteText{example.text});
}

}  // namespace llmc::gui
