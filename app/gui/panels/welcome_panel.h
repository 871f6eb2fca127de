// Where the candidates' windows will be while there are none: what to do first.
//
// Thread contract: main thread, within a frame, inside the window's Begin and End.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "gui/frame_view.h"
#include "gui/panels/configuration_rows.h"

namespace llmc::gui {

struct WelcomeView {
    std::set<std::string> ticked;  // ids of models
    bool has_proposed = false;     // ticks of its own, once
    bool wants_focus = true;       // for what Enter shall do, as soon as that is there

    // What can be ticked: of the servers in force and of those that were found; made again when one of them changes.
    std::uint64_t revision = 0;
    std::size_t found = 0;
    bool is_derived = false;
    std::vector<PickableModel> models;
};

// A first choice of models to compare: those that are loaded, else the first ones.
std::set<std::string> proposed_models(const std::vector<PickableModel>& models);

// The ticked models become candidates, the found servers that have one of them become servers.
void start_comparison(const WelcomeView& view, SetupState& setup);

// May add servers and candidates to the draft of `setup`, the one that `frame` shows.
void draw_welcome(const FrameView& frame, WelcomeView& view, SetupState& setup, Commands& commands);

}  // namespace llmc::gui
