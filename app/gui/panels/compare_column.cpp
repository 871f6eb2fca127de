#include "gui/panels/compare_column.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <imgui_internal.h>  // the scroll that the wheel asks for, before it is taken

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
        scroll_ = 0;
    }
    selection_.reset();
    stream_ = stream;
    text_ = text;
    document_.update(text_, true);
}

bool CompareColumn::take_scroll() {
    const double before = scroll_;
    if (const ImGuiWindow* child = ImGui::FindWindowByID(child_)) {
        const double asked = child->ScrollTarget.y < FLT_MAX ? child->ScrollTarget.y : child->Scroll.y;
        if (std::abs(asked - std::round(scroll_)) > 1.0) scroll_to(asked);
    }
    if (wanted_scroll_) scroll_to(*std::exchange(wanted_scroll_, std::nullopt));
    return scroll_ != before;
}

void CompareColumn::lay_out(const FrameView& frame, const TextFonts& fonts, ImVec2 size, std::size_t budget) {
    const Theme& theme = frame.theme;
    size_ = size;
    margin_ = theme.px(14);
    width_ = std::max(size.x - ImGui::GetStyle().ScrollbarSize - theme.px(6), theme.px(60));
    view_height_ = size.y;
    const text::LayoutResult done = document_.layout(
        {.width = width_, .view_top = scroll_, .view_height = size.y, .budget_bytes = budget}, fonts, fonts.style());
    document_height_ = document_.height();
    scroll_to(done.view_top);
    if (!done.is_done) frame.requests.next_frame();
}

double CompareColumn::y_of(std::uint32_t offset) {
    return offset >= text_.size() ? document_height_ : static_cast<double>(document_.caret(offset).y);
}

std::optional<std::size_t> CompareColumn::draw(const FrameView& frame, const TextFonts& fonts, const ColumnMarks& marks,
                                               Commands& commands) {
    std::optional<std::size_t> clicked;
    ImGui::SetNextWindowContentSize({0, static_cast<float>(height())});
    ImGui::SetNextWindowScroll({-1, static_cast<float>(std::round(scroll_))});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::BeginChild("text", size_, ImGuiChildFlags_None, ImGuiWindowFlags_NoMove);
    ImGui::PopStyleVar();
    child_ = ImGui::GetCurrentWindow()->ID;
    is_hovered_ = ImGui::IsWindowHovered();
    is_focused_ = ImGui::IsWindowFocused();
    const ImVec2 at = ImGui::GetWindowPos();
    select_by_mouse(frame, marks, at, clicked);
    paint(frame, fonts, marks, at);
    context_menu(frame, commands);
    ImGui::EndChild();
    return clicked;
}

