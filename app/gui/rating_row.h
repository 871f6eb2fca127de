// Thumbs, stars and a note on one answer: one row, wherever an answer is shown.
//
// Thread contract: main thread, within a frame.
#pragma once

#include <string>

#include "gui/commands.h"
#include "gui/frame_view.h"

namespace llmc::gui {

// What a row remembers while its note is being written.
struct RatingEdit {
    bool is_writing = false;
    std::string note;
};

// Draws at the cursor, as wide as the room that is left; changes are posted as engine::Rate. Ids are the caller's
// affair (PushID per answer).
void draw_rating_row(const FrameView& frame, const session::Answer& answer, RatingEdit& edit, Commands& commands);
float rating_row_height(const FrameView& frame);

// The keys of a rating (1-5, + and -, 0 takes it back) while the keyboard is at the answer and nobody types.
void take_rating_keys(const FrameView& frame, const session::Answer& answer, Commands& commands);

}  // namespace llmc::gui
