#include "gui/conversation/text_fonts.h"

namespace llmc::gui {
namespace {

// Drawn as nothing, so they take no room: joiners, variation selectors, bidi controls, the byte order mark.
bool is_invisible(char32_t c) {
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) ||
           (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE01EF);
}

}  // namespace

text::LayoutStyle layout_style(const Theme& theme) {
    text::LayoutStyle style;
    style.prose_row = theme.prose_line;
    style.code_row = theme.code_line;
    style.heading_row[0] = theme.px(30);
    style.heading_row[1] = theme.px(26);
    style.heading_row[2] = theme.px(24);
    style.max_prose_width = theme.prose_width;
    style.max_wide_width = theme.px(960);
    style.paragraph_gap = theme.px(8);
    style.item_gap = theme.px(3);
    style.heading_gap = theme.px(14);
    style.list_indent = theme.px(22);
    style.marker_gap = theme.px(7);
    style.quote_indent = theme.px(15);
    style.quote_bar = theme.px(3);
    style.code_header = theme.px(25);
    style.code_padding_x = theme.px(10);
    style.code_padding_y = theme.px(7);
    style.cell_padding_x = theme.px(8);
    style.cell_padding_y = theme.px(2);
    style.min_column = theme.px(44);
    style.rule_height = theme.px(21);
    return style;
}

void TextFonts::begin_frame(const Theme& theme, const Fonts& fonts) {
    using text::Face;
    const auto set = [this](Face face, ImFont* font, float size) {
        One& one = faces_[index(face)];
        if (one.font != font || one.size != size) ++generation_;
        one.font = font;
        one.size = size;
        one.baked = font->GetFontBaked(size);
    };
    using gui::Face::italic, gui::Face::mono, gui::Face::regular, gui::Face::semibold, gui::Face::semibold_italic;
    set(Face::body, fonts[regular], theme.text.prose);
    set(Face::bold, fonts[semibold], theme.text.prose);
    set(Face::italic, fonts[italic], theme.text.prose);
    set(Face::bold_italic, fonts[semibold_italic], theme.text.prose);
    set(Face::code, fonts[mono], theme.text.code);
    set(Face::heading1, fonts[semibold], theme.px(20));
    set(Face::heading2, fonts[semibold], theme.px(18));
    set(Face::heading3, fonts[semibold], theme.px(16));
    if (scale_ != theme.scale) {
        scale_ = theme.scale;
        style_ = layout_style(theme);
        ++generation_;
    }
}

float TextFonts::advance(text::Face face, char32_t code_point) const {
    if (is_invisible(code_point)) return 0;
    return faces_[index(face)].baked->GetCharAdvance(static_cast<ImWchar>(code_point));
}

text::FaceExtent TextFonts::extent(text::Face face) const {
    const ImFontBaked& baked = *faces_[index(face)].baked;
    return {baked.Ascent, -baked.Descent};
}

}  // namespace llmc::gui
