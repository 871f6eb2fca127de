#include "demo/demo_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"

namespace llmc::demo {
namespace {

constexpr std::size_t kMaxTokenBytes = 8;

using base::is_blank;

// Letters, digits and all beyond ASCII.
bool is_word_char(char c) {
    return base::is_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : text) {
        if (is_word_char(c)) {
            word += base::to_lower(c);
        } else if (!word.empty()) {
            words.push_back(std::move(word));
            word.clear();
        }
    }
    if (!word.empty()) words.push_back(std::move(word));
    return words;
}

// The beginning of a text on one line, its Markdown signs left out.
std::string beginning(std::string_view text, std::size_t max_words) {
    std::string result;
    for (std::size_t count = 0; count < max_words && !text.empty();) {
        const auto begin = std::find_if_not(text.begin(), text.end(), is_blank);
        const auto end = std::find_if(begin, text.end(), is_blank);
        if (begin != end) {
            if (!result.empty()) result += ' ';
            std::copy_if(begin, end, std::back_inserter(result),
                         [](char c) { return c != '*' && c != '`' && c != '_' && c != '|'; });
            ++count;
        }
        text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    }
    const bool has_more = std::any_of(text.begin(), text.end(), [](char c) { return !is_blank(c); });
    return has_more ? result + " …" : result;
}

// Up to three words that the prompt is about: its longest, in their order.
std::vector<std::string> topics(std::string_view prompt) {
    std::vector<std::string> words = words_of(base::to_valid_utf8(prompt));
    std::vector<std::string> longest = words;
    std::stable_sort(longest.begin(), longest.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
    longest.resize(std::min<std::size_t>(longest.size(), 3));
    std::vector<std::string> result;
    for (const auto& word : words) {
        const bool is_long = std::find(longest.begin(), longest.end(), word) != longest.end();
        if (is_long && std::find(result.begin(), result.end(), word) == result.end()) result.push_back(word);
    }
    if (result.empty()) result.emplace_back("nothing");
    return result;
}

// FNV-1a: the same on every system, which std::hash is not.
std::uint64_t hash(std::string_view text) {
    std::uint64_t value = 14695981039346656037U;
    for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return value;
}

template <std::size_t N>
std::string_view pick(const std::array<std::string_view, N>& choices, std::string_view text) {
    return choices[hash(text) % N];
}

constexpr std::array<std::string_view, 4> kOpenings{"Let me put it simply.", "Good question.",
                                                    "Here is what a script can say.", "A few words on that."};
constexpr std::array<std::string_view, 4> kClosings{
    "That is all a scripted model knows.", "Ask a real model for the facts.", "None of this was thought up by a model.",
    "Compare this with what the others say."};

std::string list_part(const std::vector<std::string>& about) {
    std::string text = "\n\nThe points are:\n\n";
    for (const auto& word : about) text += fmt::format("- **{}**, which the prompt names\n", word);
    return text + "- *the rest*, which is left to the reader\n";
}

std::string table_part(const std::vector<std::string>& about) {
    std::string text = "\n\n| word | letters | place |\n|---|--:|--:|\n";
    for (std::size_t i = 0; i < about.size(); ++i)
        text += fmt::format("| {} | {} | {} |\n", about[i], base::count_code_points(about[i]), i + 1);
    return text;
}

std::string code_part(std::string_view word) {
    return fmt::format(
        "\n\n```python\ndef answer(question: str) -> str:\n    \"\"\"Knows one thing.\"\"\"\n    return \"{}\" if "
        "question else \"\"\n```\n",
        word);
}

std::string json_part(const std::vector<std::string>& about) {
    std::string text = "\n\n```json\n{\"words\": [";
    for (std::size_t i = 0; i < about.size(); ++i) text += fmt::format("{}\"{}\"", i ? ", " : "", about[i]);
    return text + "]}\n```\n";
}

std::string long_part(const std::vector<std::string>& about) {
    std::string text;
    for (std::size_t i = 1; i <= 12; ++i) {
        text += fmt::format(
            "\n\nParagraph {}. There is always more to say about {}, and a demonstration of a long answer says it: one "
            "sentence after the other, so that windows have to scroll and text has to wrap at their edge.",
            i, about[i % about.size()]);
    }
    return text;
}

}  // namespace

bool has_word(std::string_view text, std::string_view word) {
    const auto words = words_of(text);
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string compose_answer(Voice voice, const Conversation& conversation) {
    const std::string& prompt = conversation.user.back();
    const auto about = topics(prompt);
    const std::size_t turn = conversation.user.size();

    std::string text;
    switch (voice) {
        case Voice::brief: text = fmt::format("You asked: *{}*", beginning(prompt, 12)); break;
        case Voice::thorough:
            text = fmt::format("## About {}\n\n{} You asked: *{}*", about.front(), pick(kOpenings, prompt),
                               beginning(prompt, 24));
            break;
        case Voice::wordy:
            text = fmt::format(
                "{} The prompt, which reads *{}*, is about **{}**; and {} is a thing about which much could be said.",
                pick(kOpenings, prompt), beginning(prompt, 24), fmt::join(about, ", "), about.back());
            break;
    }
    if (turn > 1)
        text += fmt::format("\n\nThis is turn {} of our conversation, which began with: *{}*", turn,
                            beginning(conversation.user.front(), 6));
    if (has_word(prompt, "list")) text += list_part(about);
    if (has_word(prompt, "table")) text += table_part(about);
    if (has_word(prompt, "code")) text += code_part(about.front());
    if (has_word(prompt, "json")) text += json_part(about);
    if (has_word(prompt, "unicode"))
        text += "\n\nÄpfel, Ёлка, Ελλάδα, 日本語, 한국어, עברית, 👍🏽 and 👩‍🚀.";
    if (has_word(prompt, "long")) text += long_part(about);
    if (voice != Voice::brief) text += fmt::format("\n\n{}", pick(kClosings, prompt));
    return text;
}

std::string compose_reasoning(const Conversation& conversation) {
    const std::string& prompt = conversation.user.back();
    return fmt::format(
        "The user says: {} The words that matter seem to be {}. This is turn {}, so {}. I will answer in a few "
        "sentences.",
        beginning(prompt, 24), fmt::join(topics(prompt), ", "), conversation.user.size(),
        conversation.user.size() > 1 ? "I should recall how we began" : "there is nothing to recall yet");
}

std::vector<std::string_view> split_tokens(std::string_view text) {
    std::vector<std::string_view> tokens;
    for (std::size_t pos = 0; pos < text.size();) {
        std::size_t end = pos;
        while (end < text.size() && is_blank(text[end])) ++end;
        const std::size_t begin = end;
        while (end < text.size() && end - begin < kMaxTokenBytes && is_word_char(text[end])) ++end;
        if (end == begin && end < text.size()) ++end;  // one sign
        // Not in the middle of a character (of four bytes at most).
        for (int i = 0; i < 3 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80; ++i)
            ++end;
        tokens.push_back(text.substr(pos, end - pos));
        pos = end;
    }
    return tokens;
}

}  // namespace llmc::demo