// Of the marks in view, how each is shown.
void CompareColumn::collect_marks(const FrameView& frame, const ColumnMarks& marks) {
    marks_.clear();
    if (!marks.comparison) return;
    const text::SourceRange seen{document_.hit_test(0, scroll_), document_.hit_test(1e6F, scroll_ + view_height_) + 1};
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
    const double scroll = std::round(scroll_);  // whole pixels: text stays sharp
    DocumentPaint what;
    what.x = at.x + frame.theme.px(3);
    what.y = at.y - scroll;
    what.y0 = scroll;
    what.y1 = std::min(scroll + view_height_, document_height_);
    if (what.y0 >= what.y1) return;
    what.is_quiet = marks.comparison && !marks.comparison->is_identical;
    what.role = what.is_quiet ? Role::weak : Role::text;
    what.side_scroll = &side_;
    what.marks = marks_;
    if (has_selection()) what.selection = selection_;
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

std::uint32_t CompareColumn::offset_at(ImVec2 point) {
    float x = point.x;
    if (const auto side = side_.find(document_.box_at(point.y)); side != side_.end()) x += side->second;
    return document_.hit_test(x, std::max(point.y, 0.0F));
}

void CompareColumn::select_by_mouse(const FrameView& frame, const ColumnMarks& marks, ImVec2 at,
                                    std::optional<std::size_t>& clicked) {
    ImGui::SetCursorScreenPos(at);
    ImGui::SetNextItemAllowOverlap();
    ImGui::InvisibleButton("text", {std::max(width_, 1.0F), std::max(size_.y, 1.0F)});
    if (text_.empty()) return;
    const ImGuiIO& io = ImGui::GetIO();
    const ImVec2 mouse{io.MousePos.x - at.x - frame.theme.px(3),
                       static_cast<float>(io.MousePos.y - at.y + std::round(scroll_))};
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
    const auto grain_at = [&](std::uint32_t offset) {
        if (clicks_ == 2) return document_.word_at(offset);
        if (clicks_ >= 3) return document_.paragraph_at(offset);
        return text::SourceRange{offset, offset};
    };
    if (ImGui::IsItemActivated()) {
        clicks_ = io.MouseClickedCount[ImGuiMouseButton_Left];
        grain_ = grain_at(offset_at(mouse));
        selection_ = grain_;
    } else if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2)) {
        const text::SourceRange here = grain_at(offset_at(mouse));
        selection_ = {std::min(grain_.begin, here.begin), std::max(grain_.end, here.end)};
        // Dragged past an edge: the faster, the farther.
        const float above = at.y - io.MousePos.y, below = io.MousePos.y - (at.y + size_.y);
        if (above > 0) wanted_scroll_ = scroll_ - std::min(above, 200.0F) * 20 * io.DeltaTime - 2;
        if (below > 0) wanted_scroll_ = scroll_ + std::min(below, 200.0F) * 20 * io.DeltaTime + 2;
        if (above > 0 || below > 0) frame.requests.next_frame();
    } else if (ImGui::IsItemDeactivated() && clicks_ == 1 && !has_selection() && marks.comparison) {
        const std::uint32_t offset = offset_at(mouse);
        const auto here = marks_within(marks.comparison->marks[marks.text], {offset, offset + 1});
        if (!here.empty()) clicked = here.front().difference;
    }
}

std::string CompareColumn::selected_text() const {
    return std::string(text_.substr(selection_->begin, selection_->end - selection_->begin));
}

void CompareColumn::take_keys(Commands& commands) {
    const auto key = [](ImGuiKeyChord chord) {
        return ImGui::Shortcut(chord, ImGuiInputFlags_Repeat | ImGuiInputFlags_RouteGlobal);
    };
    const double page = view_height_ * 0.9;
    if (key(ImGuiKey_PageUp)) wanted_scroll_ = scroll_ - page;
    if (key(ImGuiKey_PageDown)) wanted_scroll_ = scroll_ + page;
    if (key(ImGuiKey_Home)) wanted_scroll_ = 0;
    if (key(ImGuiKey_End)) wanted_scroll_ = most_scroll();
    if (key(ImGuiMod_Ctrl | ImGuiKey_A)) selection_ = text::SourceRange{0, static_cast<std::uint32_t>(text_.size())};
    if (has_selection() && key(ImGuiMod_Ctrl | ImGuiKey_C)) commands.add(CopyText{selected_text(), "selection"});
}

void CompareColumn::context_menu(const FrameView& frame, Commands& commands) {
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {frame.theme.px(8), frame.theme.px(7)});
    if (ImGui::BeginPopupContextWindow("menu")) {
        if (ImGui::MenuItem("Copy", "Ctrl+C", false, has_selection()))
            commands.add(CopyText{selected_text(), "selection"});
        if (ImGui::MenuItem("Copy without Markdown", nullptr, false, has_selection()))
            commands.add(CopyText{document_.plain_text(*selection_), "selection"});
        if (ImGui::MenuItem("Copy answer", nullptr, false, !text_.empty()))
            commands.add(CopyText{std::string(text_), "answer"});
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
}

}  // namespace llmc::gui
