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
    if (turn.is_shown(Part::reasoning) && y < place.text[2]) return Part::reasoning;
    return Part::answer;
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
    if (part == Part::prompt || turn.source(part).empty() || !turn.is_shown(part)) return {};
    const double at = local - turn.place().text[static_cast<std::size_t>(part)];
    if (at < 0 || at >= turn.document(part).height()) return {};
    return turn.document(part).link_at(point.x - text_left_ - turn.text_x(part), at);
}

text::Document& Conversation::document_of(const TextPosition& place) {
    return turns_[place.turn].turn->document(place.part);
}

TextPosition Conversation::end() const {
    const std::size_t last = turns_.size() - 1;
    return {last, Part::answer, static_cast<std::uint32_t>(turns_[last].turn->source(Part::answer).size())};
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
