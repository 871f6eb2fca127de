// Which elements of two sequences are the same, in order: a longest common subsequence where that is cheap, a long one
// where it is not.
//
// Thread contract: a pure function.
// Way: what starts and ends alike is taken off; elements that the other side does not have are left out of the search;
// the rest is split at the middle of a shortest edit script, again and again (E. W. Myers, "An O(ND) difference
// algorithm and its variations", 1986, in linear space). A search that has gone too many edits without a result is
// given up: then the part is split at elements that both sides have once, in the longest order they share (B. Cohen's
// patience diff), and where there are none, at the farthest point the search came to. Cost: memory O(n + m); time O((n
// + m) log(n + m)) with a factor that shrinks as the sequences grow: up to a few thousand elements the result is exact.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace llmc::compare {

// Elements are equal when their numbers are.
struct SequenceMatch {
    std::vector<bool> a, b;  // in the common subsequence: as many in `a` as in `b`, the n-th of one equals the n-th of
                             // the other
};

SequenceMatch match_sequences(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

}  // namespace llmc::compare
