#include "base/ids.h"

#include <set>

#include <doctest/doctest.h>

namespace llmc::base {
namespace {

TEST_CASE("a random id has as many hexadecimal digits as were asked for") {
    for (const unsigned digits : {0u, 1u, 8u, 16u, 32u, 33u, 100u}) {
        const std::string id = random_id(digits);
        CHECK(id.size() == digits);
        CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    }
    CHECK(random_id().size() == 16);
}

TEST_CASE("ten thousand random ids are all different and use every digit everywhere") {
    std::set<std::string> seen;
    std::set<char> digits[16];
    for (int i = 0; i < 10'000; ++i) {
        const std::string id = random_id();
        seen.insert(id);
        for (std::size_t d = 0; d < 16; ++d) digits[d].insert(id[d]);
    }
    CHECK(seen.size() == 10'000);
    for (const auto& at_place : digits) CHECK(at_place.size() == 16);
}

}  // namespace
}  // namespace llmc::base
