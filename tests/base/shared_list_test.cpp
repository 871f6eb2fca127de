#include "base/shared_list.h"

#include <random>

#include <doctest/doctest.h>

using namespace llmc;
using List = base::SharedList<std::shared_ptr<const int>>;

namespace {

std::vector<std::shared_ptr<const int>> plain(const List& list) {
    return {list.begin(), list.end()};
}

}  // namespace

TEST_CASE("a shared list does what a vector does, and a copy keeps what it had") {
    std::mt19937 random(3);
    const auto pick = [&random](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    List list, before;
    std::vector<std::shared_ptr<const int>> expected, kept;
    for (int step = 0; step < 20000; ++step) {
        const auto value = std::make_shared<const int>(step);
        switch (pick(8)) {
            case 0:
            case 1:
            case 2:
                list.push_back(value);
                expected.push_back(value);
                break;
            case 3:
                if (expected.empty()) break;
                list.pop_back();
                expected.pop_back();
                break;
            case 4:
                if (expected.empty()) break;
                list.drop_front();
                expected.erase(expected.begin());
                break;
            case 5:
                if (expected.empty()) break;
                {
                    const std::size_t at = pick(expected.size());
                    list.set(at, value);
                    expected[at] = value;
                }
                break;
            case 6: {
                const std::vector more(pick(150), value);
                list.append(more.begin(), more.end());
                expected.insert(expected.end(), more.begin(), more.end());
                break;
            }
            default:
                if (expected.size() > 400) {
                    const std::size_t count = pick(expected.size() + 1);
                    list.drop_front(count);
                    expected.erase(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(count));
                }
        }
        REQUIRE(list.size() == expected.size());
        if (step % 50 != 0) continue;
        REQUIRE(plain(list) == expected);
        REQUIRE(plain(before) == kept);
        CHECK((list == before) == (expected == kept));
        std::vector<std::size_t> changed, expected_changes;
        list.changes_from(before, [&](std::size_t i) { changed.push_back(i); });
        for (std::size_t i = 0; i < expected.size(); ++i)
            if (i >= kept.size() || expected[i] != kept[i]) expected_changes.push_back(i);
        CHECK(changed == expected_changes);
        const bool is_rest =
            kept.size() >= expected.size() && std::equal(expected.rbegin(), expected.rend(), kept.rbegin(),
                                                         kept.rbegin() + static_cast<std::ptrdiff_t>(expected.size()));
        CHECK(list.is_rest_of(before) == is_rest);
        if (pick(3) == 0) {
            before = list;
            kept = expected;
        }
    }
}

TEST_CASE("what was dropped from a shared list is let go once its chunk is empty") {
    List list;
    const auto value = std::make_shared<const int>(1);
    for (std::size_t i = 0; i < 10 * List::kChunk; ++i) list.push_back(value);
    for (std::size_t i = 0; i < 9 * List::kChunk + 1; ++i) list.drop_front();
    CHECK(static_cast<std::size_t>(value.use_count()) <= List::kChunk + 1);
    list.drop_front(list.size());
    CHECK(value.use_count() == 1);
}
