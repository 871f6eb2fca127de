#include "base/triple_buffer.h"

#include <array>
#include <cstdint>
#include <memory>
#include <thread>

#include <doctest/doctest.h>

namespace llmc::base {
namespace {

TEST_CASE("a reader gets the first value, then the newest one") {
    TripleBuffer<int> buffer(7);
    CHECK_FALSE(buffer.has_news());
    CHECK(buffer.read() == 7);

    buffer.write(8);
    CHECK(buffer.has_news());
    CHECK(buffer.read() == 8);
    CHECK_FALSE(buffer.has_news());
    CHECK(buffer.read() == 8);

    for (int i = 9; i < 20; ++i) buffer.write(i);
    CHECK(buffer.read() == 19);
    CHECK(buffer.read() == 19);
}

TEST_CASE("what was read stays as it is while newer values are written") {
    TripleBuffer<int> buffer;
    buffer.write(1);
    const int& held = buffer.read();
    for (int i = 2; i < 100; ++i) {
        buffer.write(i);
        CHECK(held == 1);
    }
    CHECK(buffer.read() == 99);
}

TEST_CASE("every order of three reads and writes gives the newest value") {
    for (unsigned order = 0; order < 1u << 12; ++order) {
        TripleBuffer<unsigned> buffer(0);
        unsigned newest = 0;
        for (unsigned step = 0; step < 12; ++step) {
            if (order >> step & 1) {
                buffer.write(++newest);
            } else {
                REQUIRE(buffer.read() == newest);
            }
        }
    }
}

TEST_CASE("values that own memory are handed over whole") {
    TripleBuffer<std::shared_ptr<const int>> buffer;
    CHECK(buffer.read() == nullptr);
    buffer.write(std::make_shared<const int>(3));
    CHECK(*buffer.read() == 3);
}

TEST_CASE("with a writer and a reader at once, values only grow, are never torn, and the last one arrives") {
    struct Wide {
        std::array<std::uint64_t, 32> words{};
        std::shared_ptr<const std::uint64_t> owned = std::make_shared<const std::uint64_t>(0);
    };
    constexpr std::uint64_t kLast = 100'000;
    TripleBuffer<Wide> buffer;

    std::jthread writer([&buffer] {
        for (std::uint64_t i = 1; i <= kLast; ++i) {
            Wide value;
            value.words.fill(i);
            value.owned = std::make_shared<const std::uint64_t>(i);
            buffer.write(std::move(value));
        }
    });

    std::uint64_t last = 0, torn = 0, went_back = 0, missed = 0;
    while (last < kLast) {
        const bool has_news = buffer.has_news();
        const Wide& value = buffer.read();
        const std::uint64_t now = value.words[0];
        for (const std::uint64_t word : value.words) torn += word != now;
        torn += *value.owned != now;
        went_back += now < last;
        missed += has_news && now == last;
        last = now;
    }
    CHECK(torn == 0);
    CHECK(went_back == 0);
    CHECK(missed == 0);
    CHECK_FALSE(buffer.has_news());
}

}  // namespace
}  // namespace llmc::base
