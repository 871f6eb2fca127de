#include "compare/diff.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>

#include "sequence_diff.h"
#include "words.h"

namespace llmc::compare {
namespace {

// Beyond this many words, lines are compared.
constexpr std::size_t kMaxWords = 2'000'000;

class Numbers {
public:
    std::vector<std::uint32_t> of(std::string_view text, const std::vector<Word>& words) {
        std::vector<std::uint32_t> numbers;
        numbers.reserve(words.size());
        for (const Word& word : words)
            numbers.push_back(
                known_.try_emplace(word_text(text, word), static_cast<std::uint32_t>(known_.size())).first->second);
        return numbers;
    }

private:
    std::unordered_map<std::string_view, std::uint32_t> known_;
};

// Collects parts; what is the same is joined to what was the same before.
class Parts {
public:
    Parts(std::string_view a, std::string_view b) : a_(a), b_(b) {}

    void same(std::size_t size) {
        if (size == 0) return;
        if (parts_.empty() || parts_.back().kind != DiffPart::Kind::same)
            parts_.push_back({DiffPart::Kind::same, in_a_, in_a_, in_b_, in_b_});
        in_a_ += size;
        in_b_ += size;
        parts_.back().a_end = in_a_;
        parts_.back().b_end = in_b_;
    }

    // Up to these places nothing is known to be the same but the blanks at both ends.
    void different(std::size_t a_end, std::size_t b_end) {
        const std::string_view a = a_.substr(in_a_, a_end - in_a_), b = b_.substr(in_b_, b_end - in_b_);
        const std::size_t most = std::min(a.size(), b.size());
        std::size_t head = 0, tail = 0;
        while (head < most && a[head] == b[head] && is_blank(a[head])) ++head;
        const auto last = [](std::string_view text, std::size_t back) { return text[text.size() - 1 - back]; };
        while (head + tail < most && last(a, tail) == last(b, tail) && is_blank(last(a, tail))) ++tail;
        same(head);
        change(a_end - tail, b_end - tail);
        same(tail);
    }

    std::vector<DiffPart> take() { return std::move(parts_); }

private:
    void change(std::size_t a_end, std::size_t b_end) {
        if (a_end == in_a_ && b_end == in_b_) return;
        auto kind = DiffPart::Kind::replaced;
        if (a_end == in_a_) kind = DiffPart::Kind::only_b;
        if (b_end == in_b_) kind = DiffPart::Kind::only_a;
        parts_.push_back({kind, in_a_, a_end, in_b_, b_end});
        in_a_ = a_end;
        in_b_ = b_end;
    }

    std::string_view a_, b_;
    std::size_t in_a_ = 0, in_b_ = 0;  // up to here all is in parts
    std::vector<DiffPart> parts_;
};

}  // namespace

std::size_t TextDiff::differences() const {
    return static_cast<std::size_t>(std::count_if(
        parts.begin(), parts.end(), [](const DiffPart& part) { return part.kind != DiffPart::Kind::same; }));
}

TextDiff diff_words(std::string_view a, std::string_view b) {
    TextDiff diff;
    Parts parts(a, b);
    if (a == b) {
        parts.same(a.size());
        diff.parts = parts.take();
        diff.is_identical = true;
        return diff;
    }
    std::vector<Word> in_a = words_of(a), in_b = words_of(b);
    if (std::max(in_a.size(), in_b.size()) > kMaxWords) {
        in_a = lines_as_words(a);
        in_b = lines_as_words(b);
        diff.is_by_line = true;
    }
    Numbers numbers;
    const std::vector<std::uint32_t> numbers_a = numbers.of(a, in_a);
    const SequenceMatch match = match_sequences(numbers_a, numbers.of(b, in_b));
    std::size_t common = 0;
    for (std::size_t i = 0, k = 0; i < in_a.size(); ++i) {
        if (!match.a[i]) continue;
        while (!match.b[k]) ++k;
        parts.different(in_a[i].begin, in_b[k].begin);
        parts.same(in_a[i].end - in_a[i].begin);
        ++k;
        ++common;
    }
    parts.different(a.size(), b.size());
    diff.parts = parts.take();
    const std::size_t words = in_a.size() + in_b.size();
    if (words > 0) diff.similarity = 2 * static_cast<double>(common) / static_cast<double>(words);
    return diff;
}

}  // namespace llmc::compare
