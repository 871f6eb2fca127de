#include "gui/conversation/text_view.h"

#include <algorithm>
#include <cmath>

#include <imgui_internal.h>  // the scroll that the wheel asks for, before it is taken

namespace llmc::gui {

bool TextView::take_scroll(double most) {
    bool is_asked = wanted_scroll_.has_value();
    if (const ImGuiWindow* child = ImGui::FindWindowByID(child_)) {
        const double asked = child->ScrollTarget.y < FLT_MAX ? child->ScrollTarget.y : child->Scroll.y;
        if (std::abs(asked - std::round(scroll_)) > 1.0) {
            scroll_ = asked;
            is_asked = true;
        }
    }
    if (wanted_scroll_) scroll_ = *std::exchange(wanted_scroll_, std::nullopt);
    if (is_asked) scroll_ = std::clamp(scroll_, 0.0, most);
    return is_asked;
}

void TextView::begin(const char* name, ImVec2 size, double content_height) {
    size_ = size;
    ImGui::SetNextWindowContentSize({0, static_cast<float>(content_height)});
    ImGui::SetNextWindowScroll({-1, static_cast<float>(std::round(scroll_))});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::BeginChild(name, size, ImGuiChildFlags_None, ImGuiWindowFlags_NoMove);
    ImGui::PopStyleVar();
    child_ = ImGui::GetCurrentWindow()->ID;
    at_ = ImGui::GetWindowPos();
}

void TextView::end() {
    ImGui::EndChild();
}

TextSelection TextView::grain_at(SelectableTexts& texts, const TextPosition& place) const {
    TextSelection grain{place, place};
    if (clicks_ < 2) return grain;
    const text::Document& document = texts.document_of(place);
    const text::SourceRange range = clicks_ == 2 ? document.word_at(place.offset) : document.paragraph_at(place.offset);
    grain.anchor.offset = range.begin;
    grain.caret.offset = range.end;
    return grain;
}

void TextView::drag(const FrameView& frame, SelectableTexts& texts, ImVec2 mouse) {
    is_drag_ = true;
    const TextPosition place = texts.position_at(mouse);
    const TextSelection here = grain_at(texts, place);
    if (place >= grain_.anchor)
        selection_ = {grain_.anchor, std::max(here.caret, grain_.caret)};
    else
        selection_ = {grain_.caret, here.anchor};
    // Past an edge: the faster, the farther.
    const ImGuiIO& io = ImGui::GetIO();
    const float above = at_.y - io.MousePos.y, below = io.MousePos.y - (at_.y + size_.y);
    if (above > 0) wanted_scroll_ = scroll_ - std::min(above, 200.0F) * 20 * io.DeltaTime - 1;
    if (below > 0) wanted_scroll_ = scroll_ + std::min(below, 200.0F) * 20 * io.DeltaTime + 1;
    if (above > 0 || below > 0) frame.requests.next_frame();
}

TextView::Mouse TextView::take_mouse(const FrameView& frame, SelectableTexts& texts, float width, Commands& commands) {
    ImGui::SetCursorScreenPos(at_);
    ImGui::SetNextItemAllowOverlap();
    ImGui::InvisibleButton("text", {std::max(width, 1.0F), std::max(size_.y, 1.0F)});
    const ImGuiIO& io = ImGui::GetIO();
    Mouse mouse{.at = {io.MousePos.x - at_.x, static_cast<float>(io.MousePos.y - at_.y + std::round(scroll_))}};
    if (!texts.has_text()) return mouse;
    mouse.is_over = ImGui::IsItemHovered() || ImGui::IsItemActive();
    if (mouse.is_over) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
    if (ImGui::IsItemActivated()) {
        clicks_ = io.MouseClickedCount[ImGuiMouseButton_Left];
        is_drag_ = false;
        grain_ = grain_at(texts, texts.position_at(mouse.at));
        if (io.KeyShift && selection_)
            selection_->caret = grain_.anchor;
        else
            selection_ = grain_;
    } else if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2)) {
        drag(frame, texts, mouse.at);
    } else if (ImGui::IsItemDeactivated()) {
        const bool was_drag = std::exchange(is_drag_, false);
        mouse.is_click = clicks_ == 1 && !was_drag && !has_selection();
        if (has_selection()) commands.add(OfferSelection{texts.text_of(*selection_, false)});
    }
    return mouse;
}

void TextView::copy(const SelectableTexts& texts, bool is_plain, Commands& commands) const {
    commands.add(CopyText{texts.text_of(*selection_, is_plain), "selection"});
}

void TextView::take_keys(const FrameView& frame, const SelectableTexts& texts, double most, Commands& commands) {
    const auto key = [](ImGuiKeyChord chord) {
        return ImGui::Shortcut(chord, ImGuiInputFlags_Repeat | ImGuiInputFlags_RouteGlobal);
    };
    const double page = size_.y * 0.9;
    if (key(ImGuiKey_PageUp)) wanted_scroll_ = scroll_ - page;
    if (key(ImGuiKey_PageDown)) wanted_scroll_ = scroll_ + page;
    if (key(ImGuiKey_Home)) wanted_scroll_ = 0;
    if (key(ImGuiKey_End)) wanted_scroll_ = most;
    const auto wish = std::exchange(frame.typed.text_wish, std::nullopt);
    if (has_selection() && (key(ImGuiMod_Ctrl | ImGuiKey_C) || wish == Edit::copy)) copy(texts, false, commands);
    if (has_selection() && key(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_C)) copy(texts, true, commands);
    if ((key(ImGuiMod_Ctrl | ImGuiKey_A) || wish == Edit::select_all) && texts.has_text()) {
        selection_ = TextSelection{{}, texts.end()};
        commands.add(OfferSelection{texts.text_of(*selection_, false)});
    }
}

bool TextView::begin_menu(const FrameView& frame, const SelectableTexts& texts, Commands& commands) {
    // The text itself is drawn without spacing.
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {frame.theme.px(8), frame.theme.px(7)});
    if (!ImGui::BeginPopupContextWindow("menu")) {
        ImGui::PopStyleVar();
        return false;
    }
    if (ImGui::MenuItem("Copy", "Ctrl+C", false, has_selection())) copy(texts, false, commands);
    if (ImGui::MenuItem("Copy without Markdown", "Ctrl+Shift+C", false, has_selection())) copy(texts, true, commands);
    return true;
}

void TextView::end_menu() {
    ImGui::EndPopup();
    ImGui::PopStyleVar();
}

}  // namespace llmc::gui
