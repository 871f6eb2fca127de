// Several answers to one prompt: what all say, what some say, and what one says alone.
//
// Thread contract: a pure function; long texts are for a background thread.
// A text is cut into passages: paragraphs and fenced code blocks. A passage is said by another text too when a passage
// of the same kind there has most of its words (kSameFrom); order does not matter, so that two lists in another order
// agree. Inside such a passage the words are compared one by one: "in 1789" and "in 1792" differ in what they say.
// Invariants:
//   1. Joining a text's passages gives the text; joining a passage's spans gives the passage.
//   2. said_by always has the text's own bit; that p is said by text j through q means that q is said by p's text.
//   3. A span's said_by is part of its passage's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace llmc::compare {

inline constexpr std::size_t kMaxConsensusTexts = 6;
inline constexpr double kSameFrom = 0.55;  // twice the words in common over the words of both

enum class Agreement { all, some, alone };

struct ConsensusSpan {
    std::size_t begin = 0, end = 0;  // bytes of the text
    std::uint32_t said_by = 0;       // a bit per text
    Agreement agreement = Agreement::alone;
    bool operator==(const ConsensusSpan&) const = default;
};

struct Passage {
    enum class Kind { paragraph, code };
    Kind kind = Kind::paragraph;
    std::size_t begin = 0, end = 0;  // bytes of the text, the empty lines behind it included
    std::uint32_t said_by = 0;
    Agreement agreement = Agreement::alone;
    std::vector<std::optional<std::size_t>> peers;  // per text the passage that says it best; its own for its own text
    std::vector<ConsensusSpan> spans;               // neighbours differ
};

struct Consensus {
    std::vector<std::vector<Passage>> texts;  // in the order given
    bool is_identical = false;                // all texts are equal, byte by byte
};

// For 1 to kMaxConsensusTexts texts; more are not looked at.
Consensus consensus_of(std::span<const std::string_view> texts);

}  // namespace llmc::compare
