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

#include "gui/conversation/text_view.h"
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

class CompareColumn : private SelectableTexts {
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
    void scroll_to(double y) { view_.put(std::clamp(y, 0.0, most_scroll())); }
    double scroll() const { return view_.scroll(); }
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
    void take_keys(const FrameView& frame, Commands& commands) {
        view_.take_keys(frame, *this, most_scroll(), commands);
    }

private:
    void collect_marks(const FrameView& frame, const ColumnMarks& marks);
    void paint(const FrameView& frame, const TextFonts& fonts, const ColumnMarks& marks, ImVec2 at);
    void draw_boxes(const FrameView& frame, ImVec2 at);
    void paint_gap(const FrameView& frame, const ColumnMarks& marks, ImVec2 at);
    std::optional<std::size_t> take_mouse(const FrameView& frame, const ColumnMarks& marks, Commands& commands);
    void context_menu(const FrameView& frame, Commands& commands);

    bool has_text() const override { return !text_.empty(); }
    TextPosition position_at(ImVec2 point) override;
    text::Document& document_of(const TextPosition&) override { return document_; }
    TextPosition end() const override { return {.offset = static_cast<std::uint32_t>(text_.size())}; }
    std::string text_of(const TextSelection& selection, bool is_plain) const override;

    std::shared_ptr<session::AnswerStream> stream_;
    std::string_view text_;  // of stream_, as long as it was when it was shown
    text::Document document_;
    DocumentPainter painter_;
    SideScroll side_;
    std::vector<TextMark> marks_;  // kept for its memory

    TextView view_;
    double document_height_ = 0, view_height_ = 0;
    float margin_ = 0, width_ = 0, inset_ = 0;
    ImVec2 size_{};
    bool is_hovered_ = false, is_focused_ = false;
};

}  // namespace llmc::gui
