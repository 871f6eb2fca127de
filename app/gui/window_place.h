// Where the window is on the screen, and where it may go when the monitors have changed.
//
// Thread contract: plain values and pure functions.
#pragma once

#include <span>

namespace llmc::gui {

// In the screen's units (pixels on X11), without the frame of the window manager.
struct WindowPlace {
    int x = 0, y = 0, width = 1600, height = 900;
    bool is_maximised = false;
    bool operator==(const WindowPlace&) const = default;
};

// The part of a monitor that panels of the desktop leave free.
struct WorkArea {
    int x = 0, y = 0, width = 0, height = 0;
};

inline constexpr int kMinWindowWidth = 640, kMinWindowHeight = 400;

// `wanted`, made to fit: no larger than the monitor it overlaps most, wholly on it; on the first monitor, centred,
// where it overlaps none. Without monitors, as wanted, with sane sizes.
WindowPlace clamp_to_monitors(WindowPlace wanted, std::span<const WorkArea> monitors);

// For a first start: the usual size at the display's `scale`, or nine tenths of the first monitor, centred.
WindowPlace first_place(std::span<const WorkArea> monitors, float scale);

}  // namespace llmc::gui
