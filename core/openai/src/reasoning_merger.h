// One reasoning out of all that says it: servers put it into two fields, or into a field and between tags.
//
// Thread contract: one thread. Copyable.
// Rules: what one source says after another has said it is said once, however the two are cut and whichever is ahead;
// blanks are not compared (servers trim what they take out of tags). What is not the same is kept, both of it.
// Cost: linear in the texts; keeps one copy of the reasoning.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "chunk_reader.h"

namespace llmc::openai {

class ReasoningMerger {
public:
    // What `piece` brings that was not there; valid until the next call or as long as `piece`. `is_new`: a thought of
    // its own, which gets a paragraph of its own.
    std::string_view add(ReasoningSource source, std::string_view piece, bool is_new = false);

private:
    struct Place {
        std::size_t at = 0;     // what this source has said ends here
        std::size_t since = 0;  // since here it only said what was there
        std::size_t same = 0;   // bytes since then that were, without blanks
        bool begins_thought = false;
    };

    std::string_view follow(Place& place, std::string_view piece);
    std::string_view append(Place& place, std::string_view piece);

    std::string all_;
    std::string told_again_;  // storage of what add() gives
    std::array<Place, kReasoningSources> places_{};
    ReasoningSource leader_ = ReasoningSource::reasoning_content;  // who told the last of it
};

}  // namespace llmc::openai
