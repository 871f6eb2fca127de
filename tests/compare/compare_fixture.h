// Texts to judge.
#pragma once

#include <random>
#include <string>

namespace compare_fixture {

// Sentences, paragraphs, lists and code of common and rare words, as long answers have them.
inline std::string prose(std::mt19937& random, std::size_t bytes) {
    static const char* const kCommon[] = {"the", "of", "and", "a", "to", "in", "is", "that", "it", "for", "on", "as"};
    const auto word = [&] {
        if (random() % 2 == 0) return std::string(kCommon[random() % std::size(kCommon)]);
        std::string made;
        for (auto rank = random() % 20'000 % (random() % 20'000 + 1) + 26; rank > 0; rank /= 26)
            made += static_cast<char>('a' + rank % 26);
        return made;
    };
    std::string text;
    while (text.size() < bytes) {
        const bool is_code = random() % 8 == 0;
        if (is_code) text += "```\n";
        for (auto lines = random() % 5 + 1; lines > 0; --lines) {
            for (auto words = random() % 14 + 3; words > 0; --words) text += word() + (words > 1 ? " " : ".");
            text += '\n';
        }
        text += is_code ? "```\n\n" : "\n";
    }
    return text;
}

}  // namespace compare_fixture
