// Selecting text with the mouse, and links.
#include <algorithm>

#include "gui/conversation/conversation.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

// The text of a turn that is nearest to a height within it.
Part part_at(const Turn& turn, double y) {
    const Turn::Place& place = turn.place();
    if (turn.has_prompt() && y < place.prompt_box_end) return Part::prompt;
    if (turn.is_shown(Part::reasoning) && y < turn.text_y(Part::answer)) return Part::reasoning;
    Part part = Part::answer;
    std::uint32_t next = static_cast<std::uint32_t>(Part::first_call);
    for (const auto& call : turn.calls()) {
        if (y < call->mark_y) break;
        part = Part{next++};
    }
    return part;
}

}  // namespace

TextPosition Conversation::position_at(ImVec2 point) {
    const double y = std::max(static_cast<double>(point.y), 0.0);
    std::size_t index = turns_.size() - 1;
    while (index > 0 && turns_[index].top > y) --index;
    Turn& turn = *turns_[index].turn;
    const double local = y - turns_[index].top;
    const Part part = part_at(turn, local);
    text::Document& document = turn.document(part);
    if (turn.source(part).empty() || !turn.is_shown(part)) return {index, part, 0};
    const double at = local - turn.text_y(part);
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
    if (part == Part::prompt || turn.source(part).empty() || !turn.is_shown(part)) return {};
    const double at = local - turn.text_y(part);
    if (at < 0 || at >= turn.document(part).height()) return {};
    return turn.document(part).link_at(point.x - text_left_ - turn.text_x(part), at);
}

text::Document& Conversation::document_of(const TextPosition& place) {
    return turns_[place.turn].turn->document(place.part);
}

TextPosition Conversation::end() const {
    return end_of(turns_.size() - 1);
}

TextPosition Conversation::end_of(std::size_t index) const {
    const Turn& turn = *turns_[index].turn;
    const Part part{static_cast<std::uint32_t>(turn.parts()) - 1};
    return {index, part, static_cast<std::uint32_t>(turn.source(part).size())};
}

void Conversation::take_mouse(const FrameView& frame, float width, Commands& commands) {
    const TextView::Mouse mouse = view_.take_mouse(frame, *this, width, commands);
    if (!mouse.is_over || view_.is_dragging()) return;
    const std::string_view link = link_at(mouse.at);
    if (link.empty()) return;
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    tooltip(frame, link);
    if (mouse.is_click) commands.add(OpenLink{std::string(link)});
}

}  // namespace llmc::gui
