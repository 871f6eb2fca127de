// Tells Dear ImGui's test engine the name of an item that we draw ourselves, so that tests find it. The one file of the
// window that is compiled twice: with the test engine's hooks for tests, without them for programs, where it does
// nothing.
//
// Thread contract: main.
#pragma once

#include <imgui.h>

namespace llmc::gui {

// Of the item that was added last.
void name_item(ImGuiID key, const char* name);

}  // namespace llmc::gui
