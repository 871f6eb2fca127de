// P5: starts a program and waits for its first picture on the display; for displays that show nothing else (Xvfb).
//
//   window_watch SETTLE_S PROGRAM [ARGUMENT...]
//
// Looks at some pixels of the root window every millisecond. SETTLE_S seconds after the first picture the program's
// peak memory is read and SIGTERM sent. Prints one line of JSON: "first_frame_s" since the program's start, "peak_mib".
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kPoints = 12;

// Pixels on the display's diagonal.
using Look = std::array<unsigned long, kPoints>;

Look look_at(Display* display) {
    const int screen = DefaultScreen(display), width = DisplayWidth(display, screen),
              height = DisplayHeight(display, screen);
    Look look{};
    for (int i = 0; i < kPoints; ++i) {
        XImage* image = XGetImage(display, RootWindow(display, screen), width * (i + 1) / (kPoints + 1),
                                  height * (i + 1) / (kPoints + 1), 1, 1, AllPlanes, ZPixmap);
        if (!image) continue;
        look[static_cast<std::size_t>(i)] = XGetPixel(image, 0, 0);
        XDestroyImage(image);
    }
    return look;
}

double peak_mib(pid_t process) {
    std::ifstream status(fmt::format("/proc/{}/status", process));
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::atof(line.c_str() + 6) / 1024;
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fputs("usage: window_watch SETTLE_S PROGRAM [ARGUMENT...]\n", stderr);
        return 1;
    }
    Display* display = XOpenDisplay(nullptr);
    if (!display) {
        std::fputs("no display\n", stderr);
        return 1;
    }
    const Look before = look_at(display);
    const auto begun = Clock::now();
    const pid_t process = fork();
    if (process == 0) {
        execv(argv[2], argv + 2);
        std::perror(argv[2]);
        _exit(127);
    }
    double first_frame_s = -1;
    while (first_frame_s < 0 && Clock::now() - begun < std::chrono::seconds{30} &&
           waitpid(process, nullptr, WNOHANG) == 0) {
        if (look_at(display) != before) first_frame_s = std::chrono::duration<double>(Clock::now() - begun).count();
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    if (first_frame_s >= 0) {
        std::this_thread::sleep_for(std::chrono::duration<double>(std::atof(argv[1])));
        fmt::print("{{\"first_frame_s\":{:.4f},\"peak_mib\":{:.1f}}}\n", first_frame_s, peak_mib(process));
        kill(process, SIGTERM);
        waitpid(process, nullptr, 0);
    }
    XCloseDisplay(display);
    return first_frame_s >= 0 ? 0 : 1;
}
