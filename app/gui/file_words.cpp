#include "gui/file_words.h"

namespace llmc::gui {

FileWords words_of(FileKind kind, bool saves) {
    constexpr const char* kSessions = "Sessions and reports";
    constexpr const char* kSessionPatterns = "*.llmc.json *.json";
    switch (kind) {
        case FileKind::prompts:
            return {"Open prompts", "Open prompts (.txt, .md, .jsonl)", "Prompts", "*.txt *.md *.jsonl"};
        case FileKind::system_prompt:
            return {"Open system prompt", "Open a system prompt (.txt, .md)", "Text", "*.txt *.md"};
        case FileKind::session:
            if (saves) return {"Save session", "Save the session as", "Sessions", "*.llmc.json"};
            return {"Open session", "Open a session or a JSON report", kSessions, kSessionPatterns};
        case FileKind::suite:
            if (saves) return {"Save suite", "Save the suite as", "Suites", "*.json"};
            return {"Open suite", "Open a suite (.json)", "Suites", "*.json"};
        case FileKind::evidence:
            return {"Add reports", "Add a report or a session to the casting sheet", kSessions, kSessionPatterns};
        case FileKind::other_session:
            return {"Compare with a session", "Compare with a session or a JSON report", kSessions, kSessionPatterns};
        case FileKind::baseline:
            return {"Choose a baseline", "Compare the suite's results with an earlier report", kSessions,
                    kSessionPatterns};
        case FileKind::cast_target:
            return {"Put the cast into", "Choose the settings that the cast is put into", "Settings", "*.yaml *.yml"};
        case FileKind::to_import:
            return {"Import", "Import a file of another program as a suite", "Tests, traces, conversations",
                    "*.json *.jsonl *.yaml *.yml *.zip"};
    }
    return {};
}

}  // namespace llmc::gui
