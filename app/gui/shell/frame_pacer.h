// When the next frame is drawn. Pure logic: the loop tells what happened, and asks how long it may sleep.
//
// Thread contract: one thread. Time is given with every call, from one Clock.
// Invariants:
//   1. Without anything told, no frame ever becomes due: wait() is endless, a spurious wake-up draws nothing.
//   2. Frames are never closer than the cap of what asks for them: 60 a second after input, 30 while text streams, 10
//   for
//      everything else in a window without the focus.
//   3. A minimised window draws nothing; what was told meanwhile is drawn when it is back.
//   4. Who wakes the loop thousands of times a second makes it look at news once a frame, or ten times a second while
//   the
//      window is minimised.
#pragma once

#include <optional>

#include "base/clock.h"

namespace llmc::gui {

class FramePacer {
public:
    // Dear ImGui needs several frames for one event: it spreads queued input, and measures a new popup before it shows
    // it.
    static constexpr int kFramesAfterInput = 3;
    static constexpr base::Duration kInputInterval{1'000'000'000 / 60};
    static constexpr base::Duration kStreamingInterval{1'000'000'000 / 30};
    static constexpr base::Duration kUnfocusedInterval{1'000'000'000 / 10};

    void on_input();  // a key, the mouse, a new size, a lost picture; a spurious wake-up is none
    // After a wake-up: whether it is time to ask for news (Content::has_news). `has_news` in on_look() is the answer.
    bool may_look(base::TimePoint now);
    void on_look(base::TimePoint now, bool has_news);
    void set_focused(bool is_focused) { is_focused_ = is_focused; }
    void set_minimised(bool is_minimised) { is_minimised_ = is_minimised; }
    void set_streaming(bool is_streaming) { is_streaming_ = is_streaming; }

    // A frame was begun at `now`; `next` is when another one was asked for.
    void on_frame(base::TimePoint now, std::optional<base::TimePoint> next);

    // When the next frame is due; nothing: not before something happens.
    std::optional<base::TimePoint> due() const;
    bool is_due(base::TimePoint now) const;
    // How long the loop may sleep: zero where a frame is due, nothing where only an event can end the sleep.
    std::optional<base::Duration> wait(base::TimePoint now) const;

private:
    base::TimePoint not_before(base::Duration interval) const;

    int frames_wanted_ = kFramesAfterInput;  // a new window is drawn at once
    bool has_news_ = false, is_focused_ = true, is_minimised_ = false, is_streaming_ = false;
    bool has_skipped_look_ = false;
    std::optional<base::TimePoint> last_frame_, deadline_, last_look_;
};

}  // namespace llmc::gui
