// What is wider than its box, code and tables, is scrolled sideways: by the wheel over it, or by the bar at its foot.
//
// Thread contract: main thread, within a frame. Ids are the caller's affair (PushID per text and box).
#pragma once

#include "gui/conversation/document_painter.h"
#include "gui/frame_view.h"

namespace llmc::gui {

// `at`: where the document's (0, 0) is on the screen. Nothing for a box that has room for all.
void draw_side_scroll_bar(const FrameView& frame, const DocumentPainter::SeenBox& box, SideScroll& scroll, ImVec2 at);

}  // namespace llmc::gui
