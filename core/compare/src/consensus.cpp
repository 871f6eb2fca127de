#include "compare/consensus.h"

#include <algorithm>
#include <bit>
#include <string>
#include <unordered_map>

#include "base/ascii.h"
#include "compare/diff.h"
#include "passages.h"
#include "words.h"

namespace llmc::compare {
namespace {

// A word that stands in more passages of a long text than this says little about which of them is meant.
constexpr std::size_t kCommonWord = 32;
// In a text of fewer passages all words are asked.
constexpr std::size_t kFewPassages = 256;
// How many of the likeliest passages are looked at closely.
constexpr std::size_t kLookedAt = 8;

using Number = std::uint32_t;

// A passage as numbers: its words in order (equal for passages that differ in case and blanks only), and each of its
// words once.
struct Contents {
    std::u32string sequence;
    std::vector<Number> words;  // sorted
};

class WordNumbers {
public:
    Contents of(std::string_view passage) {
        Contents contents;
        std::string folded;
        for (const Word& word : words_of(passage)) {
            folded = base::to_lower(word_text(passage, word));
            const Number number = known_.try_emplace(folded, static_cast<Number>(known_.size())).first->second;
            contents.sequence += static_cast<char32_t>(number);
            contents.words.push_back(number);
        }
        std::sort(contents.words.begin(), contents.words.end());
        contents.words.erase(std::unique(contents.words.begin(), contents.words.end()), contents.words.end());
        return contents;
    }
    std::size_t size() const { return known_.size(); }

private:
    std::unordered_map<std::string, Number> known_;
};

double likeness(const Contents& a, const Contents& b) {
    if (a.words.empty() || b.words.empty()) return 0;
    std::size_t common = 0;
    for (auto in_a = a.words.begin(), in_b = b.words.begin(); in_a != a.words.end() && in_b != b.words.end();) {
        if (*in_a == *in_b) ++common;
        const bool a_is_behind = *in_a <= *in_b, b_is_behind = *in_b <= *in_a;
        in_a += a_is_behind;
        in_b += b_is_behind;
    }
    return 2 * static_cast<double>(common) / static_cast<double>(a.words.size() + b.words.size());
}

// Whether their sizes leave it open.
bool may_be_alike(const Contents& a, const Contents& b) {
    const auto [less, more] = std::minmax({a.words.size(), b.words.size()});  // values: references would dangle
    return 2 * static_cast<double>(less) >= kSameFrom * static_cast<double>(less + more);
}

// One text, ready to be asked which of its passages says the same.
struct Side {
    std::string_view text;
    std::vector<Contents> contents;  // beside its passages
    std::unordered_map<std::u32string_view, std::vector<std::size_t>> by_sequence;
    std::vector<std::vector<std::uint32_t>> by_word;  // passages, in order; no more than most_passages + 1
    std::size_t most_passages = kFewPassages;         // that a word may stand in to be asked
};

class Lens {
public:
    explicit Lens(std::span<const std::string_view> texts)
        : texts_(texts.first(std::min(texts.size(), kMaxConsensusTexts))) {}

    Consensus run() {
        for (const std::string_view text : texts_) result_.texts.push_back(passages_of(text));
        result_.is_identical =
            std::all_of(texts_.begin(), texts_.end(), [&](std::string_view text) { return text == texts_.front(); });
        read();
        for (std::size_t i = 0; i < texts_.size(); ++i)
            for (std::size_t k = 0; k < texts_.size(); ++k)
                if (i != k) match_words(i, k);
        for (std::size_t i = 0; i < texts_.size(); ++i)
            for (std::size_t k = 0; k < texts_.size(); ++k)
                if (i != k) match_likeness(i, k);
        for (std::size_t i = 0; i < texts_.size(); ++i)
            for (Passage& passage : result_.texts[i]) compare_words(i, passage);
        return std::move(result_);
    }

private:
    void read() {
        WordNumbers numbers;
        for (std::size_t i = 0; i < texts_.size(); ++i) {
            Side& side = sides_.emplace_back();
            side.text = texts_[i];
            auto& passages = result_.texts[i];
            likeness_.emplace_back(passages.size(), std::vector<double>(texts_.size()));
            for (std::size_t p = 0; p < passages.size(); ++p) {
                Passage& passage = passages[p];
                passage.said_by = 1U << i;
                passage.peers.resize(texts_.size());
                passage.peers[i] = p;
                side.contents.push_back(numbers.of(side.text.substr(passage.begin, passage.end - passage.begin)));
            }
        }
        for (std::size_t i = 0; i < texts_.size(); ++i) index(sides_[i], numbers.size());
    }

    static void index(Side& side, std::size_t words) {
        side.by_word.resize(words);
        if (side.contents.size() > kFewPassages) side.most_passages = kCommonWord;
        for (std::size_t p = 0; p < side.contents.size(); ++p) {
            side.by_sequence[side.contents[p].sequence].push_back(p);
            for (const Number word : side.contents[p].words)
                if (side.by_word[word].size() <= side.most_passages)
                    side.by_word[word].push_back(static_cast<std::uint32_t>(p));
        }
    }

