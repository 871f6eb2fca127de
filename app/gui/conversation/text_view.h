// Text that is scrolled, selected and copied: what a conversation and a column of Compare have in common.
//
// Thread contract: main thread, within a frame. In a frame: take_scroll(), the texts are laid out, put(), then begin(),
// take_mouse(), the texts are drawn, and end().
#pragma once

#include <optional>
#include <string>

#include "gui/conversation/text_position.h"
#include "gui/frame_view.h"

namespace llmc::gui {

// What is shown: one document or several under each other.
class SelectableTexts {
public:
    virtual ~SelectableTexts() = default;
    virtual bool has_text() const = 0;                   // the others are asked only where it has
    virtual TextPosition position_at(ImVec2 point) = 0;  // from the view's left edge and the texts' top
    virtual text::Document& document_of(const TextPosition& place) = 0;
    virtual TextPosition end() const = 0;  // they begin at TextPosition{}
    virtual std::string text_of(const TextSelection& selection, bool is_plain) const = 0;  // without Markdown's marks
};

class TextView {
public:
    // What wheel, scroll bar, keys and dragging have asked for since the last frame; true where they have.
    bool take_scroll(double most);
    void put(double scroll) { scroll_ = scroll; }
    double scroll() const { return scroll_; }

    void begin(const char* name, ImVec2 size, double content_height);  // a child window at the cursor
    void end();
    ImVec2 at() const { return at_; }  // its top left on the screen

    // Selects. `width`: of the part of the view that is text.
    struct Mouse {
        ImVec2 at;  // as of position_at()
        bool is_over = false;
        bool is_click = false;  // one that selects nothing
    };
    Mouse take_mouse(const FrameView& frame, SelectableTexts& texts, float width, Commands& commands);
    bool is_dragging() const { return is_drag_; }
    // Of the keyboard and the Edit menu: scrolling, selecting, copying. Wherever the focus is in the caller's window.
    void take_keys(const FrameView& frame, const SelectableTexts& texts, double most, Commands& commands);
    // Copies; true where it is open, for more items and end_menu().
    bool begin_menu(const FrameView& frame, const SelectableTexts& texts, Commands& commands);
    void end_menu();

    bool has_selection() const { return selection_ && !selection_->is_empty(); }
    const std::optional<TextSelection>& selection() const { return selection_; }
    void select(std::optional<TextSelection> selection) { selection_ = selection; }

private:
    // The places around one, by the clicks: itself, its word, its paragraph.
    TextSelection grain_at(SelectableTexts& texts, const TextPosition& place) const;
    void drag(const FrameView& frame, SelectableTexts& texts, ImVec2 mouse);
    void copy(const SelectableTexts& texts, bool is_plain, Commands& commands) const;

    double scroll_ = 0;
    std::optional<double> wanted_scroll_;  // by keys and dragging
    ImGuiID child_ = 0;
    ImVec2 at_{}, size_{};

    std::optional<TextSelection> selection_;
    TextSelection grain_;  // what the click chose, while dragging on
    int clicks_ = 0;
    bool is_drag_ = false;
};

}  // namespace llmc::gui
