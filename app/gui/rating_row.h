// Thumbs, stars and a note on one answer: one row, wherever an answer is shown.
//
// Thread contract: main thread, within a frame; toggled() is a pure function.
#pragma once

#include <optional>
#include <string>

#include "gui/commands.h"
#include "gui/frame_view.h"

namespace llmc::gui {

// What a row remembers while its note is being written.
struct RatingEdit {
    bool is_writing = false;
    std::string note;
    bool wants_focus = false;
};

// Draws at the cursor, as wide as the room that is left; changes are posted as engine::Rate. Ids are the caller's
// affair (PushID per answer).
void draw_rating_row(const FrameView& frame, const session::Answer& answer, RatingEdit& edit, Commands& commands);
float rating_row_height(const Theme& theme);
inline float rating_row_height(const FrameView& frame) {
    return rating_row_height(frame.theme);
}

// The keys of a rating (1-5, + and -, 0 takes it back) while the keyboard is at the answer and nobody types. The caller
// knows where the keyboard is.
void take_rating_keys(const FrameView& frame, const session::Answer& answer, Commands& commands);

// The rating after one of those characters; nothing where it is none of them. What is said twice is taken back.
std::optional<session::Rating> toggled(const session::Rating& rating, char key);

}  // namespace llmc::gui
