// An answer's text as it arrived, with the place that broke a check marked: rows of a monospaced font, cut where the
// window ends.
//
// Thread contract: main thread, within a frame. Laid out once per text and width; while a text grows, its tail only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "gui/frame_view.h"

namespace llmc::gui {

// Bytes of a text that are marked; empty at its end where something is missing there.
struct MarkedRange {
    std::size_t from = 0, to = 0;
    bool operator==(const MarkedRange&) const = default;
};
// From code point `at_char` to the end of the word, at least one character and not past the line.
MarkedRange marked_range(std::string_view text, std::int64_t at_char);

struct MarkedText {
    std::vector<std::size_t> starts;  // of the rows, bytes
    const char* seen_data = nullptr;
    std::size_t seen_size = 0;
    float seen_width = 0, seen_text = 0;
    std::optional<MarkedRange> mark;
    bool scrolls_to_mark = false;
};

// As a child window of this size.
void draw_marked_text(const FrameView& frame, MarkedText& view, std::string_view text, ImVec2 size);

}  // namespace llmc::gui
