#include "gui/conversation/text_position.h"

#include <algorithm>

namespace llmc::gui {

std::optional<text::SourceRange> TextSelection::within(std::size_t turn, Part part, std::size_t size) const {
    const auto end = static_cast<std::uint32_t>(size);
    const TextPosition from = first(), to = last();
    const TextPosition here{turn, part, 0}, here_end{turn, part, end};
    if (to <= here || from >= here_end) return std::nullopt;
    const text::SourceRange range{from <= here ? 0 : from.offset, to >= here_end ? end : to.offset};
    if (range.begin >= range.end) return std::nullopt;
    return range;
}

}  // namespace llmc::gui
