#include "base/case_folding.h"

#include <algorithm>
#include <iterator>

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

}  // namespace llmc::base
