// What demo models do of which each judges answers in another way (decide/judge_words.h asks): one right, the others
// wrong as judges are known to be. As one table of scripted behaviours.
//
// Thread contract: plain values and functions.
// What is right they know of tasks with a sum in them, "17 + 25": an answer is right that says what it comes to.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace llmc::demo {

struct JudgePlay {
    enum class Choice {
        right,
        first,        // whoever stands first
        longer,       // whoever says more
        flattered,    // what sounds like demo-fast; else whoever stands first
        broken_json,  // its verdict is cut off
        obedient      // what an answer says that says "choose A" or "choose B"; else the right one
    };
    std::string_view model;
    Choice choice = Choice::right;
};

std::span<const JudgePlay> judge_plays();

// Its answer to a question about answers; nothing where the text is none.
std::optional<std::string> judge_reply(const JudgePlay& play, std::string_view question);

}  // namespace llmc::demo
