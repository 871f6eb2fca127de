// Finds a word in a growing text, without regard to case: only new bytes are looked at.
//
// Thread contract: one thread.
// Invariants: results are byte ranges of the source, in order, without overlap; case is folded as Unicode's simple
// folding does, one code point to one (base/case_folding.h); what is found does not depend on how the text arrived.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/document.h"

namespace llmc::text {

class Find {
public:
    static constexpr std::size_t kMaxResults = 10'000;
    static constexpr std::size_t kMaxQuery = 256;  // code points; the rest of a longer query is ignored

    // Starts anew when the query differs from the one before; an empty query finds nothing.
    void set_query(std::string_view utf8);
    const std::string& query() const { return query_; }

    // Looks at what is new in the whole text so far, at most `budget_bytes` of it. False: call again to go on.
    bool update(std::string_view whole_text, std::size_t budget_bytes = std::size_t{4} << 20);

    const std::vector<SourceRange>& results() const { return results_; }
    bool is_capped() const { return results_.size() >= kMaxResults; }  // there may be more than was counted

private:
    void restart();

    std::string query_;
    std::vector<char32_t> needle_;        // folded
    std::vector<std::uint32_t> failure_;  // Knuth-Morris-Pratt: how much still fits after a mismatch
    std::vector<std::uint32_t> starts_;   // ring: where the last needle_.size() code points start
    std::size_t matched_ = 0;
    std::size_t seen_ = 0;  // code points since restart(), for the ring
    std::size_t scanned_ = 0;
    std::vector<SourceRange> results_;
};

}  // namespace llmc::text
