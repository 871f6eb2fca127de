// One attempt of a candidate at a round: what it thought and said, and what went wrong; before the first one the
// prompt. Laid out for a width. An attempt that was tried again is one quiet line, until it is opened.
//
// Thread contract: main thread, within a frame. Texts are those of the round and of its answer's stream, not copies:
// the Turn holds both as long as it lives.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "gui/conversation/document_painter.h"
#include "gui/rating_row.h"
#include "session/session.h"
#include "text/find.h"

namespace llmc::gui {

// The selectable texts of a turn, in the order in which they stand.
enum class Part { prompt, reasoning, answer };
inline constexpr int kParts = 3;

struct TurnContext {
    std::string model;          // in words, for "… is being loaded"
    bool can_retry = false;     // offers it, where the answer failed
    bool can_forget = false;    // likewise: the oldest rounds
    bool is_first = true;       // of the round: the prompt stands above it
    bool is_paused = false;     // nothing that waits is sent
    std::string refused_retry;  // why the last one did not start; empty: it did
};

class Turn {
public:
    Turn(session::CandidateId candidate, int attempt) : candidate_(std::move(candidate)), attempt_(attempt) {}

    // The round as it is in a new snapshot. It must hold the candidate's attempt.
    void sync(std::shared_ptr<const session::Round> round, const TurnContext& context);
    // Takes in the text that has arrived; true where there was any.
    bool pull();

    // Lays out what is needed for `width`. `view_top` and `view_height` in the turn's own coordinates; `budget` in
    // bytes of text is used up. Gives where the text that was at view_top is now.
    double layout(float width, double view_top, double view_height, std::size_t& budget, const Theme& theme,
                  const TextFonts& fonts);
    bool is_done() const { return is_done_; }
    double height() const { return place_.end; }

    // Where things stand, from the turn's top.
    struct Place {
        double prompt_box = 0, prompt_box_end = 0, label = 0, thought = 0;  // `label`: or the line of an earlier one
        std::array<double, kParts> text{};
        double status = 0, tools = 0, notes = 0, failure = 0, failure_text = 0, failure_actions = 0, failure_end = 0;
        double rating = 0, end = 0;  // the rating has its place from the start: nothing moves when the answer ends
    };
    const Place& place() const { return place_; }
    float text_x(Part part) const { return text_x_[static_cast<std::size_t>(part)]; }  // of the last layout
    float indent() const { return indent_; }  // of all that was said, within what an earlier attempt opens

    text::Document& document(Part part) { return documents_[static_cast<std::size_t>(part)]; }
    std::string_view source(Part part) const;
    bool is_shown(Part part) const;  // it may be folded or missing
    void show(Part part);            // unfolds it
    SideScroll& side_scroll(Part part) { return side_[static_cast<std::size_t>(part)]; }
    text::Find& find(Part part) { return finds_[static_cast<std::size_t>(part)]; }

    text::Document& notes() { return notes_; }
    text::Document& failure_text() { return failure_; }
    text::Document& tools() { return tools_; }
    bool has_notes() const { return !notes_text_.empty(); }
    bool has_tools() const { return !tools_text_.empty(); }
    bool has_failure() const { return !failure_message_.empty(); }
    bool can_retry() const { return can_retry_; }
    bool can_forget() const { return can_forget_; }

    const session::Round& round() const { return *round_; }
    const session::Answer& answer() const { return *answer_; }
    session::AnswerState state() const { return answer_->state; }
    bool has_prompt() const { return is_first_; }
    bool is_earlier() const { return is_earlier_; }  // tried again
    bool is_folded() const { return is_earlier_ && !is_open; }
    // "round 2 · 8.2 s"; of an earlier attempt "attempt 1 · 27 tokens · cut off".
    const std::string& caption() const { return caption_; }
    const std::string& status() const { return status_; }  // while there is no text yet
    bool has_reasoning() const { return !answer_->reasoning().empty(); }
    // "Thought for 3.2 s · 214 tokens", "Thinking · 120 tokens"; into a buffer, since it changes with every token.
    std::string_view thought(std::array<char, 96>& buffer) const;

    bool is_open = false;  // an earlier attempt
    bool is_reasoning_open = false;
    RatingEdit rating_edit;

private:
    void describe(const TurnContext& context);
    // `take` lays out a document at a height, in so much room, and gives its height.
    template <class Take>
    double lay_out_said(double y, float width, const Theme& theme, const Take& take);

    session::CandidateId candidate_;
    int attempt_;
    std::shared_ptr<const session::Round> round_;
    const session::Answer* answer_ = nullptr;  // of round_
    std::shared_ptr<session::AnswerStream> stream_;
    std::array<text::Document, kParts> documents_{text::Document{text::TextMode::plain}, text::Document{},
                                                  text::Document{}};
    text::Document notes_{text::TextMode::plain}, failure_{text::TextMode::plain}, tools_{text::TextMode::plain};
    std::array<SideScroll, kParts> side_;
    std::array<text::Find, kParts> finds_;
    std::string caption_, status_, notes_text_, failure_message_, tools_text_;
    std::array<std::size_t, kParts> taken_{};
    bool was_final_ = false;
    bool can_retry_ = false, can_forget_ = false;
    bool is_done_ = false;
    bool is_first_ = true, is_earlier_ = false;
    float indent_ = 0;
    Place place_;
    std::array<float, kParts> text_x_{};
};

}  // namespace llmc::gui
