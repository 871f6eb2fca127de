#include "sequence_diff.h"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace llmc::compare {
namespace {

using Index = std::ptrdiff_t;

// A part of both sequences: a[a_begin, a_end) and b[b_begin, b_end).
struct Box {
    Index a_begin, a_end, b_begin, b_end;
    Index without_anchors = PTRDIFF_MAX;  // the size of the last part around it that was found to have none

    Index size() const { return a_end - a_begin + b_end - b_begin; }
    bool is_empty() const { return a_begin == a_end || b_begin == b_end; }
};

struct Point {
    Index a, b;
};

// How far a search may go, so that all searches together take about as long for sequences of any size.
int edits_for(std::size_t size) {
    constexpr std::size_t kWork = 16'000'000, kLeast = 48;
    return static_cast<int>(std::max(kLeast, kWork / std::max<std::size_t>(size, 1'000)));
}

// The longest row of pairs that rises in `b`, too; they rise in `a` already.
std::vector<Point> longest_rise(const std::vector<Point>& pairs) {
    std::vector<std::size_t> ends;  // of the best row of each length: the pair it ends with
    std::vector<std::size_t> before(pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const auto place = std::lower_bound(ends.begin(), ends.end(), pairs[i].b,
                                            [&](std::size_t end, Index b) { return pairs[end].b < b; });
        before[i] = place == ends.begin() ? pairs.size() : *(place - 1);
        if (place == ends.end())
            ends.push_back(i);
        else
            *place = i;
    }
    std::vector<Point> row;
    for (std::size_t i = ends.empty() ? pairs.size() : ends.back(); i < pairs.size(); i = before[i])
        row.push_back(pairs[i]);
    std::reverse(row.begin(), row.end());
    return row;
}

class Matcher {
public:
    Matcher(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) : a_(a), b_(b) {
        const auto diagonals = a.size() + b.size() + 3;
        forward_.resize(diagonals);
        backward_.resize(diagonals);
        zero_ = static_cast<Index>(b.size()) + 1;
        most_edits_ = edits_for(a.size() + b.size());
        for (const auto& sequence : {a, b})
            for (const std::uint32_t element : sequence)
                if (element >= seen_.size()) seen_.resize(std::size_t{element} + 1);
        is_common_a_.resize(a.size());
        is_common_b_.resize(b.size());
    }

    SequenceMatch run() {
        open_.push_back({0, static_cast<Index>(a_.size()), 0, static_cast<Index>(b_.size())});
        while (!open_.empty()) {
            Box box = open_.back();
            open_.pop_back();
            take_ends(box);
            if (box.is_empty()) continue;
            if (const auto middle = search(box))
                divide(box, *middle);
            else if (!divide_at_anchors(box))
                divide(box, farthest(box));
        }
        return {std::move(is_common_a_), std::move(is_common_b_)};
    }

private:
    std::uint32_t at_a(Index i) const { return a_[static_cast<std::size_t>(i)]; }
    std::uint32_t at_b(Index i) const { return b_[static_cast<std::size_t>(i)]; }
    Index& forward(Index diagonal) { return forward_[static_cast<std::size_t>(diagonal + zero_)]; }
    Index& backward(Index diagonal) { return backward_[static_cast<std::size_t>(diagonal + zero_)]; }

    void keep(Index a, Index b) {
        is_common_a_[static_cast<std::size_t>(a)] = true;
        is_common_b_[static_cast<std::size_t>(b)] = true;
    }

    void take_ends(Box& box) {
        while (!box.is_empty() && at_a(box.a_begin) == at_b(box.b_begin)) keep(box.a_begin++, box.b_begin++);
        while (!box.is_empty() && at_a(box.a_end - 1) == at_b(box.b_end - 1)) keep(--box.a_end, --box.b_end);
    }

    void divide(const Box& box, Point at) {
        const bool is_corner = (at.a == box.a_begin && at.b == box.b_begin) || (at.a == box.a_end && at.b == box.b_end);
        if (is_corner) return;  // a search that came nowhere: nothing in common is a true answer, too
        open_.push_back({box.a_begin, at.a, box.b_begin, at.b, box.without_anchors});
        open_.push_back({at.a, box.a_end, at.b, box.b_end, box.without_anchors});
    }

    // A point that a shortest path from the box's beginning to its end goes through; nothing after too many edits.
    // Paths grow from both ends, one edit at a time; forward(d) and backward(d) say how far into `a` one has come on
    // the diagonal d = a - b. Beyond their outermost diagonals stands what no path takes.
    std::optional<Point> search(const Box& box) {
        constexpr Index kNowhere = PTRDIFF_MAX / 2;
        const Index least = box.a_begin - box.b_end, most = box.a_end - box.b_begin;
        const Index from = box.a_begin - box.b_begin, to = box.a_end - box.b_end;
        const bool is_odd = ((from - to) & 1) != 0;
        Index f_low = from, f_high = from, b_low = to, b_high = to;
        forward(from) = box.a_begin;
        backward(to) = box.a_end;
        for (int cost = 1;; ++cost) {
            if (f_low > least)
                forward(--f_low - 1) = -1;
            else
                ++f_low;
            if (f_high < most)
                forward(++f_high + 1) = -1;
            else
                --f_high;
            for (Index d = f_high; d >= f_low; d -= 2) {
                Index a = std::max(forward(d - 1) + 1, forward(d + 1));
                Index b = a - d;
                while (a < box.a_end && b < box.b_end && at_a(a) == at_b(b)) ++a, ++b;
                forward(d) = a;
                if (is_odd && d >= b_low && d <= b_high && backward(d) <= a) return Point{a, b};
            }
            if (b_low > least)
                backward(--b_low - 1) = kNowhere;
            else
                ++b_low;
            if (b_high < most)
                backward(++b_high + 1) = kNowhere;
            else
                --b_high;
            for (Index d = b_high; d >= b_low; d -= 2) {
                Index a = std::min(backward(d - 1), backward(d + 1) - 1);
                Index b = a - d;
                while (a > box.a_begin && b > box.b_begin && at_a(a - 1) == at_b(b - 1)) --a, --b;
                backward(d) = a;
                if (!is_odd && d >= f_low && d <= f_high && a <= forward(d)) return Point{a, b};
            }
            if (cost >= most_edits_) {
                reached_ = {f_low, f_high, b_low, b_high};
                return std::nullopt;
            }
        }
    }

    // The point of both paths of the search that was given up that lies farthest from its corner.
    Point farthest(const Box& box) {
        Point best{box.a_begin, box.b_begin};
        Index way = 0;
        for (Index d = reached_.f_high; d >= reached_.f_low; d -= 2) {
            const Index a = std::min(forward(d), box.a_end), b = a - d;
            if (b < box.b_begin || b > box.b_end) continue;
            const Index its = (a - box.a_begin) + (b - box.b_begin);
            if (its > way) best = {a, b}, way = its;
        }
        for (Index d = reached_.b_high; d >= reached_.b_low; d -= 2) {
            const Index a = std::max(backward(d), box.a_begin), b = a - d;
            if (b < box.b_begin || b > box.b_end) continue;
            const Index its = (box.a_end - a) + (box.b_end - b);
            if (its > way) best = {a, b}, way = its;
        }
        return best;
    }

    // Elements that stand once in each side of the box, in the order of `a`.
    std::vector<Point> unique_pairs(const Box& box) {
        for (Index i = box.a_begin; i < box.a_end; ++i) {
            Seen& seen = seen_[at_a(i)];
            ++seen.in_a;
        }
        for (Index i = box.b_begin; i < box.b_end; ++i) {
            Seen& seen = seen_[at_b(i)];
            ++seen.in_b;
            seen.place_in_b = i;
        }
        std::vector<Point> pairs;
        for (Index i = box.a_begin; i < box.a_end; ++i) {
            const Seen& seen = seen_[at_a(i)];
            if (seen.in_a == 1 && seen.in_b == 1) pairs.push_back({i, seen.place_in_b});
        }
        for (Index i = box.a_begin; i < box.a_end; ++i) seen_[at_a(i)] = {};
        for (Index i = box.b_begin; i < box.b_end; ++i) seen_[at_b(i)] = {};
        return pairs;
    }

    // Divides the box at the longest row of such elements that is in order on both sides. A part of a box that has none
    // is not asked again before it is half as large: its elements hardly change.
    bool divide_at_anchors(Box& box) {
        if (box.size() > box.without_anchors / 2) return false;
        const std::vector<Point> anchors = longest_rise(unique_pairs(box));
        if (anchors.empty()) {
            box.without_anchors = box.size();
            return false;
        }
        Point from{box.a_begin, box.b_begin};
        for (const Point& anchor : anchors) {
            keep(anchor.a, anchor.b);
            open_.push_back({from.a, anchor.a, from.b, anchor.b});
            from = {anchor.a + 1, anchor.b + 1};
        }
        open_.push_back({from.a, box.a_end, from.b, box.b_end});
        return true;
    }

    struct Seen {
        Index in_a = 0, in_b = 0;
        Index place_in_b = 0;
    };
    struct Reached {
        Index f_low = 0, f_high = 0, b_low = 0, b_high = 0;  // diagonals
    };

    std::span<const std::uint32_t> a_, b_;
    std::vector<Index> forward_, backward_;
    Index zero_ = 0;
    int most_edits_ = 0;
    Reached reached_;  // by the search that was given up last
    std::vector<Seen> seen_;
    // Parts to be compared: a list instead of recursion, since divisions may be as uneven as they like.
    std::vector<Box> open_;
    std::vector<bool> is_common_a_, is_common_b_;
};

// The elements that the other side has too, and where they stood.
struct Shared {
    std::vector<std::uint32_t> elements;
    std::vector<std::size_t> places;
};

Shared shared(std::span<const std::uint32_t> elements, std::span<const std::uint32_t> other) {
    std::uint32_t most = 0;
    for (const std::uint32_t element : other) most = std::max(most, element);
    std::vector<bool> is_there(std::size_t{most} + 1);
    for (const std::uint32_t element : other) is_there[element] = true;
    Shared found;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        if (elements[i] > most || !is_there[elements[i]]) continue;
        found.elements.push_back(elements[i]);
        found.places.push_back(i);
    }
    return found;
}

std::vector<bool> put_back(const std::vector<bool>& is_common, const Shared& found, std::size_t size) {
    std::vector<bool> all(size);
    for (std::size_t i = 0; i < is_common.size(); ++i)
        if (is_common[i]) all[found.places[i]] = true;
    return all;
}

}  // namespace

SequenceMatch match_sequences(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
    if (a.empty() || b.empty()) return {std::vector<bool>(a.size()), std::vector<bool>(b.size())};
    const Shared from_a = shared(a, b), from_b = shared(b, a);
    const SequenceMatch match = Matcher(from_a.elements, from_b.elements).run();
    return {put_back(match.a, from_a, a.size()), put_back(match.b, from_b, b.size())};
}

}  // namespace llmc::compare
