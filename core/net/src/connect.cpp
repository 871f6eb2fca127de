#include "connect.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "net/failure_words.h"

namespace llmc::net {
namespace {

// Connects to one address until `until`. Nothing: that time has come.
Result<std::optional<base::UniqueFd>> connect_one(const std::string& address, int port, base::TimePoint until,
                                                  const Waits& waits) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
        return Error{ErrorKind::resolve, "has an address that is none: \"" + address + "\""};
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> info(found, &freeaddrinfo);

    base::UniqueFd fd(socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
    if (!fd.is_open()) return connection_error(errno);
    const int yes = 1;
    setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(fd.get(), info->ai_addr, info->ai_addrlen) == 0) return std::optional(std::move(fd));
    if (errno != EINPROGRESS && errno != EINTR) return connection_error(errno);

    const auto is_ready = waits.wait_for(fd.get(), POLLOUT, until);
    if (!is_ready) return is_ready.error();
    if (!*is_ready) return std::optional<base::UniqueFd>();
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) return connection_error(error);
    return std::optional(std::move(fd));
}

}  // namespace

Error connection_error(int error_number) {
    switch (error_number) {
        case ECONNREFUSED: return {ErrorKind::connection, std::string(kRefusedWords)};
        case ECONNRESET:
        case EPIPE: return {ErrorKind::connection, "closed the connection abruptly (reset)"};
        case ETIMEDOUT: return {ErrorKind::connection, "no longer answers: the connection timed out"};
        case EHOSTUNREACH: return {ErrorKind::connection, "cannot be reached: no route to host"};
        case ENETUNREACH: return {ErrorKind::connection, "cannot be reached: the network is unreachable"};
        case EMFILE:
        case ENFILE:
        case ENOBUFS:
        case ENOMEM:
            return {ErrorKind::own_limit, "cannot be asked: this program has too many files and connections open"};
        default: break;
    }
    return {ErrorKind::connection, "cannot be reached: " + std::generic_category().message(error_number)};
}

Result<base::UniqueFd> connect_to(const std::vector<std::string>& addresses, int port, Waits& waits) {
    waits.set_connect_step("did not accept the connection");
    std::optional<Error> reason;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const auto left = waits.connect_deadline() - waits.now();
        const bool is_last = i + 1 == addresses.size();
        const auto share = left / static_cast<std::int64_t>(addresses.size() - i);
        auto fd = connect_one(addresses[i], port, is_last ? base::TimePoint::max() : waits.now() + share, waits);
        if (fd && *fd) return std::move(**fd);
        if (fd) continue;
        const ErrorKind kind = fd.error().kind;
        if (kind == ErrorKind::cancelled || kind == ErrorKind::own_limit || kind == ErrorKind::timeout)
            return fd.error();
        // A refusal tells more than "no route" to an IPv6 address that this machine cannot use.
        if (!reason || fd.error() == connection_error(ECONNREFUSED)) reason = fd.error();
    }
    return reason.value_or(connection_error(EHOSTUNREACH));
}

}  // namespace llmc::net
