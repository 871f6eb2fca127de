#include "gui/example_suites.h"

#include <vector>

#include "gui/example_suite_files.h"

namespace llmc::gui {
namespace {

std::string_view text_of(const EmbeddedFile& file) {
    return {reinterpret_cast<const char*>(file.bytes), file.size};
}

std::vector<ExampleSuite> suites(bool are_roles) {
    std::vector<ExampleSuite> made;
    for (const EmbeddedSuite& one : kEmbeddedSuites)
        if (one.is_role == are_roles)
            made.push_back(
                {one.name, text_of(one.suite), one.cases.size > 0 ? text_of(one.cases) : std::string_view{}});
    return made;
}

}  // namespace

std::span<const ExampleSuite> example_suites() {
    static const std::vector<ExampleSuite> all = suites(false);
    return all;
}

std::span<const ExampleSuite> role_suites() {
    static const std::vector<ExampleSuite> all = suites(true);
    return all;
}

std::string example_suite_text(const ExampleSuite& example) {
    if (example.cases.empty()) return std::string(example.text);
    auto suite = base::parse_ordered_json(example.text);
    const auto cases = suite::cases_from_csv(example.cases, example.name);
    if (!suite || !suite->is_object() || !cases) return std::string(example.text);
    suite->erase("cases_file");
    (*suite)["cases"] = *cases;
    return base::dump_json(*suite, 2);
}

void open_example_suite(const ExampleSuite& example, Commands& commands) {
    commands.add(OpenSuiteText{example_suite_text(example)});
}

}  // namespace llmc::gui
