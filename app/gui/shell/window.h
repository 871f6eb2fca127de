// One window of the system with an OpenGL 3.3 context, and what it says happened since it was last asked.
//
// Thread contract: main thread; post_wake() by any thread while a Window lives. At most one at a time. Invariants:
// callbacks only note what happened: whoever owns the window reacts between frames. place() asks nothing of the system,
// so that it can be called when the display is gone.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "gui/shell/input_method.h"
#include "gui/shell/shell.h"

struct GLFWwindow;

namespace llmc::gui {

// What happened to a window; taken and cleared by its owner.
struct WindowEvents {
    bool has_input = false;  // beside what stands in Dear ImGui's queue: a new size, a lost picture, the focus …
    bool wants_close = false;
    std::vector<std::filesystem::path> dropped;
};

class Window {
public:
    // Errors: `io`, in words.
    static Result<std::unique_ptr<Window>> open(const WindowOptions& options);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    void show();
    // Sleeps until an event, or for `at_most` (zero: not at all), and notes what happened.
    void wait(std::optional<base::Duration> at_most);
    static void post_wake();

    WindowEvents take_events() { return std::exchange(events_, {}); }
    WindowPlace place() const;
    bool is_focused() const { return is_focused_; }
    bool is_minimised() const { return is_minimised_; }  // also where it has no size
    float scale() const;                                 // 1 = 96 dpi; in eighths
    const std::string& renderer() const { return renderer_; }

    void set_title(const std::string& title);
    void request_attention();
    // Clears the picture to `color`, before what is drawn. Errors: `io`: the context is lost.
    Result<void> begin_picture(const float (&color)[4]);
    Result<void> show_picture();

    GLFWwindow* handle() const { return handle_; }

private:
    Window() = default;
    void listen();
    void note_place();
    void keep_place();

    GLFWwindow* handle_ = nullptr;
    WindowEvents events_;
    InputMethod input_method_;
    bool is_focused_ = true, is_minimised_ = false, is_maximised_ = false;
    WindowPlace normal_, current_;  // where it goes back to when it is not maximised any more; as it was last
    base::TimePoint current_since_{};
    std::string renderer_, title_;
    unsigned (*reset_status_)() = nullptr;  // glGetGraphicsResetStatus, where the driver has it

    friend struct WindowCallbacks;
};

}  // namespace llmc::gui
