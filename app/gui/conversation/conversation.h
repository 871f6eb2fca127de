// A candidate's conversation as it is shown: turns under each other, scrolled, selected, searched, copied.
//
// Thread contract: main thread, within a frame. Invariants: only visible rows are drawn; prompts that wait are one line
// below the turns; text that arrives costs what its open tail costs; the view follows the end exactly when it was at the end; while it does not, the text in view
// stays where it is, whatever arrives or is laid out above and below.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gui/conversation/text_view.h"

namespace llmc::gui {

class Conversation : private SelectableTexts {
public:
    // Draws at the cursor, in `view` (px).
    void draw(const FrameView& frame, const session::Candidate& candidate, ImVec2 view, Commands& commands);

    bool is_empty() const { return turns_.empty(); }
    bool has_selection() const { return view_.has_selection(); }
    // The selected source, or without Markdown's marks; several texts with their speakers.
    std::string selected_text(bool is_plain) const;
    std::string last_answer() const;
    std::string whole_text() const;  // what is folded left out

    // Find: null ends it.
    void set_pattern(std::shared_ptr<const text::FindPattern> pattern);
    void find_next(bool forward);
    std::size_t found_count() const { return found_count_; }
    std::size_t found_index() const { return found_index_; }  // from 1; 0: none is looked at
    bool is_found_capped() const { return is_found_capped_; }
    bool is_searching() const { return is_searching_; }

    // Where the view's top is: `part` of the round's height has gone by. Round 0: nowhere. With a `step`, its top.
    struct Place {
        int round = 0;
        double part = 0;
        int step = 0;
    };
    Place place() const;
    int round_in_view() const;  // the one at the top; the last one while the end is followed
    // Puts that at the top from the next frame on, also where the text after it is short. Without that round: nothing.
    void show(Place place) { wanted_ = place; }
    void follow_end() { follows_end_ = true; }
    bool take_scrolled() { return std::exchange(was_scrolled_, false); }  // by the user, since this was asked last

    bool follows_end() const { return follows_end_; }
    const TextFonts& fonts() const { return fonts_; }

private:
    struct Shown {
        std::unique_ptr<Turn> turn;
        double top = 0;
    };

    void sync(const FrameView& frame, const session::Candidate& candidate);
    void add_turns(const std::shared_ptr<const session::Round>& round, const session::Answer& answer,
                   const TurnContext& context, std::size_t& count, bool& has_moved);
    Turn& turn_at(std::size_t index, const session::Answer& answer, int step, bool& has_moved);
    void open_attempt(const Turn& of);  // all its steps, as this one is
    double top_of(Place place) const;
    bool pull(const FrameView& frame);
    double show_wanted(const FrameView& frame, float width, double scroll, double view_height);
    double lay_out(const FrameView& frame, float width, double scroll, double view_height);

    void draw_turns(const FrameView& frame, const session::Candidate& candidate, ImVec2 at, double scroll, ImVec2 view,
                    Commands& commands);
    void draw_turn(const FrameView& frame, std::size_t index, const session::Candidate& candidate, ImVec2 at,
                   double top, float width, double view_height, Commands& commands);
    void draw_prompt(const FrameView& frame, std::size_t index, ImVec2 at, float width, double view_top,
                     double view_height, Commands& commands);
    void draw_heading(const FrameView& frame, std::size_t index, ImVec2 at, float width, Commands& commands);
    void draw_said(const FrameView& frame, std::size_t index, const session::Candidate& candidate, ImVec2 at,
                   double top, float width, double view_height, Commands& commands);
    void draw_calls(const FrameView& frame, std::size_t index, ImVec2 at, double top, float width, double view_height,
                    Commands& commands);
    void draw_waiting(const FrameView& frame, Turn& turn, ImVec2 at, float width);
    void draw_caret(const FrameView& frame, Turn& turn, float x, double y);
    void draw_text(const FrameView& frame, std::size_t index, Part part, float x, double y, double view_top,
                   double view_height, Commands& commands);
    void draw_side_scroll(const FrameView& frame, Turn& turn, Part part, float x, double y, Commands& commands);
    void draw_failure(const FrameView& frame, Turn& turn, const session::Candidate& candidate, float x, double y,
                      float width, Commands& commands);
    void draw_rating(const FrameView& frame, Turn& turn, float x, float y, float width, Commands& commands);
    void draw_jump(const FrameView& frame, ImVec2 at, ImVec2 view);

    void take_mouse(const FrameView& frame, float width, Commands& commands);
    void take_keys(const FrameView& frame, Commands& commands);
    void take_rating_keys(const FrameView& frame, Commands& commands) const;
    void context_menu(const FrameView& frame, Commands& commands);
    bool has_text() const override { return !turns_.empty(); }
    TextPosition position_at(ImVec2 point) override;
    text::Document& document_of(const TextPosition& place) override;
    TextPosition end() const override;
    std::string text_of(const TextSelection& selection, bool is_plain) const override;
    std::string_view link_at(ImVec2 point) const;
    void search();
    std::string answer_text(std::size_t head) const;  // with its steps
    TextPosition end_of(std::size_t index) const;     // of a turn

    std::vector<Shown> turns_;
    std::size_t waiting_ = 0;  // prompts whose turns have not begun: one line, no turns
    double turns_end_ = 0;
    std::string session_id_;
    std::uint64_t revision_ = ~std::uint64_t{0};
    TextFonts fonts_;
    DocumentPainter painter_;

    float width_ = 0;
    std::uint64_t generation_ = 0;
    bool needs_layout_ = true;
    double height_ = 0;
    double most_scroll_ = 0;
    bool follows_end_ = true;
    bool was_scrolled_ = false;
    Place wanted_;      // to be put at the top
    double blank_ = 0;  // below the last turn, so that one before it can stand at the top
    TextView view_;
    float text_left_ = 0;  // x of the texts, from the view's left edge

    std::shared_ptr<const text::FindPattern> pattern_;  // what is looked for
    std::size_t found_count_ = 0, found_index_ = 0;
    bool is_found_capped_ = false, is_searching_ = false;
    std::optional<std::pair<TextPosition, text::SourceRange>> found_;
    bool scrolls_to_found_ = false;
};

}  // namespace llmc::gui
