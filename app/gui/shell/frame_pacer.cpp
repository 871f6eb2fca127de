#include "gui/shell/frame_pacer.h"

#include <algorithm>

namespace llmc::gui {

void FramePacer::on_input() {
    frames_wanted_ = kFramesAfterInput;
}

bool FramePacer::may_look(base::TimePoint now) {
    const bool is_too_early = is_minimised_ ? last_look_ && now < *last_look_ + kUnfocusedInterval : has_news_;
    has_skipped_look_ = is_too_early;
    return !is_too_early;
}

void FramePacer::on_look(base::TimePoint now, bool has_news) {
    last_look_ = now;
    has_news_ |= has_news;
}

void FramePacer::on_frame(base::TimePoint now, std::optional<base::TimePoint> next) {
    frames_wanted_ = std::max(0, frames_wanted_ - 1);
    has_news_ = false;
    last_frame_ = now;
    deadline_ = next;
}

base::TimePoint FramePacer::not_before(base::Duration interval) const {
    return last_frame_ ? *last_frame_ + interval : base::TimePoint::min();
}

std::optional<base::TimePoint> FramePacer::due() const {
    if (is_minimised_) return std::nullopt;
    if (frames_wanted_ > 0) return not_before(kInputInterval);
    // Text that streams is watched beside another window as well.
    const auto own_pace = is_focused_ || is_streaming_ ? kStreamingInterval : kUnfocusedInterval;
    std::optional<base::TimePoint> earliest;
    if (has_news_) earliest = not_before(own_pace);
    if (deadline_) {
        const auto then = std::max(*deadline_, not_before(is_focused_ ? kInputInterval : own_pace));
        earliest = earliest ? std::min(*earliest, then) : then;
    }
    return earliest;
}

bool FramePacer::is_due(base::TimePoint now) const {
    const auto then = due();
    return then && *then <= now;
}

std::optional<base::Duration> FramePacer::wait(base::TimePoint now) const {
    auto then = due();
    if (is_minimised_ && has_skipped_look_ && last_look_) then = *last_look_ + kUnfocusedInterval;
    if (!then) return std::nullopt;
    return *then <= now ? base::Duration::zero() : *then - now;
}

}  // namespace llmc::gui
