#include "gui/conversation/document_painter.h"

#include <algorithm>
#include <cmath>

namespace llmc::gui {
namespace {

float side_of(const SideScroll* scroll, std::uint32_t box) {
    if (!scroll || box == text::kNoBox) return 0;
    const auto found = scroll->find(box);
    return found == scroll->end() ? 0 : found->second;
}

ImU32 with_alpha(ImU32 color, float alpha) {
    return (color & ~IM_COL32_A_MASK) | (static_cast<ImU32>(alpha * 255.0F) << IM_COL32_A_SHIFT);
}

// What lies behind the text.
class Ground final : public text::Visitor {
public:
    Ground(const DocumentPaint& what, const Theme& theme, const TextFonts& fonts, ImDrawList& list,
           std::vector<DocumentPainter::SeenBox>& boxes)
        : what_(what), theme_(theme), fonts_(fonts), list_(list), boxes_(boxes) {}

    void box(const text::Box& box) override {
        boxes_.push_back(
            {box.id, box.kind, box.y, box.x, box.width, box.height, box.header, box.content_width, box.begin, box.end});
        const ImVec2 from = at(box.x, box.y), to = at(box.x + box.width, box.y + box.height);
        const float rounding = theme_.px(5);
        if (box.kind == text::BlockKind::code) {
            list_.AddRectFilled(from, to, theme_[Role::bg0], rounding);
            if (box.header <= 0) return;
            const float line = from.y + box.header;
            list_.AddLine({from.x, line}, {to.x, line}, theme_[Role::line]);
            const float size = theme_.text.small;
            list_.AddText(fonts_.font(text::Face::body), size,
                          {from.x + theme_.px(10), from.y + (box.header - size) / 2}, theme_[Role::weak],
                          box.language.data(), box.language.data() + box.language.size());
        } else if (box.header > 0) {
            list_.AddRectFilled(from, {to.x, from.y + box.header}, theme_[Role::bg2], theme_.px(4));
        }
    }

    void quote_bar(const text::QuoteBar& bar) override {
        list_.AddRectFilled(at(bar.x, bar.y), at(bar.x + bar.width, bar.y + bar.height), theme_[Role::line]);
    }

    void rule(const text::Rule& rule) override {
        const float side = side_of(what_.side_scroll, rule.box);
        list_.AddLine(at(rule.x - side, rule.y), at(rule.x - side + rule.width, rule.y), theme_[Role::line]);
    }

private:
    ImVec2 at(float x, double y) const { return {what_.x + x, static_cast<float>(what_.y + y)}; }

    const DocumentPaint& what_;
    const Theme& theme_;
    const TextFonts& fonts_;
    ImDrawList& list_;
    std::vector<DocumentPainter::SeenBox>& boxes_;
};

class Ink final : public text::Visitor {
public:
    Ink(const DocumentPaint& what, const Theme& theme, const TextFonts& fonts, ImDrawList& list,
        const std::vector<DocumentPainter::SeenBox>& boxes, std::span<const text::Rect> marked)
        : what_(what), theme_(theme), fonts_(fonts), list_(list), boxes_(boxes), marked_(marked) {}

    void row(const text::Row& row) override {
        const bool is_clipped = clip(row.box);
        for (const text::Run& run : row.runs) paint(row, run);
        if (is_clipped) list_.PopClipRect();
    }

private:
    bool clip(std::uint32_t box) {
        if (box == text::kNoBox) return false;
        for (const auto& seen : boxes_) {
            if (seen.id != box) continue;
            if (seen.content_width <= seen.width) return false;
            const ImVec2 from{what_.x + seen.x, static_cast<float>(what_.y + seen.y)};
            list_.PushClipRect({from.x + theme_.px(2), from.y},
                               {from.x + seen.width - theme_.px(2), from.y + seen.height}, true);
            return true;
        }
        return false;
    }

