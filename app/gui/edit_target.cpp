#include "gui/edit_target.h"

#include <string_view>

#include <imgui_internal.h>  // whether the menu bar has the keyboard

namespace llmc::gui {
namespace {

ImGuiKey key_of(Edit edit) {
    switch (edit) {
        case Edit::undo: return ImGuiKey_Z;
        case Edit::redo: return ImGuiKey_Y;
        case Edit::cut: return ImGuiKey_X;
        case Edit::copy: return ImGuiKey_C;
        case Edit::paste: return ImGuiKey_V;
        case Edit::select_all: break;
    }
    return ImGuiKey_A;
}

}  // namespace

void EditTarget::observe(const TypedField& typed) {
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    const bool is_in_bar = context.NavWindow && std::string_view(context.NavWindow->Name) == "##MainMenuBar";
    if (is_in_bar || context.NavLayer == ImGuiNavLayer_Menu) return;
    if (ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel)) return;
    is_field_ = typed.frame + 1 >= ImGui::GetFrameCount();
}

void EditTarget::perform(Edit edit, TypedField& typed) const {
    if (is_field_ && typed.id != 0) {
        typed.wish = edit;
        return;
    }
    ImGuiIO& io = ImGui::GetIO();
    io.AddKeyEvent(ImGuiMod_Ctrl, true);
    io.AddKeyEvent(key_of(edit), true);
    io.AddKeyEvent(key_of(edit), false);
    io.AddKeyEvent(ImGuiMod_Ctrl, false);
}

}  // namespace llmc::gui
