// What a file is called where one is chosen.
//
// Thread contract: pure.
#pragma once

#include "gui/commands.h"

namespace llmc::gui {

struct FileWords {
    const char* title;     // of the desktop's dialog
    const char* question;  // where a path is typed
    const char* files;     // "Suites"
    const char* patterns;  // "*.json"
};
// `saves`: sessions and suites only.
FileWords words_of(FileKind kind, bool saves);

}  // namespace llmc::gui
