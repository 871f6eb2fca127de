// The faces of laid-out text (text/font_metrics.h) on the window's fonts and sizes.
//
// Thread contract: main thread, within a frame; measuring may load glyphs. begin_frame() comes first in every frame.
#pragma once

#include <array>

#include "gui/look/fonts.h"
#include "gui/look/theme.h"
#include "text/font_metrics.h"

namespace llmc::gui {

class TextFonts final : public text::FontMetrics {
public:
    void begin_frame(const Theme& theme, const Fonts& fonts);

    float advance(text::Face face, char32_t code_point) const override;
    text::FaceExtent extent(text::Face face) const override;
    std::uint64_t generation() const override { return generation_; }

    ImFont* font(text::Face face) const { return faces_[index(face)].font; }
    float size(text::Face face) const { return faces_[index(face)].size; }
    const text::LayoutStyle& style() const { return style_; }

private:
    struct One {
        ImFont* font = nullptr;
        float size = 0;
        ImFontBaked* baked = nullptr;  // of this frame
    };
    static std::size_t index(text::Face face) { return static_cast<std::size_t>(face); }

    std::array<One, text::kFaces> faces_;
    text::LayoutStyle style_;
    float scale_ = 0;
    std::uint64_t generation_ = 0;
};

// Distances of laid-out text at the theme's scale.
text::LayoutStyle layout_style(const Theme& theme);

}  // namespace llmc::gui
