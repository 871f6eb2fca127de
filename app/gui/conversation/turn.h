// One attempt of a candidate at a round, or one step of it where it takes several: what it thought, said and called,
// and what went wrong; before the first one the prompt. Laid out for a width. An attempt that was tried again is one
// quiet line, until it is opened.
//
// Thread contract: main thread, within a frame. Texts are those of the round, of its steps and of its answer's stream,
// not copies: the Turn and its Attempt hold them. Invariants: a step that has ended is laid out once; one that
// is_settled() needs no sync() for what comes after it.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gui/conversation/document_painter.h"
#include "gui/rating_row.h"
#include "session/session.h"
#include "text/find.h"

namespace llmc::gui {

// The selectable texts of a turn, in the order in which they stand: after these each call, then what came of it.
enum class Part : std::uint32_t { prompt, reasoning, answer, first_call };
inline constexpr std::size_t kSaidParts = 3;

// One of them, laid out.
struct Passage {
    text::Document document{};
    SideScroll side;
    text::Find find;
    double y = 0;  // from the turn's top
    float x = 0;
};

// A call, what came of one, or the files that are otherwise at the end. What is long is folded.
struct CallPassage : Passage {
    const char* name = "Tool call";  // in copied text
    std::string own;                 // of a call: its name and arguments
    std::string_view source;         // `own`, or the result where it is kept
    std::string fold;                // the line that opens it; empty: nothing to open
    std::string mark;                // what is wrong with it, in words; empty: nothing
    Role mark_role = Role::bad;
    bool is_result = false, is_open = false;
    double mark_y = 0, fold_y = 0;
};
// Those of a step, or of an answer that has none. `is_last`: what is said of the whole answer, too.
std::vector<std::unique_ptr<CallPassage>> call_passages(const session::Answer& answer, const session::Step* step,
                                                        bool is_last);

struct TurnContext {
    std::string model;          // in words, for "… is being loaded"
    bool can_retry = false;     // offers it, where the answer failed
    bool can_forget = false;    // likewise: the oldest rounds
    bool is_first = true;       // of the round: the prompt stands above it
    bool is_paused = false;     // nothing that waits is sent
    std::string refused_retry;  // why the last one did not start; empty: it did
};

// An attempt as it is in the newest snapshot: its turns share it, so that those that are settled follow by themselves.
struct Attempt {
    std::shared_ptr<const session::Round> round;
    const session::Answer* answer = nullptr;  // of `round`
    bool is_earlier = false;                  // it was tried again
    int settled = 1;                          // so many of its turns are, the first one aside

    // Gives the round before, in which the prompt's text lies until the first turn is in sync.
    std::shared_ptr<const session::Round> show(std::shared_ptr<const session::Round> now, const session::Answer& its);
};

class Turn {
public:
    // `step` from 1; 0: the whole answer, which takes one request.
    explicit Turn(std::shared_ptr<Attempt> attempt, int step = 0) : attempt_(std::move(attempt)), step_(step) {
        said_[0].document = text::Document{text::TextMode::plain};
    }

    // Takes in what its attempt shows now, which must have the step or the one before it.
    void sync(const TurnContext& context);
    const std::shared_ptr<Attempt>& attempt() const { return attempt_; }
    // Its step has ended and others stand before and behind it: only an attempt after this one changes it.
    bool is_settled() const { return ended_ && !is_last_ && !is_head(); }
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
        double status = 0, notes = 0, ending = 0, failure = 0, failure_text = 0, failure_actions = 0, failure_end = 0;
        double rating = 0, end = 0;  // the rating has its place from the start: nothing moves when the answer ends
    };
    const Place& place() const { return place_; }
    float indent() const { return indent_; }  // of all that was said, within what an earlier attempt opens

