// What the demo models say: Markdown about the prompt, the same for the same messages.
//
// Thread contract: plain functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace llmc::demo {

enum class Voice { brief, thorough, wordy };

struct Conversation {
    std::vector<std::string> user;  // what the user said, oldest first; never empty
};

// The words "list", "table", "code", "json", "unicode" and "long" in the last prompt bring such parts into the answer;
// from the second turn on it recalls how the conversation began.
std::string compose_answer(Voice voice, const Conversation& conversation);
std::string compose_reasoning(const Conversation& conversation);

// Whether `text` has `word` (lower case) as a word, in any case: "Fail!" has "fail", "failure" has not.
bool has_word(std::string_view text, std::string_view word);

// The tokens of `text`, which joined give it again: a word with the blanks before it, a sign, at most 8 bytes of a long
// word; never half a character of valid UTF-8.
std::vector<std::string_view> split_tokens(std::string_view text);

}  // namespace llmc::demo
