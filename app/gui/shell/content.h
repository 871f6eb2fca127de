// What a shell shows: the seam between the window of the system (GLFW, OpenGL; or none at all in tests) and everything
// that is drawn with Dear ImGui.
//
// Thread contract: all of it by the main thread, the one of the render loop.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace llmc::gui {

// When the next frame is due without any input; filled by Content::draw. Nothing asked for: the loop sleeps until an
// event.
class FrameRequests {
public:
    explicit FrameRequests(base::TimePoint now) : now_(now) {}
    // As soon as the frame cap allows: something moves (a drag, a scroll, a scripted reaction).
    void next_frame() { at(now_); }
    // At that time: an elapsed-time label, a notice that goes away, the text cursor.
    void at(base::TimePoint due) {
        if (!earliest_ || due < *earliest_) earliest_ = due;
    }
    const std::optional<base::TimePoint>& earliest() const { return earliest_; }

private:
    base::TimePoint now_;
    std::optional<base::TimePoint> earliest_;
};

class Content {
public:
    virtual ~Content() = default;
    // Between ImGui::NewFrame() and ImGui::Render().
    virtual void draw(FrameRequests& requests) = 0;
    // Between frames, before NewFrame: the place where fonts, style and docking trees may change. `dpi_scale` as the
    // system says it (1 = 96 dpi).
    virtual void prepare(float dpi_scale) = 0;
    // The window has got the keyboard: at first, and whenever somebody comes back to it. Between frames.
    virtual void on_focus() = 0;
    // Called after a wake of the loop: whether something that is shown has changed since the last frame.
    virtual bool has_news() = 0;
    // Whether text is streaming, or something else changes by itself many times a second.
    virtual bool is_streaming() const = 0;
    virtual void on_drop(std::vector<std::filesystem::path> paths) = 0;
    // The user wants to close the window, or the system asked the program to end (SIGTERM: `is_forced`). False: not
    // now, the content asks the user first.
    virtual bool on_close(bool is_forced) = 0;
    // The user has confirmed that the program ends.
    virtual bool wants_to_quit() const = 0;
    virtual const std::string& title() const = 0;
    // Something ended that the user was waiting for; true once, the shell asks for attention where the window is not
    // focused.
    virtual bool takes_attention() = 0;
};

}  // namespace llmc::gui
