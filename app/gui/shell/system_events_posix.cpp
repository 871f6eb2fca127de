#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <utility>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gui/shell/system_events.h"

namespace llmc::gui {
namespace {

// Xlib's handlers get no pointer of ours.
std::function<void()>* display_lost = nullptr;

// Xlib's types are not needed: both handlers only end or ignore.
using XHandler = int (*)(void* display, void* event);
using SetXHandler = XHandler (*)(XHandler);

int on_x_connection_lost(void* /*display*/, void* /*event*/) {
    if (auto* callback = std::exchange(display_lost, nullptr)) (*callback)();
    ::_exit(1);  // Xlib would call exit() after this, which destroys what other threads still use
}

int on_x_error(void* /*display*/, void* /*event*/) {
    return 0;
}

SetXHandler x_function(const char* name) {
    void* xlib = ::dlopen("libX11.so.6", RTLD_LAZY | RTLD_NOLOAD);  // GLFW has loaded it, or there is no X
    return xlib ? reinterpret_cast<SetXHandler>(::dlsym(xlib, name)) : nullptr;
}

}  // namespace

Signals::Signals(std::function<void()> on_signal) : descriptor_(::eventfd(0, EFD_CLOEXEC)) {
    thread_ = std::jthread([descriptor = descriptor_, on_signal = std::move(on_signal)](const std::stop_token& stop) {
        std::uint64_t count = 0;
        while (!stop.stop_requested()) {
            const auto taken = ::read(descriptor, &count, sizeof count);
            if (taken < 0 && errno != EINTR) return;
            if (taken > 0 && !stop.stop_requested()) on_signal();
        }
    });
    signals_.emplace(descriptor_);
    std::signal(SIGPIPE, SIG_IGN);
}

Signals::~Signals() {
    signals_.reset();
    thread_.request_stop();
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);
    thread_.join();
    ::close(descriptor_);
}

DisplayGuard::DisplayGuard(std::function<void()> on_lost) {
    display_lost = new std::function<void()>(std::move(on_lost));
    if (const auto set = x_function("XSetIOErrorHandler")) set(on_x_connection_lost);
    if (const auto set = x_function("XSetErrorHandler")) set(on_x_error);
}

DisplayGuard::~DisplayGuard() {
    if (const auto set = x_function("XSetIOErrorHandler")) set(nullptr);
    if (const auto set = x_function("XSetErrorHandler")) set(nullptr);
    delete std::exchange(display_lost, nullptr);
}

void open_closed_standard_streams() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
            // The lowest free number is this one: those below are open by now.
            [[maybe_unused]] const int opened = ::open("/dev/null", O_RDWR);
        }
    }
}

void print_last_words(const char* text) {
    [[maybe_unused]] auto written = ::write(STDERR_FILENO, text, std::strlen(text));
    written = ::write(STDERR_FILENO, "\n", 1);
}

}  // namespace llmc::gui
