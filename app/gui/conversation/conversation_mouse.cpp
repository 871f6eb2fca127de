// Selecting text with the mouse, and links.
#include <algorithm>

#include "gui/conversation/conversation.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

// The text of a turn that is nearest to a height within it.
Part part_at(const Turn& turn, double y) {
    const Turn::Place& place = turn.place();
    if (y < place.prompt_box_end) return Part::prompt;
    if (turn.is_shown(Part::reasoning) && y < place.text[2]) return Part::reasoning;
    return Part::answer;
}

}  // namespace

TextPosition Conversation::position_at(ImVec2 point) const {
    if (turns_.empty()) return {};
    const double y = std::max(static_cast<double>(point.y), 0.0);
    std::size_t index = turns_.size() - 1;
    while (index > 0 && turns_[index].top > y) --index;
    Turn& turn = *turns_[index].turn;
    const double local = y - turns_[index].top;
    const Part part = part_at(turn, local);
    text::Document& document = turn.document(part);
    if (turn.source(part).empty()) return {index, part, 0};
    const double at = local - turn.place().text[static_cast<std::size_t>(part)];
    float x = point.x - text_left_ - turn.text_x(part);
    const SideScroll& side = turn.side_scroll(part);
    if (const auto found = side.find(document.box_at(at)); found != side.end()) x += found->second;
    return {index, part, document.hit_test(x, at)};
}

std::string_view Conversation::link_at(ImVec2 point) const {
    if (turns_.empty()) return {};
    std::size_t index = turns_.size() - 1;
    while (index > 0 && turns_[index].top > point.y) --index;
    Turn& turn = *turns_[index].turn;
    const double local = point.y - turns_[index].top;
    const Part part = part_at(turn, local);
    if (part == Part::prompt || turn.source(part).empty()) return {};
    const double at = local - turn.place().text[static_cast<std::size_t>(part)];
    if (at < 0 || at >= turn.document(part).height()) return {};
    return turn.document(part).link_at(point.x - text_left_ - turn.text_x(part), at);
}

void Conversation::select_by_mouse(const FrameView& frame, ImVec2 at, ImVec2 view, double scroll, Commands& commands) {
    ImGui::SetCursorScreenPos(at);
    ImGui::SetNextItemAllowOverlap();
    ImGui::InvisibleButton("text", {std::max(view.x, 1.0F), std::max(view.y, 1.0F)});
    if (turns_.empty()) return;
    const ImGuiIO& io = ImGui::GetIO();
    const ImVec2 mouse{io.MousePos.x - at.x, static_cast<float>(io.MousePos.y - at.y + scroll)};

    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
        if (const std::string_view link = link_at(mouse); !link.empty() && !is_drag_) {
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
            tooltip(frame, link);
            if (ImGui::IsItemDeactivated() && clicks_ == 1) commands.add(OpenLink{std::string(link)});
        }
    }
    if (ImGui::IsItemActivated()) {
        clicks_ = io.MouseClickedCount[ImGuiMouseButton_Left];
        is_drag_ = false;
        const TextPosition here = position_at(mouse);
        const text::Document& document = turns_[here.turn].turn->document(here.part);
        grain_at_ = here;
        grain_ = {here.offset, here.offset};
        if (clicks_ == 2) grain_ = document.word_at(here.offset);
        if (clicks_ >= 3) grain_ = document.paragraph_at(here.offset);
        if (io.KeyShift && selection_)
            selection_->caret = here;
        else
            selection_ = TextSelection{{here.turn, here.part, grain_.begin}, {here.turn, here.part, grain_.end}};
    } else if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2)) {
        is_drag_ = true;
        const TextPosition here = position_at(mouse);
        TextPosition begin = here, end = here;
        if (clicks_ >= 2) {
            const text::Document& document = turns_[here.turn].turn->document(here.part);
            const text::SourceRange range =
                clicks_ == 2 ? document.word_at(here.offset) : document.paragraph_at(here.offset);
            begin.offset = range.begin;
            end.offset = range.end;
        }
        const TextPosition grain_begin{grain_at_.turn, grain_at_.part, grain_.begin};
        const TextPosition grain_end{grain_at_.turn, grain_at_.part, grain_.end};
        if (!selection_) selection_.emplace();
        if (here >= grain_begin)
            *selection_ = {grain_begin, std::max(end, grain_end)};
        else
            *selection_ = {grain_end, begin};
        // Dragged past an edge: the faster, the farther.
        const float above = at.y - io.MousePos.y, below = io.MousePos.y - (at.y + view.y);
        if (above > 0) wanted_scroll_ = scroll_ - std::min(above, 200.0F) * 20 * io.DeltaTime - 1;
        if (below > 0) wanted_scroll_ = scroll_ + std::min(below, 200.0F) * 20 * io.DeltaTime + 1;
        if (above > 0 || below > 0) frame.requests.next_frame();
    } else if (ImGui::IsItemDeactivated()) {
        is_drag_ = false;
    }
}

}  // namespace llmc::gui
