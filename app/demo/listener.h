// A small raw TCP server on this machine's loopback, for the demo servers and for tests: it promises nothing about
// HTTP, so that any bytes can be sent at any time.
//
// Thread contract: the handler runs on one thread per connection; stop() and the destructor may be called by any thread
// and return after all handlers have ended (their connections are shut down first, so that none waits for its peer).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace llmc::demo {

class Connection {
public:
    virtual ~Connection() = default;
    // All of it; false when the peer is gone or the listener stops.
    virtual bool send(std::string_view bytes) = 0;
    // Up to `max` bytes; empty at the end of the connection.
    virtual std::string receive(std::size_t max) = 0;
    virtual bool is_peer_gone() = 0;       // the peer has closed its side (without consuming bytes)
    virtual void reset() = 0;              // closes with RST
    virtual void shut_down_sending() = 0;  // FIN, reading stays open
    // Waits; false at once when the listener stops or the peer closes. The only sleep of a scripted server.
    virtual bool wait(std::chrono::nanoseconds time) = 0;
};

// A request as far as scripted servers need it.
struct RawRequest {
    std::string method, path;                                  // path with its query
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;
    std::string header(std::string_view lower_case_name) const;  // empty where there is none
};
// Reads one request (header block up to 1 MiB, body by Content-Length up to 64 MiB). Nothing when the peer left or sent
// no HTTP.
std::optional<RawRequest> read_request(Connection& connection);

class Listener {
public:
    using Handler = std::function<void(Connection&)>;

    // Listens on `address` ("127.0.0.1" or "::1") and `port` (0: any free one). Errors: `io` with the system's words.
    static Result<Listener> start(Handler handler, int port = 0, const std::string& address = "127.0.0.1");
    Listener(Listener&&) noexcept;
    Listener& operator=(Listener&&) noexcept;
    ~Listener();

    int port() const;
    std::string url() const;         // "http://127.0.0.1:PORT"
    std::uint64_t accepted() const;  // connections so far
    void stop();

private:
    struct Impl;
    explicit Listener(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace llmc::demo
