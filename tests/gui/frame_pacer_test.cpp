#include "gui/shell/frame_pacer.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace llmc::gui {
namespace {

// A loop without a window: draws whenever a frame is due, in steps of a millisecond.
class Loop {
public:
    base::ManualClock clock;
    FramePacer pacer;
    std::optional<base::Duration> asks_for;  // each frame asks for another one after that time

    void news() {
        if (pacer.may_look(clock.now())) pacer.on_look(clock.now(), true);
    }
    int run(base::Duration time, base::Duration news_every = base::Duration::zero()) {
        int frames = 0;
        auto next_news = clock.now();
        for (base::Duration passed{}; passed < time; passed += 1ms) {
            if (news_every > base::Duration::zero() && clock.now() >= next_news) {
                news();
                next_news += news_every;
            }
            if (pacer.is_due(clock.now())) {
                ++frames;
                const auto now = clock.now();
                pacer.on_frame(now, asks_for ? std::optional{now + *asks_for} : std::nullopt);
            }
            clock.advance(1ms);
        }
        return frames;
    }
    void settle() { run(1s); }
};

TEST_CASE("a new window is drawn at once, then nothing is due any more") {
    Loop loop;
    CHECK(loop.pacer.wait(loop.clock.now()) == base::Duration::zero());
    CHECK(loop.run(10s) == FramePacer::kFramesAfterInput);
    CHECK(!loop.pacer.wait(loop.clock.now()));
}

TEST_CASE("a spurious wake-up draws nothing") {
    Loop loop;
    loop.settle();
    CHECK(loop.pacer.may_look(loop.clock.now()));
    loop.pacer.on_look(loop.clock.now(), false);
    CHECK(!loop.pacer.is_due(loop.clock.now()));
    CHECK(!loop.pacer.wait(loop.clock.now()));
}

TEST_CASE("input is drawn at once, and for some frames") {
    Loop loop;
    loop.settle();
    loop.pacer.on_input();
    CHECK(loop.pacer.is_due(loop.clock.now()));
    CHECK(loop.run(1s) == FramePacer::kFramesAfterInput);
}

TEST_CASE("frames keep to the cap of what asks for them") {
    Loop loop;
    loop.settle();
    int frames = 0, at_least = 0, at_most = 0;
    SUBCASE("input all the time") {
        for (int i = 0; i < 1000; ++i) {
            loop.pacer.on_input();
            frames += loop.run(1ms);
        }
        at_least = 55, at_most = 61;
    }
    SUBCASE("text streams") {
        loop.pacer.set_streaming(true);
        frames = loop.run(1s, 1ms);
        at_least = 28, at_most = 31;
    }
    SUBCASE("text streams beside the window that is used") {
        loop.pacer.set_streaming(true);
        loop.pacer.set_focused(false);
        frames = loop.run(1s, 1ms);
        at_least = 28, at_most = 31;
    }
    SUBCASE("news in a window without the focus") {
        loop.pacer.set_focused(false);
        frames = loop.run(1s, 1ms);
        at_least = 9, at_most = 11;
    }
    SUBCASE("a content that asks for the next frame, in a window without the focus") {
        loop.pacer.set_focused(false);
        loop.asks_for = base::Duration::zero();
        loop.pacer.on_input();
        frames = loop.run(1s);
        at_least = 9, at_most = 11 + FramePacer::kFramesAfterInput;
    }
    SUBCASE("a content that asks for the next frame, in the focused window") {
        loop.asks_for = base::Duration::zero();
        loop.pacer.on_input();
        frames = loop.run(1s);
        at_least = 55, at_most = 61;
    }
    CHECK(frames >= at_least);
    CHECK(frames <= at_most);
}

TEST_CASE("the loop sleeps until the time that a frame asked for") {
    Loop loop;
    loop.settle();
    const auto now = loop.clock.now();
    loop.pacer.on_frame(now, now + 800ms);
    CHECK(loop.pacer.wait(now) == 800ms);
    CHECK(loop.run(799ms) == 0);
    loop.clock.advance(1ms);
    CHECK(loop.pacer.is_due(loop.clock.now()));
}

TEST_CASE("input that comes while a later frame is asked for does not wait for it") {
    Loop loop;
    loop.settle();
    loop.pacer.on_frame(loop.clock.now(), loop.clock.now() + 10s);
    loop.clock.advance(20ms);
    loop.pacer.on_input();
    CHECK(loop.pacer.is_due(loop.clock.now()));
}

TEST_CASE("a minimised window draws nothing and is up to date when it is back") {
    Loop loop;
    loop.settle();
    loop.pacer.set_minimised(true);
    loop.pacer.on_input();
    loop.asks_for = 10ms;
    CHECK(loop.run(5s, 5ms) == 0);
    loop.asks_for.reset();
    loop.pacer.set_minimised(false);
    CHECK(loop.run(1s) == FramePacer::kFramesAfterInput);
}

TEST_CASE("wakes by the thousand make the loop look once a frame, and ten times a second while minimised") {
    Loop loop;
    loop.settle();
    loop.pacer.set_minimised(true);
    int looks = 0;
    for (int i = 0; i < 1000; ++i, loop.clock.advance(1ms)) {
        if (!loop.pacer.may_look(loop.clock.now())) continue;
        loop.pacer.on_look(loop.clock.now(), true);
        ++looks;
    }
    CHECK(looks == 10);
    CHECK(loop.pacer.wait(loop.clock.now()) == base::Duration::zero());  // the last wake is not forgotten

    loop.pacer.set_minimised(false);
    CHECK(!loop.pacer.may_look(loop.clock.now()));
    loop.pacer.on_frame(loop.clock.now(), std::nullopt);
    CHECK(loop.pacer.may_look(loop.clock.now()));
}

}  // namespace
}  // namespace llmc::gui
