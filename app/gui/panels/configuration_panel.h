// The Configuration panel: servers, candidates, settings, system prompt. It edits `setup.draft` in place and tells by
// `setup.is_being_edited` while an edit has not ended; then it comes into force (Setup).
//
// Thread contract: see panel_table.h. The view keeps what is open, half typed or being dragged.
#pragma once

#include <memory>

#include "gui/commands.h"
#include "gui/frame_view.h"
#include "gui/setup_state.h"

namespace llmc::gui {

struct ConfigurationView {
    ConfigurationView();
    ~ConfigurationView();
    ConfigurationView(const ConfigurationView&) = delete;
    ConfigurationView& operator=(const ConfigurationView&) = delete;

    struct State;  // private to the panel's files
    std::unique_ptr<State> state;
};

// Opens the list of models in the next frame, as "+ Add" does.
void open_model_picker(ConfigurationView& view);

// `setup` is the one that `frame` shows.
void draw_configuration(const FrameView& frame, ConfigurationView& view, SetupState& setup, Commands& commands);

}  // namespace llmc::gui
