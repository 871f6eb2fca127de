#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/platform.h"

namespace llmc::cli {

bool is_terminal(int descriptor) {
    return ::isatty(descriptor) == 1;
}

std::optional<TerminalSize> terminal_size(int descriptor) {
    winsize size{};
    if (!is_terminal(descriptor) || ::ioctl(descriptor, TIOCGWINSZ, &size) != 0) return std::nullopt;
    return TerminalSize{size.ws_col > 0 ? size.ws_col : 80, size.ws_row > 0 ? size.ws_row : 24};
}

void ignore_file_size_signal() {
    std::signal(SIGXFSZ, SIG_IGN);
}

std::error_code write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == EAGAIN) {  // a terminal that somebody made non-blocking
            pollfd ready{descriptor, POLLOUT, 0};
            ::poll(&ready, 1, 1000);
            continue;
        }
        if (written < 0) return {errno, std::generic_category()};
        if (written == 0) return std::make_error_code(std::errc::io_error);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Wakeups::Wakeups() : descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    signals_.emplace(descriptor_);
}

Wakeups::~Wakeups() {
    signals_.reset();
    ::close(descriptor_);
}

void Wakeups::wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);
}

void Wakeups::wait(std::chrono::nanoseconds at_most) {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(at_most).count();
    pollfd ready{descriptor_, POLLIN, 0};
    ::poll(&ready, 1, static_cast<int>(std::clamp<std::int64_t>(ms, 0, 60'000)));
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = ::read(descriptor_, &count, sizeof count);
}

bool Wakeups::is_terminated() const {
    return signals_->is_terminated();
}

int Wakeups::interruptions() const {
    return signals_->seen();
}

}  // namespace llmc::cli
