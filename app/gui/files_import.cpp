// Other programs' files, which become suites.
#include "base/file.h"
#include "gui/files.h"
#include "gui/panels/suite_import.h"
#include "gui/panels/suite_panel.h"
#include "report/session_file.h"

namespace llmc::gui {

void Files::import_from(const std::vector<std::filesystem::path>& paths) {
    read([paths] { return read_import(paths); },
         [this](ImportedSuites imported) {
             const std::string summary = summary_of(imported);
             const bool is_whole = imported.notes.empty();
             needs_.notices.note(is_whole ? LogEntry::Level::info : LogEntry::Level::warning, summary + ".");
             for (const interop::NotTaken& note : imported.notes)
                 needs_.notices.note(LogEntry::Level::warning, interop::words(note));
             needs_.notices.toast(is_whole ? summary + "." : summary + ". The Log has the list.");
             take_import(needs_.panels.views().suite(), std::make_shared<const ImportedSuites>(std::move(imported)));
             needs_.panels.show(Panel::suite);
         });
}

void Files::open_all(const std::vector<std::filesystem::path>& paths) {
    if (paths.empty()) return;
    if (paths.size() == 1) return open(paths.front());
    needs_.background.run([this, paths] {
        std::vector<std::filesystem::path> foreign, own;
        for (const auto& path : paths) {
            const auto bytes = base::read_file(path, report::kMaxSessionFileBytes);
            const bool is_foreign = bytes && content_of(*bytes, path) == FileContent::other_program;
            (is_foreign ? foreign : own).push_back(path);
        }
        return Background::Finish([this, foreign, own] {
            for (const auto& path : own) open(path);
            if (!foreign.empty()) import_from(foreign);
        });
    });
}

}  // namespace llmc::gui
