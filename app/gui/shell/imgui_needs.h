// What Dear ImGui needs of a loop that sleeps between events: frames while something of its own moves, and clocks that
// do not stand still while nothing is drawn.
//
// Thread contract: main thread; outside of a frame unless said otherwise.
#pragma once

#include "base/clock.h"
#include "gui/shell/content.h"

namespace llmc::gui {

// Longer steps of time make fades and drags jump.
inline constexpr float kMaxFrameTime = 0.1F;

// After the backend's NewFrame(), before ImGui's: limits io.DeltaTime, and gives the clocks that count by it (the text
// cursor, hovering, saving the layout) what they would miss.
void limit_frame_time();

// Whether events wait in Dear ImGui's queue, which takes them one after another.
bool has_queued_input();

// Before a modifier key is told to Dear ImGui: lets go of the keys that were pressed since the last frame. It takes one
// change of a key per frame, but several keys: without this, V and the release of Ctrl would arrive together when a
// frame takes longer than a quick Ctrl+V, and Q and a later Ctrl would read as Ctrl+Q. The real release is then no
// news.
void keep_chords_apart();

// After the content has drawn, before Render(): asks for frames that Dear ImGui's own reactions need (a held button or
// key, tooltips, fades, scrolling tabs, the text cursor).
void request_frames(FrameRequests& requests, base::TimePoint now);

// The text cursor blinks for some time after the last input, then stays.
inline constexpr base::Duration kBlinkTime = std::chrono::seconds{10};

}  // namespace llmc::gui
