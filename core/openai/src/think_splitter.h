// Separates reasoning from the answer where a server leaves both in one text: "<think>…</think>answer".
//
// Thread contract: one thread. Copyable.
// Rules: only a text that starts with <think> (blanks before it allowed) has reasoning; it goes up to the first
// </think>, or to the end; blanks after that are dropped; everything else is the answer, tags in it included.
// Invariants: what comes out does not depend on where the text was cut; what could still become a tag is held back (at
// most kMaxBlanks + 7 bytes), all other text passes at once and without being copied.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace llmc::openai {

class ThinkSplitter {
public:
    static constexpr std::size_t kMaxBlanks = 64;  // before <think>; a text with more starts with blanks

    // In this order. Valid until the next call, or as long as the text that was fed.
    struct Split {
        std::string_view reasoning;
        std::string_view text;
    };
    Split feed(std::string_view text);
    // What was held back and turned out to be no tag.
    Split finish();

private:
    enum class State { start, reasoning, after_reasoning, text };

    Split feed_reasoning(std::string_view text);
    std::string_view after_reasoning(std::string_view text);

    State state_ = State::start;
    std::string held_;    // what could be a tag or the blanks before one
    std::string joined_;  // storage of the last Split where it begins with what was held back
};

}  // namespace llmc::openai
