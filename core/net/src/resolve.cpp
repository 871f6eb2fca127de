#include "resolve.h"

#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/mutex.h"
#include "base/wakeup.h"
#include "connect.h"

namespace llmc::net {
namespace {

using AddressInfo = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

// gai_strerror's code, or the addresses.
int lookup(const std::string& host, int flags, AddressInfo& found) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* result = nullptr;
    const int error = getaddrinfo(host.c_str(), nullptr, &hints, &result);
    found.reset(result);
    return error;
}

bool is_numeric(const std::string& host) {
    AddressInfo found(nullptr, &freeaddrinfo);
    return lookup(host, AI_NUMERICHOST, found) == 0;
}

struct Job {
    std::string host;
    Resolver resolver;
    base::Wakeup done;
    base::Mutex mutex;
    std::optional<Result<std::vector<std::string>>> result LLMC_GUARDED_BY(mutex);

    void run() {
        Result<std::vector<std::string>> answer =
            Error{ErrorKind::resolve, "has no address: resolving its name failed"};
        try {
            answer = resolver(host);
        } catch (...) {  // an injected resolver; what is said above stands
        }
        {
            const base::Lock lock(mutex);
            result = std::move(answer);
        }
        done.raise();
    }
};

}  // namespace

Result<std::vector<std::string>> system_resolver(const std::string& host) {
    AddressInfo found(nullptr, &freeaddrinfo);
    if (const int error = lookup(host, 0, found); error != 0) {
        // Without a descriptor for its files the resolver calls the name unknown, or the failure temporary.
        if (base::Wakeup().fd() < 0) return connection_error(EMFILE);
        return Error{ErrorKind::resolve,
                     "has no address: the name \"" + host + "\" was not found (" + gai_strerror(error) + ")"};
    }
    std::vector<std::string> addresses;
    for (const addrinfo* info = found.get(); info != nullptr; info = info->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        const auto size = static_cast<socklen_t>(text.size());
        if (getnameinfo(info->ai_addr, info->ai_addrlen, text.data(), size, nullptr, 0, NI_NUMERICHOST) == 0) {
            addresses.emplace_back(text.data());
        }
    }
    return addresses;
}

Result<std::vector<std::string>> resolve_host(const std::string& host, const Resolver& resolver, Waits& waits) {
    if (is_numeric(host)) return std::vector<std::string>{host};
    waits.set_connect_step("could not be connected to: its name was not resolved");

    auto job = std::make_shared<Job>();
    if (job->done.fd() < 0) return connection_error(EMFILE);
    job->host = host;
    job->resolver = resolver;
    try {
        std::thread([job] { job->run(); }).detach();
    } catch (const std::system_error&) {
        return Error{ErrorKind::own_limit, "cannot be asked: this program has too many threads"};
    }
    if (auto waited = waits.wait_for(job->done.fd(), POLLIN); !waited) return waited.error();

    const base::Lock lock(job->mutex);
    if (job->result->ok() && (*job->result)->empty()) {
        return Error{ErrorKind::resolve, "has no address: the name \"" + host + "\" was found without one"};
    }
    return std::move(*job->result);
}

}  // namespace llmc::net
