// Separates reasoning from the answer where a server leaves both in one text: "<think>…</think>answer".
//
// Thread contract: one thread. Copyable.
// Rules, for all pairs of kTagPairs:
//   - At the start of the text (up to kMaxBlanks blanks before it) and directly after a tag that ended, a tag opens a
//     thought, which goes up to its closing tag or to the end; blanks after that are dropped.
//   - Later a tag opens another thought only where the answer has had reasoning, at the start of a line or after a
//     sentence: anywhere else, in code, and where nothing was thought before, the answer speaks of the tag and keeps
//     it, with the closing tag that belongs to it.
//   - A closing tag that nothing opened ends what the chat template opened: all text before it was a thought. Not where
//     it stands in quotes, in code or in the middle of a sentence.
// The text before a lone closing tag has been shown as the answer by then. It is not held back, since any answer might
// end its thoughts with such a tag, and all would stay unseen to their end; it is taken back (Out::text_was_thought).
// Invariants: what comes out in the end does not depend on where the text was cut; what could still become a tag is
// held back (less than 200 bytes), all other text passes at once and without being copied or allocating.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "think_tags.h"

namespace llmc::openai {

class ThinkSplitter {
public:
    static constexpr std::size_t kMaxBlanks = 64;  // before a tag; a text with more starts with blanks

    // What comes out, in its order. Each gives false to end it.
    class Out {
    public:
        virtual ~Out() = default;
        virtual bool text(std::string_view piece) = 0;
        virtual bool thought(std::string_view piece, bool is_new) = 0;  // is_new: not the rest of the one before
        virtual bool text_was_thought() = 0;                            // all that text() has passed
    };

    bool feed(std::string_view text, Out& out);
    // What was held back and turned out to be no tag.
    bool finish(Out& out);
    // The answer's reasoning came in a field of its own.
    void note_reasoning() { has_reasoning_ = true; }

private:
    enum class State { boundary, thought, text };
    enum class Step { go_on, wait, stop };
    struct Input {
        std::string_view rest;
        bool is_last;
        Out& out;
    };
    // What stands at a sign that may begin a tag.
    struct Sign {
        enum class Kind { nothing, spoken_of, undecided, opens, ends_answer, ends_thought } kind = Kind::nothing;
        std::size_t size = 0;
        std::size_t pair = 0;
    };
    enum class Says { no, yes, unknown };
    static constexpr std::size_t kNone = kTagPairs.size();

    bool run(std::string_view text, bool is_last, Out& out);
    Step at_boundary(Input& in);
    Step in_thought(Input& in);
    Step in_text(Input& in);
    Sign boundary_sign(std::string_view word) const;
    Sign text_sign(std::string_view word, bool is_last);
    bool can_open_here(std::size_t pair) const;
    Says is_spoken_of(std::string_view after, bool is_last) const;
    void open_thought(std::size_t pair);
    Step take_back(Input& in, std::size_t before, const Sign& sign);
    void enter_boundary();
    void note(char c);
    void note(std::string_view piece);
    bool pass_text(Input& in, std::size_t size);
    bool pass_thought(Input& in, std::size_t size);

    State state_ = State::boundary;
    bool keeps_blanks_ = true;     // at a boundary: they belong to the text if that goes on
    std::size_t thought_ = kNone;  // the pair that is open
    std::size_t answer_ = kNone;   // the pair around the answer
    bool is_new_thought_ = false;
    bool has_reasoning_ = false;
    bool has_text_ = false;
    std::uint32_t used_ = 0;       // pairs that held a thought
    std::uint32_t spoken_of_ = 0;  // pairs whose opening tag stands in the text
    char last_of_thought_ = 0;

    // Where the text is, of the line and its code.
    char last_ = 0;                 // its last byte
    std::uint32_t last_words_ = 0;  // the last four bytes of the line that are no blanks; 0 at its start
    std::size_t fence_run_ = 0;     // of the signs that make a fence
    bool is_in_code_ = false, is_in_fence_ = false;

    std::string held_;    // what could be a tag or the blanks before one
    std::string joined_;  // storage for what was held back and what follows it
};

}  // namespace llmc::openai
