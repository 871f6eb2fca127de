#include "base/case_folding.h"

#include <algorithm>
#include <iterator>

#include "base/utf8.h"
#include "case_folding_table.h"

namespace llmc::base {

char32_t fold_case(char32_t c) {
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    const auto* range = std::upper_bound(std::begin(kFolding), std::end(kFolding), c,
                                         [](char32_t value, const FoldingRange& r) { return value < r.first; });
    if (range == std::begin(kFolding)) return c;
    --range;
    if (c > range->last || (c - range->first) % static_cast<char32_t>(range->step) != 0) return c;
    return static_cast<char32_t>(static_cast<std::int32_t>(c) + range->shift);
}

std::u32string folded(std::string_view utf8) {
    std::u32string letters;
    for (std::size_t at = 0; at < utf8.size();) letters += fold_case(next_code_point(utf8, at));
    return letters;
}

}  // namespace llmc::base
