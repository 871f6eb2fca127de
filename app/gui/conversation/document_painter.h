// Draws the visible part of a laid-out document: boxes, bars, marks of selection and find, then the text.
//
// Thread contract: main thread, within a frame. Draws on the current window's draw list; nothing here is an item of
// Dear ImGui, but it tells where such items belong (copy buttons of code boxes).
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "gui/conversation/text_fonts.h"
#include "text/document.h"

namespace llmc::gui {

// How far code and tables are scrolled sideways, by box.
using SideScroll = std::map<std::uint32_t, float>;

// A stretch of text that stands out from quiet text around it.
struct TextMark {
    text::SourceRange range;
    ImU32 fill = 0;  // behind it; 0: nothing
    ImU32 edge = 0;  // around it; 0: none
};

struct DocumentPaint {
    float x = 0;               // the document's (0, 0) on the screen; y in double: long conversations pass what float
    double y = 0;              // can tell apart
    double y0 = 0, y1 = 0;     // what is visible of it, in its own coordinates
    Role role = Role::text;    // of plain text
    Role surface = Role::bg1;  // what it stands on
    std::optional<text::SourceRange> selection;
    std::span<const text::SourceRange> found;        // within the document, in order
    std::optional<text::SourceRange> found_current;  // the one that is looked at
    const SideScroll* side_scroll = nullptr;
    // All text is drawn in `role`, links too, and what is marked in Role::text.
    bool is_quiet = false;
    std::span<const TextMark> marks;  // within what is visible, in order, without overlap
};

class DocumentPainter {
public:
    void paint(text::Document& document, const DocumentPaint& what, const Theme& theme, const TextFonts& fonts,
               ImDrawList& list);
    // The boxes that were visible in the last paint, in document coordinates.
    struct SeenBox {
        std::uint32_t id = 0;
        text::BlockKind kind{};
        double y = 0;
        float x = 0, width = 0, height = 0, header = 0, content_width = 0;
        std::uint32_t begin = 0, end = 0;
    };
    const std::vector<SeenBox>& boxes() const { return boxes_; }

private:
    void mark(text::Document& document, text::SourceRange range, const DocumentPaint& what, ImU32 color,
              ImDrawList& list);
    void draw_marks(text::Document& document, const DocumentPaint& what, const Theme& theme, ImDrawList& list);

    std::vector<SeenBox> boxes_;
    std::vector<text::Rect> rects_;   // kept for its memory
    std::vector<text::Rect> marked_;  // what the marks of the last paint cover
};

}  // namespace llmc::gui
