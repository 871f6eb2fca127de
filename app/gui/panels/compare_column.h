// One answer in the Compare window: its text laid out, scrolled, marked and selected.
//
// Thread contract: main thread, within a frame. Invariants: only visible rows are drawn; what is not in view is laid
// out by a budget per frame; the text in view stays where it is while that goes on.
// In a frame: take_scroll(), lay_out(), then draw().
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gui/commands.h"
#include "gui/conversation/document_painter.h"
#include "gui/frame_view.h"
#include "gui/panels/compare_model.h"
#include "session/answer.h"

namespace llmc::gui {

// What is drawn over the text.
struct ColumnMarks {
    const Comparison* comparison = nullptr;  // null: none yet
    std::size_t text = 0;                    // which of its texts this is
    std::optional<std::size_t> current;      // the difference that is looked at
    ImU32 color = 0;                         // of this column
};

class CompareColumn {
public:
    // From now on this answer's text; scrolled to its start where it is another one.
    void show(const std::shared_ptr<session::AnswerStream>& stream);
    const std::shared_ptr<session::AnswerStream>& stream() const { return stream_; }
    std::string_view text() const { return text_; }

    // What the wheel, the scroll bar and keys have asked for since the last frame; true where they moved it.
    bool take_scroll();
    // Lays out what is in view at scroll(), and some of the rest.
    void lay_out(const FrameView& frame, const TextFonts& fonts, ImVec2 size, std::size_t budget);
    bool is_done() const { return document_.is_done(); }
    void scroll_to(double y) { scroll_ = std::clamp(y, 0.0, most_scroll()); }
    double scroll() const { return scroll_; }
    double most_scroll() const { return std::max(height() - view_height_, 0.0); }
    double height() const { return document_height_ + margin_; }
    double view_height() const { return view_height_; }

    // Heights of places, from the text's top; to be called after lay_out().
    double y_of(std::uint32_t offset);
    std::uint32_t row_end_at(double y) { return document_.hit_test(1e6F, y); }

    // At the cursor. Gives the difference that was clicked.
    std::optional<std::size_t> draw(const FrameView& frame, const TextFonts& fonts, const ColumnMarks& marks,
                                    Commands& commands);
    bool is_hovered() const { return is_hovered_; }
    bool is_focused() const { return is_focused_; }
    void take_keys(Commands& commands);  // of the keyboard: scrolling, selecting, copying
    bool has_selection() const { return selection_ && selection_->begin < selection_->end; }

private:
    void collect_marks(const FrameView& frame, const ColumnMarks& marks);
    void paint(const FrameView& frame, const TextFonts& fonts, const ColumnMarks& marks, ImVec2 at);
    void draw_boxes(const FrameView& frame, ImVec2 at);
    void paint_gap(const FrameView& frame, const ColumnMarks& marks, ImVec2 at);
    void select_by_mouse(const FrameView& frame, const ColumnMarks& marks, ImVec2 at,
                         std::optional<std::size_t>& clicked);
    void context_menu(const FrameView& frame, Commands& commands);
    std::uint32_t offset_at(ImVec2 point);
    std::string selected_text() const;

    std::shared_ptr<session::AnswerStream> stream_;
    std::string_view text_;  // of stream_, as long as it was when it was shown
    text::Document document_;
    DocumentPainter painter_;
    SideScroll side_;
    std::vector<TextMark> marks_;  // kept for its memory

    double scroll_ = 0, document_height_ = 0, view_height_ = 0;
    float margin_ = 0, width_ = 0;
    ImVec2 size_{};
    ImGuiID child_ = 0;
    std::optional<double> wanted_scroll_;  // by keys and dragging
    bool is_hovered_ = false, is_focused_ = false;

    std::optional<text::SourceRange> selection_;
    text::SourceRange grain_{};  // what a double or triple click chose, while dragging on
    int clicks_ = 0;
};

}  // namespace llmc::gui
