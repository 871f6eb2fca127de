// The window of the system (GLFW, OpenGL 3.3, Dear ImGui's backends) and the loop that draws a Content in it.
//
// Thread contract: run_window() by the main thread; ShellServices::wake() by any thread as long as the Content lives,
// the rest by the main thread. Invariants: the loop sleeps in the system while nothing happens; the Content is
// destroyed on every way out (so that it can save), before ImGui's context and the window, also when the picture is
// lost.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "gui/shell/content.h"
#include "gui/window_place.h"

namespace llmc::gui {

struct WindowOptions {
    std::optional<WindowPlace> place;  // as remembered; clamped to the monitors that are there
    std::string title = "LLM Compare";
};

// What a Content may ask of its shell.
class ShellServices {
public:
    virtual ~ShellServices() = default;
    // Ends the loop's sleep: has_news() is asked then. Costs a system call: coalesce.
    virtual void wake() = 0;
    // Where the window is now, to be remembered; maximised windows with the place they go back to.
    virtual WindowPlace place() const = 0;
    // What is selected on the desktop, pasted with the middle mouse button (selection.h).
    virtual void offer_selection(const std::string& text) = 0;
    virtual std::string selection() = 0;
    // What draws: "llvmpipe (LLVM 15.0.6, 256 bits), OpenGL 4.5": for About.
    virtual const std::string& renderer() const = 0;
};

using MakeContent = std::function<std::unique_ptr<Content>(ShellServices&)>;

// Shows the window until it is closed; the exit status of the program. `make_content` is called when the window and
// ImGui's context are there. Errors: `io` with words for people, naming the commands that work without a window: there
// is no display, no OpenGL 3.3, the picture was lost.
Result<int> run_window(const WindowOptions& options, const MakeContent& make_content);

}  // namespace llmc::gui
