// A file of another program, whole or damaged: refused by its name, or made a suite that can be read, with notes of a
// line each. As a file of yet another program it says the same number of prompts.
#include <string>

#include "base/utf8.h"
#include "interop/import.h"
#include "interop/suite_export.h"
#include "suite/suite.h"
#include "targets.h"

namespace llmc::fuzz {
namespace {

void export_and_read(const base::OrderedJson& document) {
    const auto suite = suite::suite_from_json(document);
    promise(suite.ok(), "an imported suite can be read");
    for (const char* format : {"promptfoo", "chat"}) {
        const auto made = interop::export_suite(*suite, "a suite", format);
        promise(made.ok(), "an imported suite can be exported");
        promise(base::is_valid_utf8(made->text), "an exported suite is valid UTF-8");
        const auto again = interop::import_files({{"a file", made->text}});
        promise(again.ok() && again->suites.size() == 1, "an exported suite can be imported");
        promise(again->suites.front().document["prompts"].size() == suite::tasks(*suite, 1).size(),
                "an exported suite has its prompts");
    }
}

}  // namespace

void importers(std::string_view bytes) {
    const interop::Beside beside = [&](std::string_view relative) -> Result<std::string> {
        if (relative.size() % 2 == 0) return Error{ErrorKind::not_found, "there is none"};
        return std::string(bytes.substr(0, bytes.size() / 2));
    };
    const auto import = interop::import_files({{"a file", std::string(bytes)}}, {}, beside);
    if (!import) {
        promise(import.error().message.starts_with("a file"), "an error names the file");
        promise(import.error().message.find('\n') == std::string::npos, "an error is one line");
        return;
    }
    promise(!import->suites.empty(), "what is taken over is a suite");
    for (const interop::ImportedSuite& suite : import->suites) {
        export_and_read(suite.document);
        promise(base::parse_json(interop::suite_text(suite.document)).ok(), "an imported suite is JSON");
        promise(suite.file_stem.find_first_of("/\\.") == std::string::npos, "a suite's file is in its folder");
    }
    for (const interop::NotTaken& note : import->notes) {
        promise(note.file == "a file" && !note.what.empty(), "a note says file and thing");
        promise(base::is_valid_utf8(interop::words(note)), "notes are valid UTF-8");
        promise(interop::words(note).find('\n') == std::string::npos, "a note is one line");
    }
}

}  // namespace llmc::fuzz
