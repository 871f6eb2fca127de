#include "window_texts.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace llmc::bench {
namespace {

constexpr std::array<std::string_view, 16> kWords{"the",      "model",  "answers", "with",  "a",     "longer",
                                                  "sentence", "about",  "heat",    "which", "moves", "from",
                                                  "warmer",   "places", "to",      "others"};
constexpr std::array<std::string_view, 12> kHan{"模型", "回答", "关于", "热量", "的",   "问题",
                                                "从",   "较暖", "地方", "流向", "另一", "处"};

// A generator of its own: the same numbers on every machine.
class Dice {
public:
    std::size_t below(std::size_t end) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>(state_ >> 33) % end;
    }

private:
    std::uint64_t state_ = 42;
};

void add_sentence(std::string& text, Dice& dice, std::size_t words) {
    for (std::size_t i = 0; i < words; ++i) {
        const std::string_view word = kWords[dice.below(kWords.size())];
        const std::size_t look = dice.below(40);
        text += look == 0   ? fmt::format("**{}**", word)
                : look == 1 ? fmt::format("`{}`", word)
                : look == 2 ? fmt::format("[{}](https://example.org/{})", word, i)
                            : std::string(word);
        text += i + 1 < words ? ' ' : '.';
    }
}

void add_code_line(std::string& text, Dice& dice, std::size_t number) {
    text += fmt::format("{:{}}if {}_{} > {}: return {}(\"{}\", {})\n", "", 4 * dice.below(3), kWords[dice.below(16)],
                        number, dice.below(1000), kWords[dice.below(16)], kWords[dice.below(16)], dice.below(1000));
}

void add_markdown(std::string& text, Dice& dice, std::size_t number) {
    switch (number % 6) {
        case 0: text += fmt::format("## Part {}\n\n", number / 6 + 1); break;
        case 1:
        case 4:
            for (int i = 0; i < 5; ++i) {
                add_sentence(text, dice, 9 + dice.below(9));
                text += ' ';
            }
            text += "\n\n";
            break;
        case 2:
            for (int i = 0; i < 6; ++i) {
                text += i % 3 == 2 ? "  - " : "- ";
                add_sentence(text, dice, 6 + dice.below(9));
                text += '\n';
            }
            text += '\n';
            break;
        case 3:
            text += "```python\n";
            for (std::size_t i = 0; i < 12; ++i) add_code_line(text, dice, i);
            text += "```\n\n";
            break;
        default:
            text += "| place | temperature | flow |\n|---|---:|---:|\n";
            for (int i = 0; i < 5; ++i)
                text += fmt::format("| {} | {} | {} |\n", kWords[dice.below(16)], dice.below(400), dice.below(1000));
            text += "\n> ";
            add_sentence(text, dice, 14);
            text += "\n\n";
    }
}

void add_piece(TextKind kind, std::string& text, Dice& dice, std::size_t number) {
    switch (kind) {
        case TextKind::markdown: add_markdown(text, dice, number); break;
        case TextKind::list:
            text += "- ";
            add_sentence(text, dice, 5 + dice.below(20));
            text += '\n';
            break;
        case TextKind::code:
            if (number == 0) text += "```python\n";
            add_code_line(text, dice, number);
            break;
        case TextKind::no_blanks: text += kWords[dice.below(kWords.size())]; break;
        case TextKind::cjk:
            for (int i = 0; i < 60; ++i) {
                text += kHan[dice.below(kHan.size())];
                if (i % 12 == 11) text += "，";
            }
            text += "。\n\n";
    }
}

}  // namespace

std::span<const TextKind> text_kinds() {
    static constexpr std::array kKinds{TextKind::markdown, TextKind::list, TextKind::code, TextKind::no_blanks,
                                       TextKind::cjk};
    return kKinds;
}

std::string_view text_name(TextKind kind) {
    switch (kind) {
        case TextKind::markdown: return "a mix of Markdown";
        case TextKind::list: return "one open list";
        case TextKind::code: return "one open code fence";
        case TextKind::no_blanks: return "one line without blanks";
        case TextKind::cjk: return "Chinese";
    }
    return {};
}

std::string make_text(TextKind kind, std::size_t bytes) {
    std::string text;
    Dice dice;
    for (std::size_t number = 0; text.size() < bytes; ++number) add_piece(kind, text, dice, number);
    return text;
}

std::size_t token_size(std::string_view rest) {
    std::size_t size = std::min<std::size_t>(5, rest.size());
    while (size < rest.size() && (static_cast<unsigned char>(rest[size]) & 0xC0U) == 0x80U) ++size;
    return size;
}

}  // namespace llmc::bench
