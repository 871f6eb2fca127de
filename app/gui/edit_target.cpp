#include "gui/edit_target.h"

#include <string_view>

#include <imgui_internal.h>  // whether the menu bar has the keyboard

namespace llmc::gui {

void EditTarget::observe(const FrameView& frame) {
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    const bool is_in_bar = context.NavWindow && std::string_view(context.NavWindow->Name) == "##MainMenuBar";
    if (is_in_bar || context.NavLayer == ImGuiNavLayer_Menu) return;
    if (ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel)) return;
    is_field_ = frame.typed.frame + 1 >= ImGui::GetFrameCount();
    if (!frame.typed.text_wish) {
        window_ = context.NavWindow ? context.NavWindow->ID : 0;
        return;
    }
    ImGuiWindow* window = ImGui::FindWindowByID(window_);
    if (window && context.NavWindow != window) return ImGui::FocusWindow(window);
    frame.typed.text_wish.reset();  // it had the keyboard for a frame
}

void EditTarget::perform(Edit edit, TypedField& typed) const {
    (is_field_ && typed.id != 0 ? typed.wish : typed.text_wish) = edit;
}

}  // namespace llmc::gui
