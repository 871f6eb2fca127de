// Finds words or a regular expression in a growing text: only what is new is looked at.
//
// Thread contract: a FindPattern is immutable and shared; a Find belongs to one thread.
// Invariants: results are byte ranges of the source, in order, without overlap, never empty; what is found does not
// depend on how the text arrived. Case is folded as Unicode's simple folding does, one code point to one
// (base/case_folding.h), in regular expressions as RE2 does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/document.h"

namespace llmc::base {
class Regex;
}

namespace llmc::text {

struct FindQuery {
    std::string text;
    bool minds_case = false;
    bool is_whole_word = false;  // with neither a letter, a digit nor "_" before or behind it
    bool is_regex = false;       // of RE2, within a line; lines of more than 64 KiB are searched in pieces of that size
    bool operator==(const FindQuery&) const = default;
};

// A query, made ready once for all texts.
class FindPattern {
public:
    static constexpr std::size_t kMaxQuery = 256;  // code points; the rest of a longer query is ignored

    // Null for an empty query, which finds nothing. Errors: `parse` or `limit` of a regular expression.
    static Result<std::shared_ptr<const FindPattern>> make(const FindQuery& query);

private:
    friend class Find;
    FindPattern() = default;

    bool minds_case_ = false;
    bool is_whole_word_ = false;
    std::vector<char32_t> needle_;        // folded, unless case counts
    std::vector<std::uint32_t> failure_;  // Knuth-Morris-Pratt: how much still fits after a mismatch
    std::shared_ptr<const base::Regex> regex_;
};

class Find {
public:
    static constexpr std::size_t kMaxResults = 10'000;

    // Starts anew when it is another one; null finds nothing.
    void set_pattern(std::shared_ptr<const FindPattern> pattern);

    // Looks at what is new in the whole text so far, at most `budget_bytes` of it. False: call again to go on.
    bool update(std::string_view whole_text, std::size_t budget_bytes = std::size_t{4} << 20);

    const std::vector<SourceRange>& results() const { return results_; }
    bool is_capped() const { return results_.size() >= kMaxResults; }  // there may be more than was counted

private:
    void restart();
    void find_words(std::string_view text, std::size_t stop);
    void find_regex(std::string_view text, std::size_t stop);
    void find_in_line(std::string_view line, std::size_t begin);
    void add_word(std::string_view text, std::size_t begin, std::size_t end);

    std::shared_ptr<const FindPattern> pattern_;
    std::size_t scanned_ = 0;
    std::vector<SourceRange> results_;
    // Of words
    std::vector<std::uint32_t> starts_;  // ring: where the last needle_.size() code points start
    std::size_t matched_ = 0;
    std::size_t seen_ = 0;       // code points since restart(), for the ring
    bool is_last_open_ = false;  // the last result ends where the text does: more text may make it part of a word
    // Of a regular expression: how much of the text's unfinished line was looked at already
    std::size_t line_seen_ = 0;
};

}  // namespace llmc::text
