#include "gui/background.h"

#include <atomic>
#include <semaphore>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

namespace llmc::gui {
namespace {

TEST_CASE("jobs run in order on another thread, and finish on this one") {
    std::counting_semaphore<> woken{0};
    Background background([&] { woken.release(); });
    CHECK(background.is_idle());
    CHECK(!background.finish());

    const auto here = std::this_thread::get_id();
    std::vector<int> order;
    for (int i = 0; i < 3; ++i) {
        background.run([&order, here, i]() -> Background::Finish {
            CHECK(std::this_thread::get_id() != here);
            return [&order, here, i] {
                CHECK(std::this_thread::get_id() == here);
                order.push_back(i);
            };
        });
    }
    CHECK(!background.is_idle());
    for (int i = 0; i < 3; ++i) woken.acquire();
    CHECK(background.finish());
    CHECK(order == std::vector{0, 1, 2});
    CHECK(background.is_idle());
}

TEST_CASE("a job that leaves nothing to do still wakes") {
    std::counting_semaphore<> woken{0};
    Background background([&] { woken.release(); });
    background.run([]() -> Background::Finish { return nullptr; });
    woken.acquire();
    CHECK(!background.is_idle());
    CHECK(background.finish());
    CHECK(background.is_idle());
}

TEST_CASE("the end does the jobs that are left, and finishes nothing any more") {
    std::binary_semaphore started{0};
    std::atomic<bool> has_ended = false, is_saved = false;
    {
        Background background([] {});
        background.run([&]() -> Background::Finish {
            started.release();
            std::this_thread::yield();
            has_ended = true;
            return [] { FAIL("nobody is left to finish it"); };
        });
        background.run([&]() -> Background::Finish {
            is_saved = true;
            return nullptr;
        });
        started.acquire();
    }
    CHECK(has_ended);
    CHECK(is_saved);
}

}  // namespace
}  // namespace llmc::gui
