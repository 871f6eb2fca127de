#include "matching.h"

namespace llmc::check {
namespace {

class Matching {
public:
    Matching(std::vector<std::vector<std::size_t>> edges, std::size_t right)
        : edges_(std::move(edges)), left_of_(right), right_of_(edges_.size()) {}

    std::vector<std::optional<std::size_t>> run() {
        for (std::size_t i = 0; i < edges_.size(); ++i) {
            seen_.assign(left_of_.size(), false);
            find_place(i);
        }
        return right_of_;
    }

private:
    // Whether `left` got one, others having moved aside. As deep as there are left ones.
    bool find_place(std::size_t left) {
        for (const std::size_t right : edges_[left]) {
            if (seen_[right]) continue;
            seen_[right] = true;
            if (left_of_[right] && !find_place(*left_of_[right])) continue;
            left_of_[right] = left;
            right_of_[left] = right;
            return true;
        }
        return false;
    }

    std::vector<std::vector<std::size_t>> edges_;  // by left
    std::vector<std::optional<std::size_t>> left_of_, right_of_;
    std::vector<bool> seen_;
};

}  // namespace

std::vector<std::optional<std::size_t>> match_one_to_one(std::size_t left, std::size_t right,
                                                         const std::function<bool(std::size_t, std::size_t)>& goes) {
    std::vector<std::vector<std::size_t>> edges(left);
    for (std::size_t i = 0; i < left; ++i)
        for (std::size_t j = 0; j < right; ++j)
            if (goes(i, j)) edges[i].push_back(j);
    return Matching(std::move(edges), right).run();
}

}  // namespace llmc::check
