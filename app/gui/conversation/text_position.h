// Places in a conversation: which turn, which of its texts, which byte.
//
// Thread contract: plain values.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "gui/conversation/turn.h"

namespace llmc::gui {

struct TextPosition {
    std::size_t turn = 0;
    Part part = Part::prompt;
    std::uint32_t offset = 0;
    auto operator<=>(const TextPosition&) const = default;
};

// What is selected: from where the mouse went down to where it is.
struct TextSelection {
    TextPosition anchor, caret;

    bool is_empty() const { return anchor == caret; }
    TextPosition first() const { return std::min(anchor, caret); }
    TextPosition last() const { return std::max(anchor, caret); }
    // The selected bytes of one text of `size` bytes; nothing where none are.
    std::optional<text::SourceRange> within(std::size_t turn, Part part, std::size_t size) const;
};

}  // namespace llmc::gui
