// What a menu item or its keys do: one place for both.
//
// Thread contract: main thread, within a frame.
#pragma once

#include <span>
#include <string_view>

#include "gui/frame_view.h"
#include "gui/panels/prompt_panel.h"
#include "gui/panels/votes_panel.h"
#include "gui/shortcuts.h"
#include "gui/window_state.h"

namespace llmc::gui {

// A candidate's window.
struct WindowEntry {
    session::CandidateId id;
    std::string_view label;
    bool is_shown = true;
};

// What actions need beside the frame.
struct ActionContext {
    const PanelSet& open;
    PromptView& prompt;
    VotesView& votes;
    std::span<const WindowEntry> candidates;  // in the order of their windows
    bool can_zoom = true;                     // a window may get the whole stage, or give it back
};

// Whether it would do something now.
bool is_available(Action action, const FrameView& frame, const ActionContext& context);
void perform(Action action, const FrameView& frame, const ActionContext& context, Commands& commands);

// Performs the actions whose keys were pressed in this frame.
void perform_pressed(const FrameView& frame, const ActionContext& context, Commands& commands);

}  // namespace llmc::gui