    ImU32 color(const text::Run& run) const {
        const std::uint8_t marks = run.style.marks;
        if (what_.is_quiet) return theme_[what_.role];
        switch (run.ink) {
            case text::Ink::plain: break;
            case text::Ink::comment: return theme_[Role::code_comment];
            case text::Ink::string: return theme_[Role::code_string];
            case text::Ink::number: return theme_[Role::code_number];
            case text::Ink::keyword: return theme_[Role::code_keyword];
            case text::Ink::added: return theme_[Role::good];
            case text::Ink::removed: return theme_[Role::bad];
        }
        if (marks & text::kLink) return theme_[Role::accent];
        if (marks & (text::kMarker | text::kHeaderCell | text::kImage)) return theme_[Role::weak];
        return theme_[what_.role];
    }

    void paint(const text::Row& row, const text::Run& run) {
        const float x = what_.x + run.x - side_of(what_.side_scroll, row.box);
        const float y = static_cast<float>(what_.y + row.y);
        const text::FaceExtent extent = fonts_.extent(run.style.face);
        const float top = y + row.baseline - extent.ascent;
        const std::uint8_t marks = run.style.marks;
        if (marks & (text::kTaskOpen | text::kTaskDone)) {
            task_box({x, top + (extent.ascent + extent.descent - theme_.px(12)) / 2}, (marks & text::kTaskDone) != 0);
            return;
        }
        if ((marks & text::kInlineCode) && !is_marked(row, run))
            list_.AddRectFilled({x - theme_.px(1), y + theme_.px(2)},
                                {x + run.width + theme_.px(1), y + row.height - theme_.px(2)},
                                theme_[what_.surface == Role::bg1 ? Role::bg2 : Role::bg3], theme_.px(3));
        const ImU32 ink = color(run);
        write(row, run, {x, top}, ink);
        const float base = y + row.baseline;
        if (marks & text::kLink)
            list_.AddLine({x, base + theme_.px(2)}, {x + run.width, base + theme_.px(2)}, with_alpha(ink, 0.5F));
        if (marks & text::kStrike)
            list_.AddLine({x, base - extent.ascent * 0.32F}, {x + run.width, base - extent.ascent * 0.32F}, ink);
    }

    static bool touches(const text::Rect& mark, const text::Row& row, const text::Run& run) {
        return mark.y == row.y && mark.x < run.x + run.width && mark.x + mark.width > run.x;
    }
    bool is_marked(const text::Row& row, const text::Run& run) const {
        return std::any_of(marked_.begin(), marked_.end(), [&](const auto& mark) { return touches(mark, row, run); });
    }

    // The run in `ink`, what is marked of it in full colour: each stretch is clipped to where it stands.
    void write(const text::Row& row, const text::Run& run, ImVec2 at, ImU32 ink) {
        constexpr float kFar = 1e7F;
        const auto stretch = [&](float from, float to, ImU32 color) {
            const ImVec4 clip{from, -kFar, to, kFar};
            const bool is_whole = from == -kFar && to == kFar;
            list_.AddText(fonts_.font(run.style.face), fonts_.size(run.style.face), at, color, run.text.data(),
                          run.text.data() + run.text.size(), 0, is_whole ? nullptr : &clip);
        };
        float done = -kFar;
        const float shift = at.x - run.x, end = run.x + run.width;
        for (const text::Rect& mark : marked_) {
            if (!touches(mark, row, run)) continue;
            const float left = mark.x <= run.x ? -kFar : mark.x + shift;
            const float right = mark.x + mark.width >= end ? kFar : mark.x + mark.width + shift;
            if (left > done) stretch(done, left, ink);
            stretch(std::max(left, done), right, theme_[Role::text]);
            done = right;
        }
        if (done < kFar) stretch(done, kFar, ink);
    }

