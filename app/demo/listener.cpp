#include "demo/listener.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <list>
#include <system_error>
#include <thread>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/mutex.h"
#include "base/unique_fd.h"
#include "base/wakeup.h"

namespace llmc::demo {
namespace {

using Clock = std::chrono::steady_clock;

// How long a connection that its handler has left may still be read, so that closing it with unread bytes does not make
// a reset that takes the answer with it.
constexpr std::chrono::milliseconds kLingerTime{500};

class SocketConnection final : public Connection {
public:
    SocketConnection(base::UniqueFd fd, const base::Wakeup& stop) : fd_(std::move(fd)), stop_(stop) {
        const int yes = 1;
        setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }

    ~SocketConnection() override {
        if (!fd_.is_open()) return;
        shut_down_sending();
        const auto until = Clock::now() + kLingerTime;
        while (poll_until(POLLIN, until) && !take(16384).empty()) {
        }
    }

    bool send(std::string_view bytes) override {
        while (!bytes.empty()) {
            if (!fd_.is_open() || stop_.is_raised()) return false;
            const ssize_t count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (count >= 0) {
                bytes.remove_prefix(static_cast<std::size_t>(count));
            } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
                if (!poll_until(POLLOUT, Clock::time_point::max())) return false;
            } else if (errno != EINTR) {
                return false;
            }
        }
        return true;
    }

    std::string receive(std::size_t max) override {
        if (!poll_until(POLLIN, Clock::time_point::max())) return {};
        return take(max);
    }

    bool is_peer_gone() override {
        if (!fd_.is_open()) return true;
        pollfd polled{fd_.get(), POLLRDHUP, 0};
        return poll(&polled, 1, 0) > 0;
    }

    void reset() override {
        if (!fd_.is_open()) return;
        const linger at_once{1, 0};
        setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        fd_.close();
    }

    void shut_down_sending() override {
        if (fd_.is_open()) shutdown(fd_.get(), SHUT_WR);
    }

    bool wait(std::chrono::nanoseconds time) override {
        const auto now = Clock::now();
        const bool is_finite = time < Clock::time_point::max() - now;
        // Nothing but the end of the connection, or of the listener, ends this early.
        return fd_.is_open() && !poll_until(POLLRDHUP, is_finite ? now + time : Clock::time_point::max()) && !is_over_;
    }

private:
    // True: the connection is ready for `events`. False: the time has come, or the listener stops (is_over_).
    bool poll_until(short events, Clock::time_point until) {
        is_over_ = false;
        while (fd_.is_open()) {
            const auto left = std::max(until - Clock::now(), Clock::duration{0});
            timespec timeout{};
            timeout.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(left).count();
            timeout.tv_nsec = (left % std::chrono::seconds{1}).count();
            std::array<pollfd, 2> polled{pollfd{fd_.get(), events, 0}, pollfd{stop_.fd(), POLLIN, 0}};
            const int count = ppoll(polled.data(), polled.size(), &timeout, nullptr);
            if (count == 0) return false;
            if (count > 0 && polled[1].revents != 0) break;
            if (count > 0) return true;
            if (errno != EINTR) break;
        }
        is_over_ = true;
        return false;
    }

    std::string take(std::size_t max) {
        std::string bytes(std::min<std::size_t>(max, 1 << 20), '\0');
        ssize_t count = 0;
        do {
            count = recv(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
        } while (count < 0 && errno == EINTR);
        bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return bytes;
    }

    base::UniqueFd fd_;
    const base::Wakeup& stop_;
    bool is_over_ = false;
};

Error listen_error(const std::string& address, int port, const std::string& why) {
    return Error{ErrorKind::io, "cannot listen on " + address + " port " + std::to_string(port) + ": " + why};
}

int bound_port(int fd) {
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
    if (bound.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&bound)->sin6_port);
    return ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
}

}  // namespace

struct Listener::Impl {
    struct Worker {
        std::atomic<bool> is_done{false};
        std::jthread thread;
    };

    Impl(base::UniqueFd fd, Handler connection_handler, std::string url_text, int port_number)
        : socket(std::move(fd)), handler(std::move(connection_handler)), url(std::move(url_text)), port(port_number) {}
    ~Impl() { stop(); }

    void accept_all() {
        while (!stop_wish.is_raised()) {
            std::array<pollfd, 2> polled{pollfd{socket.get(), POLLIN, 0}, pollfd{stop_wish.fd(), POLLIN, 0}};
            if (poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR) return;
            if (stop_wish.is_raised()) return;
            base::UniqueFd connection(accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (connection.is_open()) {
                ++accepted;
                serve(std::move(connection));
            } else if (errno == EMFILE || errno == ENFILE) {
                // Until another connection ends: the one that waits would wake poll() at once, again and again.
                pollfd stop_only{stop_wish.fd(), POLLIN, 0};
                poll(&stop_only, 1, 10);
            }
        }
    }

    void serve(base::UniqueFd connection) {
        workers.remove_if([](const Worker& worker) { return worker.is_done.load(); });
        Worker& worker = workers.emplace_back();
        try {
            worker.thread = std::jthread([this, &worker, fd = std::move(connection)]() mutable {
                {
                    SocketConnection served(std::move(fd), stop_wish);
                    try {
                        handler(served);
                    } catch (...) {  // a script that failed: its connection ends
                    }
                }
                worker.is_done = true;
            });
        } catch (const std::system_error&) {
            workers.pop_back();  // no thread to be had: the connection is closed
        }
    }

    void stop() {
        const base::Lock lock(stop_mutex);
        stop_wish.raise();
        if (acceptor.joinable()) acceptor.join();
        workers.clear();
        socket.close();
    }

    base::UniqueFd socket;
    const Handler handler;
    const std::string url;
    const int port;
    std::atomic<std::uint64_t> accepted{0};
    base::Wakeup stop_wish;
    base::Mutex stop_mutex;     // one stop() at a time
    std::list<Worker> workers;  // the acceptor's, after its end stop()'s
    std::jthread acceptor;
};

Listener::Listener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;
Listener::~Listener() = default;

Result<Listener> Listener::start(Handler handler, int port, const std::string& address) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    addrinfo* found = nullptr;
    if (const int error = getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found); error != 0) {
        return listen_error(address, port, gai_strerror(error));
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> info(found, &freeaddrinfo);

    const auto system_error = [&] { return listen_error(address, port, std::generic_category().message(errno)); };
    base::UniqueFd fd(socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
    if (!fd.is_open()) return system_error();
    const int yes = 1;
    setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd.get(), info->ai_addr, info->ai_addrlen) != 0 || listen(fd.get(), SOMAXCONN) != 0) return system_error();

    const int actual_port = bound_port(fd.get());
    const std::string host = info->ai_family == AF_INET6 ? "[" + address + "]" : address;
    auto impl = std::make_unique<Impl>(std::move(fd), std::move(handler),
                                       "http://" + host + ":" + std::to_string(actual_port), actual_port);
    if (impl->stop_wish.fd() < 0) return listen_error(address, port, "too many files are open");
    try {
        impl->acceptor = std::jthread([listening = impl.get()] { listening->accept_all(); });
    } catch (const std::system_error& error) {
        return listen_error(address, port, error.what());
    }
    return Listener(std::move(impl));
}

int Listener::port() const {
    return impl_->port;
}

std::string Listener::url() const {
    return impl_->url;
}

std::uint64_t Listener::accepted() const {
    return impl_->accepted;
}

void Listener::stop() {
    impl_->stop();
}

}  // namespace llmc::demo
