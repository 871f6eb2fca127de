#include "gui/panels/compare_column.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "gui/conversation/side_scroll.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

ImU32 faint(ImU32 color, float alpha) {
    return (color & ~IM_COL32_A_MASK) | (static_cast<ImU32>(alpha * 255.0F) << IM_COL32_A_SHIFT);
}

}  // namespace

void CompareColumn::show(const std::shared_ptr<session::AnswerStream>& stream) {
    const std::string_view text = stream ? stream->text() : std::string_view{};
    if (stream == stream_ && text.size() == text_.size()) return;
    if (stream != stream_) {
        document_ = text::Document{};
        side_.clear();
        view_.put(0);
    }
    view_.select(std::nullopt);
    stream_ = stream;
    text_ = text;
    document_.update(text_, true);
}

bool CompareColumn::take_scroll() {
    const double before = scroll();
    return view_.take_scroll(most_scroll()) && scroll() != before;
}

void CompareColumn::lay_out(const FrameView& frame, const TextFonts& fonts, ImVec2 size, std::size_t budget) {
    const Theme& theme = frame.theme;
    size_ = size;
    margin_ = theme.px(14);
    inset_ = theme.px(3);
    width_ = std::max(size.x - ImGui::GetStyle().ScrollbarSize - theme.px(6), theme.px(60));
    view_height_ = size.y;
    const text::LayoutResult done = document_.layout(
        {.width = width_, .view_top = scroll(), .view_height = size.y, .budget_bytes = budget}, fonts, fonts.style());
    document_height_ = document_.height();
    scroll_to(done.view_top);
    if (!done.is_done) frame.requests.next_frame();
}

double CompareColumn::y_of(std::uint32_t offset) {
    return offset >= text_.size() ? document_height_ : static_cast<double>(document_.caret(offset).y);
}

std::optional<std::size_t> CompareColumn::draw(const FrameView& frame, const TextFonts& fonts, const ColumnMarks& marks,
                                               Commands& commands) {
    view_.begin("text", size_, height());
    is_hovered_ = ImGui::IsWindowHovered();
    is_focused_ = ImGui::IsWindowFocused();
    const auto clicked = take_mouse(frame, marks, commands);
    paint(frame, fonts, marks, view_.at());
    context_menu(frame, commands);
    view_.end();
    return clicked;
}

// Of the marks in view, how each is shown.
void CompareColumn::collect_marks(const FrameView& frame, const ColumnMarks& marks) {
    marks_.clear();
    if (!marks.comparison) return;
    const text::SourceRange seen{document_.hit_test(0, scroll()),
                                 document_.hit_test(1e6F, scroll() + view_height_) + 1};
    const bool is_dark = frame.theme.kind == ThemeKind::dark;
    const float usual = is_dark ? 0.27F : 0.17F, loud = is_dark ? 0.5F : 0.34F;
    for (const CompareMark& mark : marks_within(marks.comparison->marks[marks.text], seen)) {
        const bool is_current = marks.current == mark.difference;
        TextMark& shown = marks_.emplace_back();
        shown.range = mark.range;
        if (mark.is_alone)
            shown.fill = faint(marks.color, is_current ? loud : usual);
        else if (is_current)
            shown.fill = faint(marks.color, usual / 2);
        if (is_current && mark.is_alone) shown.edge = marks.color;
    }
}

void CompareColumn::paint(const FrameView& frame, const TextFonts& fonts, const ColumnMarks& marks, ImVec2 at) {
    collect_marks(frame, marks);
    const double top = std::round(scroll());  // whole pixels: text stays sharp
    DocumentPaint what;
    what.x = at.x + inset_;
    what.y = at.y - top;
    what.y0 = top;
    what.y1 = std::min(top + view_height_, document_height_);
    if (what.y0 >= what.y1) return;
    what.is_quiet = marks.comparison && !marks.comparison->is_identical;
    what.role = what.is_quiet ? Role::weak : Role::text;
    what.side_scroll = &side_;
    what.marks = marks_;
    if (view_.has_selection()) what.selection = view_.selection()->within(0, Part{}, text_.size());
    painter_.paint(document_, what, frame.theme, fonts, *ImGui::GetWindowDrawList());
    const ImVec2 origin{what.x, static_cast<float>(what.y)};
    paint_gap(frame, marks, origin);
    draw_boxes(frame, origin);
}

// Where the current difference is missing in this text: a line between the words.
void CompareColumn::paint_gap(const FrameView& frame, const ColumnMarks& marks, ImVec2 at) {
    if (!marks.comparison || !marks.current) return;
    const text::SourceRange range = marks.comparison->differences[*marks.current].at[marks.text];
    if (range.begin < range.end) return;
    const text::Rect caret = document_.caret(range.begin);
    const double y = at.y + caret.y;
    if (y + caret.height < ImGui::GetWindowPos().y || y > ImGui::GetWindowPos().y + view_height_) return;
    const float x = at.x + caret.x - frame.theme.px(2), inset = frame.theme.px(2);
    ImGui::GetWindowDrawList()->AddRectFilled({x, static_cast<float>(y) + inset},
                                              {x + frame.theme.px(2), static_cast<float>(y) + caret.height - inset},
                                              marks.color);
}

void CompareColumn::draw_boxes(const FrameView& frame, ImVec2 at) {
    for (const DocumentPainter::SeenBox& box : painter_.boxes()) {
        ImGui::PushID(static_cast<int>(box.id));
        draw_side_scroll_bar(frame, box, side_, at);
        ImGui::PopID();
    }
}

TextPosition CompareColumn::position_at(ImVec2 point) {
    float x = point.x - inset_;
    if (const auto side = side_.find(document_.box_at(point.y)); side != side_.end()) x += side->second;
    return {.offset = document_.hit_test(x, std::max(point.y, 0.0F))};
}

std::string CompareColumn::text_of(const TextSelection& selection, bool is_plain) const {
    const auto range = selection.within(0, Part{}, text_.size());
    if (!range) return {};
    return is_plain ? document_.plain_text(*range) : std::string(text_.substr(range->begin, range->end - range->begin));
}

// The difference that was clicked.
std::optional<std::size_t> CompareColumn::take_mouse(const FrameView& frame, const ColumnMarks& marks,
                                                     Commands& commands) {
    const TextView::Mouse mouse = view_.take_mouse(frame, *this, width_, commands);
    if (!mouse.is_click || !marks.comparison) return std::nullopt;
    const std::uint32_t offset = position_at(mouse.at).offset;
    const auto here = marks_within(marks.comparison->marks[marks.text], {offset, offset + 1});
    return here.empty() ? std::nullopt : std::optional(here.front().difference);
}

void CompareColumn::context_menu(const FrameView& frame, Commands& commands) {
    if (!view_.begin_menu(frame, *this, commands)) return;
    if (ImGui::MenuItem("Copy answer", nullptr, false, !text_.empty()))
        commands.add(CopyText{std::string(text_), "answer"});
    view_.end_menu();
}

}  // namespace llmc::gui
