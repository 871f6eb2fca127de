// One to one matching: which of the left go with which of the right.
//
// Thread contract: pure functions.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace llmc::check {

// The right one of each left one, as many as can be (Kuhn's augmenting paths: time left x edges). `goes` is asked once
// for each pair.
std::vector<std::optional<std::size_t>> match_one_to_one(
    std::size_t left, std::size_t right, const std::function<bool(std::size_t left, std::size_t right)>& goes);

}  // namespace llmc::check
