// What became of other programs' files: the suites, and what no suite can say.
//
// Thread contract: made off the window's thread, immutable then; drawn as panel_table.h.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "interop/not_taken.h"
#include "suite/suite.h"

namespace llmc::gui {

struct ImportedSuites {
    std::string source;                                       // "tests.json", "tests.json and 1 more"
    std::vector<std::shared_ptr<const suite::Suite>> suites;  // not empty
    std::vector<std::string> names;                           // of the suites, as labels
    std::vector<interop::NotTaken> notes;
    std::vector<std::string> lines;  // of the notes, as the window lists them: the file only where there are several
};

// Files that make one set of prompts. Blocks on the disk. Errors: as interop::import_paths() says.
Result<ImportedSuites> read_import(const std::vector<std::filesystem::path>& paths);

// "Imported 15 prompts from tests.json; 3 things were not taken over"
std::string summary_of(const ImportedSuites& imported);

struct SuiteParts;
struct SuiteView;

// Shows the first of them, as take_suite() does.
void take_import(SuiteView& view, std::shared_ptr<const ImportedSuites> imported);
// Which of them is shown, and the list of what was not taken over; nothing where nothing was imported.
void draw_import(SuiteParts& parts);

}  // namespace llmc::gui
