#include "wire.h"

#include <cerrno>
#include <utility>

#include <poll.h>
#include <sys/socket.h>

#include "connect.h"

namespace llmc::net {
namespace {

constexpr int kManyReads = 32;
constexpr base::Duration kShortTime = std::chrono::milliseconds{8};
constexpr base::Duration kSlice = std::chrono::milliseconds{1};

}  // namespace

Result<std::size_t> Wire::read(char* bytes, std::size_t size) {
    for (;;) {
        // Before every read, not only before a wait: a server that never stops sending has to meet its deadline too.
        if (auto over = waits_.check(); !over) return over.error();
        if (std::exchange(is_drained_, false))
            if (auto waited = wait_for_more(); !waited) return waited.error();
        const ssize_t count = tls_ ? tls_->read(bytes, size) : recv(fd_.get(), bytes, size, 0);
        if (count >= 0) {
            is_drained_ = !tls_ && count > 0 && static_cast<std::size_t>(count) < size;
            return static_cast<std::size_t>(count);
        }
        if (auto waited = wait_after_failure(POLLIN); !waited) return waited.error();
    }
}

Result<void> Wire::wait_for_more() {
    if (++reads_ >= kManyReads) {
        const base::TimePoint now = waits_.now();
        const bool are_many = now - reads_begun_ < kShortTime;
        reads_begun_ = now;
        reads_ = are_many ? kManyReads / 2 : 0;  // stays alert while it goes on
        if (are_many)
            if (auto waited = waits_.wait_for(fd_.get(), 0, now + kSlice); !waited) return waited.error();
    }
    return waits_.wait_for(fd_.get(), POLLIN);
}

Result<void> Wire::write(std::string_view bytes) {
    while (!bytes.empty()) {
        if (auto over = waits_.check(); !over) return over;
        const ssize_t count =
            tls_ ? tls_->write(bytes.data(), bytes.size()) : send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
        } else if (auto waited = wait_after_failure(POLLOUT); !waited) {
            return waited;
        }
    }
    return {};
}

void Wire::close() {
    if (tls_) tls_->close();
}

// After a step that gave -1: waits for what it lacked, or says what failed.
Result<void> Wire::wait_after_failure(short plain_events) {
    if (tls_) {
        if (tls_->wanted_events() != 0) return waits_.wait_for(fd_.get(), tls_->wanted_events());
        if (errno == 0) return Error{ErrorKind::tls, "broke the TLS connection"};
        return connection_error(errno);
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return waits_.wait_for(fd_.get(), plain_events);
    if (errno == EINTR) return {};
    return connection_error(errno);
}

}  // namespace llmc::net
