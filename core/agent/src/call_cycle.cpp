#include "agent/call_cycle.h"

#include <algorithm>
#include <unordered_set>

namespace llmc::agent {

std::optional<std::size_t> period_at_end(std::span<const int> sequence, int repetitions) {
    const std::size_t size = sequence.size();
    const auto from_end = [&](std::size_t i) { return sequence[size - 1 - i]; };
    // The Z function of the sequence read from its end: how far what ends `p` earlier is what ends it.
    std::vector<std::size_t> same(size, 0);
    std::size_t left = 0, right = 0;
    for (std::size_t p = 1; p < size; ++p) {
        if (p < right) same[p] = std::min(right - p, same[p - left]);
        while (p + same[p] < size && from_end(same[p]) == from_end(p + same[p])) ++same[p];
        if (p + same[p] > right) {
            left = p;
            right = p + same[p];
        }
        if (same[p] >= p * static_cast<std::size_t>(repetitions - 1)) return p;
    }
    return std::nullopt;
}

std::optional<std::size_t> CallCycle::add_step(const std::vector<std::string>& calls) {
    std::unordered_set<int> in_step;
    for (const std::string& call : calls) {
        const int number = numbers_.try_emplace(call, static_cast<int>(numbers_.size())).first->second;
        if (in_step.insert(number).second) sequence_.push_back(number);
    }
    return period_at_end(sequence_, repetitions_);
}

}  // namespace llmc::agent