    // Passages of the same words. Where one stands several times in both texts, the first says the first.
    void match_words(std::size_t from, std::size_t to) {
        std::unordered_map<std::u32string_view, std::size_t> seen;
        for (std::size_t p = 0; p < result_.texts[from].size(); ++p) {
            const std::u32string_view sequence = sides_[from].contents[p].sequence;
            const auto same = sides_[to].by_sequence.find(sequence);
            if (same == sides_[to].by_sequence.end()) continue;
            std::vector<std::size_t> peers;
            for (const std::size_t q : same->second)
                if (result_.texts[to][q].kind == result_.texts[from][p].kind) peers.push_back(q);
            if (peers.empty()) continue;
            link(from, p, to, peers[std::min(seen[sequence]++, peers.size() - 1)], 2);
        }
    }

    void match_likeness(std::size_t from, std::size_t to) {
        const Side& other = sides_[to];
        std::vector<std::uint32_t> shared(other.contents.size());
        std::vector<std::uint32_t> touched, likely;
        for (std::size_t p = 0; p < result_.texts[from].size(); ++p) {
            if (likeness_[from][p][to] >= 2) continue;
            const Contents& contents = sides_[from].contents[p];
            for (const Number word : contents.words) {
                if (other.by_word[word].size() > other.most_passages) continue;
                for (const std::uint32_t q : other.by_word[word])
                    if (shared[q]++ == 0) touched.push_back(q);
            }
            likely.clear();
            for (const std::uint32_t q : touched)
                if (may_be_alike(contents, other.contents[q])) likely.push_back(q);
            const std::size_t looked_at = std::min(likely.size(), kLookedAt);
            std::partial_sort(likely.begin(), likely.begin() + static_cast<std::ptrdiff_t>(looked_at), likely.end(),
                              [&](std::uint32_t one, std::uint32_t two) {
                                  return shared[one] != shared[two] ? shared[one] > shared[two] : one < two;
                              });
            for (std::size_t n = 0; n < looked_at; ++n) {
                const std::size_t q = likely[n];
                if (result_.texts[to][q].kind != result_.texts[from][p].kind) continue;
                const double alike = likeness(contents, other.contents[q]);
                if (alike >= kSameFrom) link(from, p, to, q, alike);
            }
            for (const std::uint32_t q : touched) shared[q] = 0;
            touched.clear();
        }
    }

    // Both say the same; each keeps the best of its peers, the earlier one of equals.
    void link(std::size_t i, std::size_t p, std::size_t k, std::size_t q, double alike) {
        keep_best(i, p, k, q, alike);
        keep_best(k, q, i, p, alike);
    }
    void keep_best(std::size_t i, std::size_t p, std::size_t k, std::size_t q, double alike) {
        Passage& passage = result_.texts[i][p];
        passage.said_by |= 1U << k;
        if (alike <= likeness_[i][p][k]) return;
        likeness_[i][p][k] = alike;
        passage.peers[k] = q;
    }

    Agreement agreement(std::uint32_t said_by) const {
        const auto count = static_cast<std::size_t>(std::popcount(said_by));
        if (count == texts_.size()) return Agreement::all;
        return count == 1 ? Agreement::alone : Agreement::some;
    }

    // Which of the texts say each word of a passage.
    void compare_words(std::size_t i, Passage& passage) {
        passage.agreement = agreement(passage.said_by);
        const std::string_view text = texts_[i].substr(passage.begin, passage.end - passage.begin);
        std::vector<std::uint8_t> said_by(text.size(), static_cast<std::uint8_t>(1U << i));
        for (std::size_t k = 0; k < texts_.size(); ++k) {
            if (k == i || !passage.peers[k]) continue;
            const Passage& peer = result_.texts[k][*passage.peers[k]];
            for (const DiffPart& part : diff_words(text, texts_[k].substr(peer.begin, peer.end - peer.begin)).parts)
                if (part.kind == DiffPart::Kind::same)
                    for (std::size_t at = part.a_begin; at < part.a_end; ++at)
                        said_by[at] = static_cast<std::uint8_t>(said_by[at] | (1U << k));
        }
        smooth_blanks(text, passage.said_by, said_by);
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (at == 0 || said_by[at] != said_by[at - 1])
                passage.spans.push_back({passage.begin + at, passage.begin + at, said_by[at], agreement(said_by[at])});
            passage.spans.back().end = passage.begin + at + 1;
        }
    }

    // Blanks are no disagreement: between two words of one kind they are of that kind, else the passage's.
    static void smooth_blanks(std::string_view text, std::uint32_t passage, std::vector<std::uint8_t>& said_by) {
        for (std::size_t at = 0; at < text.size();) {
            if (!is_blank(text[at])) {
                ++at;
                continue;
            }
            const std::size_t begin = at;
            while (at < text.size() && is_blank(text[at])) ++at;
            const bool is_within = begin > 0 && at < text.size() && said_by[begin - 1] == said_by[at];
            const auto kind = is_within ? said_by[at] : static_cast<std::uint8_t>(passage);
            std::fill(said_by.begin() + static_cast<std::ptrdiff_t>(begin),
                      said_by.begin() + static_cast<std::ptrdiff_t>(at), kind);
        }
    }

    std::span<const std::string_view> texts_;
    std::vector<Side> sides_;
    std::vector<std::vector<std::vector<double>>> likeness_;  // text, passage, other text: of its peer; 2: same words
    Consensus result_;
};

}  // namespace

Consensus consensus_of(std::span<const std::string_view> texts) {
    return Lens(texts).run();
}

}  // namespace llmc::compare