    void task_box(ImVec2 at, bool is_done) {
        const float size = theme_.px(12);
        if (!is_done) {
            list_.AddRect(at, {at.x + size, at.y + size}, theme_[Role::weak], theme_.px(3));
            return;
        }
        list_.AddRectFilled(at, {at.x + size, at.y + size}, theme_[Role::primary], theme_.px(3));
        const ImVec2 tick[] = {{at.x + size * 0.22F, at.y + size * 0.52F},
                               {at.x + size * 0.43F, at.y + size * 0.72F},
                               {at.x + size * 0.78F, at.y + size * 0.3F}};
        list_.AddPolyline(tick, 3, theme_[Role::on_primary], theme_.px(1.5F));
    }

    const DocumentPaint& what_;
    const Theme& theme_;
    const TextFonts& fonts_;
    ImDrawList& list_;
    const std::vector<DocumentPainter::SeenBox>& boxes_;
    std::span<const text::Rect> marked_;
};

}  // namespace

// One rounded box for what stands together in a row, whatever its faces.
void DocumentPainter::draw_marks(text::Document& document, const DocumentPaint& what, const Theme& theme,
                                 ImDrawList& list) {
    marked_.clear();
    const float reach = theme.px(2), inset = theme.px(1), rounding = theme.px(3);
    const float join = theme.px(14);  // a marker of a list and its text are one
    for (const TextMark& mark : what.marks) {
        rects_.clear();
        document.selection(mark.range, what.y0, what.y1, rects_);
        const std::size_t first = marked_.size();
        for (const text::Rect& rect : rects_) {
            if (rect.width <= 0) continue;
            text::Rect* last = marked_.size() > first ? &marked_.back() : nullptr;
            const float apart = last ? rect.x - last->x - last->width : 0;
            if (last && last->y == rect.y && last->box == rect.box && apart > -1 && apart < join)
                last->width = rect.x + rect.width - last->x;
            else
                marked_.push_back(rect);
        }
        if (mark.fill == 0) continue;
        for (std::size_t i = first; i < marked_.size(); ++i) {
            const text::Rect& rect = marked_[i];
            float left = rect.x - side_of(what.side_scroll, rect.box) - reach, right = left + rect.width + 2 * reach;
            for (const SeenBox& box : boxes_) {
                if (box.id != rect.box) continue;
                left = std::max(left, box.x);
                right = std::min(right, box.x + box.width);
            }
            if (left >= right) continue;
            const float y = static_cast<float>(what.y + rect.y);
            const ImVec2 from{what.x + left, y + inset}, to{what.x + right, y + rect.height - inset};
            list.AddRectFilled(from, to, mark.fill, rounding);
            if (mark.edge != 0) list.AddRect(from, to, mark.edge, rounding);
        }
    }
}

void DocumentPainter::mark(text::Document& document, text::SourceRange range, const DocumentPaint& what, ImU32 color,
                           ImDrawList& list) {
    rects_.clear();
    document.selection(range, what.y0, what.y1, rects_);
    for (const text::Rect& rect : rects_) {
        float left = rect.x - side_of(what.side_scroll, rect.box), right = left + std::max(rect.width, 2.0F);
        for (const SeenBox& box : boxes_) {
            if (box.id != rect.box) continue;
            left = std::max(left, box.x);
            right = std::min(right, box.x + box.width);
        }
        if (left >= right) continue;
        const float y = static_cast<float>(what.y + rect.y);
        list.AddRectFilled({what.x + left, y}, {what.x + right, y + rect.height}, color);
    }
}

void DocumentPainter::paint(text::Document& document, const DocumentPaint& what, const Theme& theme,
                            const TextFonts& fonts, ImDrawList& list) {
    boxes_.clear();
    Ground ground(what, theme, fonts, list, boxes_);
    document.visit(what.y0, what.y1, ground);
    for (const text::SourceRange& range : what.found)
        mark(document, range, what,
             range == what.found_current ? with_alpha(theme[Role::accent], 0.55F) : theme[Role::found], list);
    draw_marks(document, what, theme, list);
    if (what.selection && what.selection->begin < what.selection->end)
        mark(document, *what.selection, what, theme[Role::selection], list);
    Ink ink(what, theme, fonts, list, boxes_, marked_);
    document.visit(what.y0, what.y1, ink);
}

}  // namespace llmc::gui
