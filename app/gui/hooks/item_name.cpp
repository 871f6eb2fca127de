#include "gui/hooks/item_name.h"

#include <imgui_internal.h>

namespace llmc::gui {

void name_item([[maybe_unused]] ImGuiID key, [[maybe_unused]] const char* name) {
    [[maybe_unused]] ImGuiContext& g = *ImGui::GetCurrentContext();  // the macro wants it
    IMGUI_TEST_ENGINE_ITEM_INFO(key, name, g.LastItemData.StatusFlags);
}

}  // namespace llmc::gui
