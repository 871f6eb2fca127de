#include "agent/call_cycle.h"

#include <random>

#include <doctest/doctest.h>

using namespace llmc::agent;

namespace {

// By the words of the definition.
std::optional<std::size_t> oracle(const std::vector<int>& calls, std::size_t repetitions) {
    for (std::size_t p = 1; p * repetitions <= calls.size(); ++p) {
        const auto tail = calls.end() - static_cast<std::ptrdiff_t>(p * repetitions);
        bool is_repeated = true;
        for (std::size_t i = p; i < p * repetitions; ++i)
            if (tail[static_cast<std::ptrdiff_t>(i)] != tail[static_cast<std::ptrdiff_t>(i % p)]) is_repeated = false;
        if (is_repeated) return p;
    }
    return std::nullopt;
}

}  // namespace

TEST_CASE("the shortest circle is found, as by its definition") {
    std::mt19937 random(1);
    int found = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::size_t size = random() % 24;
        const int kinds = 1 + static_cast<int>(random() % 4);
        std::vector<int> calls;
        while (calls.size() < size) {
            // Parts that come again, so that there is something to find.
            const std::size_t length = 1 + random() % 5, times = 1 + random() % 4;
            std::vector<int> part;
            for (std::size_t k = 0; k < length; ++k)
                part.push_back(static_cast<int>(random() % static_cast<unsigned>(kinds)));
            for (std::size_t k = 0; k < times; ++k) calls.insert(calls.end(), part.begin(), part.end());
        }
        for (const int repetitions : {2, 3, 4}) {
            const auto wanted = oracle(calls, static_cast<std::size_t>(repetitions));
            found += wanted.has_value();
            REQUIRE(period_at_end(calls, repetitions) == wanted);
        }
    }
    CHECK(found > 5'000);
}

TEST_CASE("equal calls of one step count once") {
    CallCycle cycle(3);
    CHECK(!cycle.add_step({"a", "a", "a", "a"}));
    CHECK(!cycle.add_step({"a"}));
    CHECK(cycle.add_step({"a", "a"}) == 1);
    CallCycle two(2);
    CHECK(!two.add_step({"a", "b", "a"}));
    CHECK(two.add_step({"a", "b"}) == 2);
    CallCycle none(2);
    CHECK(!none.add_step({}));
    CHECK(!none.add_step({"a"}));
    CHECK(!none.add_step({"b"}));
}