    std::size_t parts() const { return kSaidParts + calls_.size(); }
    Passage& passage(Part part);
    const Passage& passage(Part part) const { return const_cast<Turn*>(this)->passage(part); }
    double text_y(Part part) const { return passage(part).y; }  // of the last layout
    float text_x(Part part) const { return passage(part).x; }
    const std::vector<std::unique_ptr<CallPassage>>& calls() const { return calls_; }
    // null: of what was said
    const CallPassage* call(Part part) const;
    void toggle(CallPassage& call);

    text::Document& document(Part part) { return passage(part).document; }
    std::string_view source(Part part) const;
    bool is_shown(Part part) const;  // it may be folded or missing
    void show(Part part);            // unfolds it
    SideScroll& side_scroll(Part part) { return passage(part).side; }
    text::Find& find(Part part) { return passage(part).find; }

    text::Document& notes() { return notes_; }
    text::Document& failure_text() { return failure_; }
    bool has_notes() const { return !notes_text_.empty(); }
    bool has_failure() const { return !failure_message_.empty(); }
    bool can_retry() const { return can_retry_; }
    bool can_forget() const { return can_forget_; }

    const session::Round& round() const { return *attempt_->round; }
    const session::Answer& answer() const { return *attempt_->answer; }
    session::AnswerState state() const { return ended_ ? ended_->state : answer().state; }
    int step() const { return step_; }
    const session::Step* ended() const { return ended_.get(); }  // the step; null while it runs, and without steps
    bool is_last() const { return is_last_; }                    // of the answer: what is said of all of it follows
    bool is_head() const { return step_ <= 1; }
    bool has_prompt() const { return !prompt().empty() || is_first_; }
    bool is_earlier() const { return attempt_->is_earlier; }
    bool is_folded() const { return is_earlier() && !is_open; }
    // "round 2 · 8.2 s"; of an earlier attempt "attempt 1 · 27 tokens · cut off".
    const std::string& caption() const { return caption_; }
    const std::string& step_words() const { return step_words_; }  // "step 4 · 2.1 s"
    const std::string& ending() const { return ending_; }          // "ended by cycle after 9 steps"
    const std::string& status() const { return status_; }          // while there is no text yet
    bool has_reasoning() const { return !source(Part::reasoning).empty(); }
    // "Thought for 3.2 s · 214 tokens", "Thinking · 120 tokens"; into a buffer, since it changes with every token.
    std::string_view thought(std::array<char, 96>& buffer) const;

    bool is_open = false;  // an earlier attempt
    bool is_reasoning_open = false;
    RatingEdit rating_edit;

private:
    std::string_view prompt() const;
    void find_step();
    // `text` in the place of what stood there; from the beginning, unless it goes on from that.
    static void put(Passage& passage, std::string_view text, bool is_final);
    void describe(const TurnContext& context);
    // `take` lays out a document at a height, in so much room, and gives its height.
    template <class Take>
    double lay_out_said(double y, float width, const Theme& theme, const Take& take);
    template <class Take>
    double lay_out_calls(double y, float width, const Theme& theme, const Take& take);
    template <class Take>
    double lay_out_end(double y, float width, const Theme& theme, const Take& take);

    std::shared_ptr<Attempt> attempt_;
    int step_ = 0;
    std::shared_ptr<session::AnswerStream> stream_;
    std::shared_ptr<const session::Step> ended_;
    std::array<Passage, kSaidParts> said_;
    std::vector<std::unique_ptr<CallPassage>> calls_;
    text::Document notes_{text::TextMode::plain}, failure_{text::TextMode::plain};
    std::string caption_, step_words_, ending_, status_, notes_text_, failure_message_;
    bool was_final_ = false;
    bool can_retry_ = false, can_forget_ = false;
    bool is_done_ = false;
    bool is_first_ = true, is_last_ = true;
    bool tells_end_ = false;  // its passages say what is said of the whole answer
    float indent_ = 0;
    Place place_;
};

// How many turns an answer is: 0 where it takes one request.
int steps_shown(const session::Answer& answer);

}  // namespace llmc::gui
