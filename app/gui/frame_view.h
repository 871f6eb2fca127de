// Everything that panels read in one frame. Immutable while the frame is drawn.
//
// Thread contract: main thread; references are valid for the frame.
#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "gui/commands.h"
#include "gui/judging.h"
#include "gui/look/fonts.h"
#include "gui/look/theme.h"
#include "gui/probing.h"
#include "gui/setup_state.h"
#include "gui/shell/content.h"
#include "gui/shortcuts.h"
#include "gui/text_undo.h"

namespace llmc::gui {

struct LogEntry {
    enum class Level { info, warning, error };
    base::WallTime time{};
    Level level = Level::info;
    std::string server, label;  // empty where it does not apply
    int round = 0;
    std::string text;
};

// One shown notice, for some seconds.
struct Toast {
    std::string text;
    bool is_error = false;
    std::filesystem::path folder;  // "Open folder" where there is one
    std::filesystem::path file;    // "Open": the one in it that was written last
    float height = 0;              // as drawn
    base::TimePoint until{};
};

// The report as it would be written now; made off the window's thread.
struct ReportPreview {
    report::Format format = report::usual_formats().front();
    std::string text;
    bool is_pending = false;
};

// A session that was opened or saved before.
struct RecentSession {
    std::filesystem::path path;
    bool is_there = true;  // as far as is known
    bool operator==(const RecentSession&) const = default;
};

struct FrameView {
    const engine::Snapshot& snapshot;
    const engine::Preflight& preflight;  // of the draft, against what the servers say now
    const SetupState& setup;
    const Theme& theme;
    const Fonts& fonts;
    const Shortcuts& shortcuts;
    const std::deque<LogEntry>& log;
    const ReportPreview& preview;
    const ProbeState& probes;
    const JudgingState& judging;
    std::uint64_t revision = 0;  // grows with every new snapshot: for caches of what is derived from it
    base::TimePoint now{};
    base::WallTime wall{};
    std::span<const RecentSession> recent{};  // the newest first
    bool keeps_history = true;
    bool enter_sends = false;
    float text_size = 1;
    bool is_blind = false;        // the snapshot is masked (blind.h): its labels are A, B, C
    std::string_view renderer{};  // what draws; empty where nothing does
    bool has_dialogs = false;     // whether native file dialogs are there
    Arrangement arrangement = Arrangement::columns;
    FrameRequests& requests;
    TypedField& typed;
};

// The newest that is still there; null: none.
inline const RecentSession* last_session(const FrameView& frame) {
    for (const RecentSession& one : frame.recent)
        if (one.is_there) return &one;
    return nullptr;
}

}  // namespace llmc::gui
