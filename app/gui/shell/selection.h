// What is selected anywhere on the desktop, without having been copied: X11's primary selection.
//
// Thread contract: main thread, while there is a window. Does nothing where the desktop knows no such thing (Wayland).
#pragma once

#include <string>

namespace llmc::gui {

void offer_selection(const std::string& text);
std::string selection();  // empty: nothing is selected, or not as text

}  // namespace llmc::gui
