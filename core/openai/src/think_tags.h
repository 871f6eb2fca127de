// The tags between which models think, where a server leaves them in the text.
//
// Thread contract: plain values and functions.
// To add a pair is to add a row.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace llmc::openai {

struct TagPair {
    enum class Holds {
        thought,  // what stands between is reasoning
        answer    // what stands between is the answer; the tags are dropped
    };
    std::string_view open, close;  // in lower case
    Holds holds = Holds::thought;
    bool closes_alone = true;  // chat templates may open it themselves, so that only its end comes
};

inline constexpr std::array<TagPair, 21> kTagPairs = {{
    {"<think>", "</think>"},  // first: kUsualTags
    {"<thinking>", "</thinking>"},
    {"<thought>", "</thought>"},  // Gemini
    {"<thoughts>", "</thoughts>"},
    {"<reasoning>", "</reasoning>"},
    {"<longcat_think>", "</longcat_think>"},
    {"<seed:think>", "</seed:think>"},
    {"[think]", "[/think]"},              // Magistral
    {"◁think▷", "◁/think▷"},              // Kimi
    {"<|channel>thought", "<channel|>"},  // Gemma 4
    {"<|inner_prefix|>", "<|inner_suffix|>"},
    {"<|start_thinking|>", "<|end_thinking|>"},  // Command
    {"<|start_response|>", "<|end_response|>", TagPair::Holds::answer, false},
    {"<|begin_of_thought|>", "<|end_of_thought|>"},  // OpenThinker
    {"<|begin_of_solution|>", "<|end_of_solution|>", TagPair::Holds::answer, false},
    // Harmony. Its first message begins without "<|start|>assistant".
    {"<|channel|>analysis<|message|>", "<|end|>", TagPair::Holds::thought, false},
    {"<|channel|>commentary<|message|>", "<|end|>", TagPair::Holds::answer, false},
    {"<|channel|>final<|message|>", "<|return|>", TagPair::Holds::answer, false},
    {"<|start|>assistant<|channel|>analysis<|message|>", "<|end|>", TagPair::Holds::thought, false},
    {"<|start|>assistant<|channel|>commentary<|message|>", "<|end|>", TagPair::Holds::answer, false},
    {"<|start|>assistant<|channel|>final<|message|>", "<|return|>", TagPair::Holds::answer, false},
}};

inline constexpr std::size_t kUsualTags = 0;  // of servers that take out one thought and leave later ones

// How far a text is a tag: in any case, and with blanks inside, but not inside a name.
struct TagMatch {
    enum class State { none, beginning, whole } state = State::none;
    std::size_t size = 0;  // bytes of the whole one
};
TagMatch match_tag(std::string_view text, std::string_view tag);

// Whether a tag can begin so: a quick look, since nearly nothing does.
constexpr bool begins_tag(std::string_view text) {
    if (text.front() != '<' && text.front() != '[' && text.front() != '\xE2') return false;
    if (text.size() == 1) return true;
    const char next = text[1];
    const bool is_letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
    return is_letter || next == '/' || next == '|' || next == ' ' || next == '\t' || next == '\x97';
}

}  // namespace llmc::openai
