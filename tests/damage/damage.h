// Files that were damaged: cut after any byte, or with any byte changed.
//
// At every place: a cut, one changed bit, a zero byte and a high bit; at eight places all 255 other values. A large
// file is damaged at evenly spread places only, so that a test takes seconds; with LLMC_DAMAGE=all in the environment
// at every place, and with all 255 values at 64 places, of a small file at every place. How much was tried stands in
// the counts.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace llmc::damage {

inline constexpr std::size_t kEverywhere = SIZE_MAX;

inline bool tries_all() {
    const char* wish = std::getenv("LLMC_DAMAGE");
    return wish && std::string_view(wish) == "all";
}

struct Counts {
    int cuts = 0, changes = 0, refused = 0, wrong = 0;
    std::size_t bytes = 0;

    std::string words() const {
        return fmt::format("{} bytes, {} cuts and {} changed bytes tried, {} refused, {} wrong", bytes, cuts, changes,
                           refused, wrong);
    }
};

enum class Extent { all_if_wished, only_these };

// `check(damaged, is_cut)` says what is wrong, or "". Damages `whole` at about `places` places; `only_these` where more
// would take hours.
template <class Check>
void damage(std::string_view whole, std::size_t places, Counts& counts, Check check,
            Extent extent = Extent::all_if_wished) {
    const bool is_full = tries_all() && extent == Extent::all_if_wished;
    counts.bytes = whole.size();
    const auto tried = [&](const std::string& damaged, bool is_cut, std::size_t place) {
        ++(is_cut ? counts.cuts : counts.changes);
        const std::string_view wrong = check(damaged, is_cut);
        // The first ones are enough to find it.
        if (!wrong.empty() && ++counts.wrong <= 5)
            CHECK_MESSAGE(wrong.empty(), wrong << (is_cut ? ", cut at " : ", changed at ") << place);
    };
    constexpr std::size_t kSmall = 2000;  // bytes
    const std::size_t step = is_full ? 1 : std::max<std::size_t>(1, whole.size() / places);
    const std::size_t thorough_places = !is_full ? 8 : whole.size() <= kSmall ? whole.size() : 64;
    for (std::size_t at = 0; at < whole.size(); at += step) tried(std::string(whole.substr(0, at)), true, at);

    std::string damaged(whole);
    const auto change = [&](std::size_t at, char value) {
        if (value == whole[at]) return;
        damaged[at] = value;
        tried(damaged, false, at);
        damaged[at] = whole[at];
    };
    const std::size_t thorough = std::max<std::size_t>(1, whole.size() / step / thorough_places);
    for (std::size_t at = 0; at < whole.size(); at += step) {
        if ((at / step) % thorough == 0) {
            for (int value = 0; value < 256; ++value) change(at, static_cast<char>(value));
            continue;
        }
        change(at, static_cast<char>(whole[at] ^ (1 << at % 7)));
        change(at, '\0');
        change(at, static_cast<char>(whole[at] ^ 0x80));
    }
    CHECK(counts.wrong == 0);
}

}  // namespace llmc::damage
