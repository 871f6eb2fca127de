// Whether the calls of a loop go round in a circle.
//
// Thread contract: one thread.
// Cost: a step looks once at the calls so far.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace llmc::agent {

// The shortest p for which the last `repetitions` x p elements are p elements repeated; nothing where there is none.
std::optional<std::size_t> period_at_end(std::span<const int> sequence, int repetitions);

class CallCycle {
public:
    explicit CallCycle(int repetitions) : repetitions_(repetitions) {}

    // The calls of a step, in order, each as a text that equal calls share. Equal ones of one step count once. Gives
    // the length of the circle that the calls then end with.
    std::optional<std::size_t> add_step(const std::vector<std::string>& calls);

private:
    int repetitions_;
    std::unordered_map<std::string, int> numbers_;
    std::vector<int> sequence_;
};

}  // namespace llmc::agent
