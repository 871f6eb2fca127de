// One HTTP request with a streamed answer: the only way out of the program to a server.
//
// Thread contract: HttpClient may be used by any number of threads at once; perform() blocks the calling thread until
// the request has ended. A Cancellation may be cancelled by any thread at any time, before, during and after the
// request. Invariants:
//   1. Cancelling ends the request within 100 ms in every phase, name resolution included (a helper thread that owns
//   its data and is
//      never joined resolves; the caller waits for it with the cancellation).
//   2. Every wait has a deadline; a request ends within its deadline + 1 s, whatever the server does.
//   3. Redirects are never followed. "Accept-Encoding: identity" is sent, and a body with another Content-Encoding is
//   refused.
//   4. The response's header block is bounded (HttpLimits::header_bytes), also on cpp-httplib 0.11, which does not
//   bound it;
//      so are single header lines (8 KiB), and chunk framing and trailers between two parts of the body. cpp-httplib
//      writes requests and reads answers; connections, TLS and waits are our own and hand it the bytes through its
//      Stream interface, where they are counted.
//   5. One connection per request ("Connection: close"): llama-server announces keep-alive and closes after a stream.
//   6. Header values and paths with CR, LF or NUL are refused before anything is sent.
// Only exchange.cpp includes cpp-httplib (0.11 and newer). The process has to ignore SIGPIPE (ignore_sigpipe()).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/base_url.h"

namespace llmc::net {

// Where a request is, or was when it failed. The words of product.md section 5.
enum class Phase { resolve, connect, send, waiting, streaming };
std::string_view phase_name(Phase phase);

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method = "GET";  // GET or POST
    BaseUrl server;
    std::string path = "/";  // from BaseUrl::openai_path or native_path
    Headers headers;         // beside those that perform() adds (Host, Accept-Encoding, Connection, Content-Length)
    std::string body;
    std::string ca_file;  // PEM file of trusted authorities for https; empty: the system's (SSL_CERT_FILE is honoured)
};

struct Deadlines {
    base::Duration connect = std::chrono::seconds{10};       // resolve + connect + TLS
    base::Duration no_progress = std::chrono::seconds{300};  // from connected to the first progress(), between two
    std::optional<base::Duration> total;                     // the whole request
    // What earlier tries of the same request have used up: of `total`, and of `no_progress` until the first progress().
    base::Duration spent{0}, waited{0};
};

struct HttpLimits {
    std::size_t header_bytes = std::size_t{1} << 20;
};

struct ResponseHead {
    int status = 0;
    std::string content_type;         // lower case, with its parameters; empty where there is none
    std::string location;             // of a redirect
    std::string retry_after;          // as sent
    std::string retry_after_ms;       // as sent; not of any standard, but some hosted servers are more exact in it
    std::string date;                 // the server's clock, as sent
    std::string server;               // the Server header
    base::TimePoint request_started;  // just before the request's first byte was written (t0 of product.md section 6)
};

class HttpCall;

// Receives one response. Called on the thread of perform(). Bytes are as they arrived, chunk framing removed.
class HttpReceiver {
public:
    virtual ~HttpReceiver() = default;
    // The request is about to be written; `call` can be asked for progress() from now on until perform() returns.
    virtual void on_sending(HttpCall& call, base::TimePoint request_started) { (void)call, (void)request_started; }
    // The head of the final response: interim ones (1xx but 101) are skipped. False ends the request (End::refused).
    virtual bool on_head(const ResponseHead& head) = 0;
    // A part of the body. False ends the request (End::refused): the receiver has what it wants.
    virtual bool on_body(std::string_view bytes) = 0;
    // The phase has changed; a request starts in `resolve`. `streaming` comes just before on_head().
    virtual void on_phase(Phase phase) { (void)phase; }
};

// The running request, as its receiver sees it. Any thread, while perform() runs; a deadline moved closer by another
// thread than that of perform() may be noticed late.
class HttpCall {
public:
    virtual ~HttpCall() = default;
    // A token arrived: the no-progress deadline starts anew, with the request's own limit or with `within`
    // (a server that holds the socket after the last token gets only a few seconds).
    virtual void progress() = 0;
    virtual void progress(base::Duration within) = 0;
};

// A wish to end a request, shared between the one who waits and the one who ends it.
class Cancellation {
public:
    Cancellation();
    void cancel();
    bool is_cancelled() const;

private:
    friend class HttpClient;
    struct State;
    std::shared_ptr<State> state_;  // copies of a Cancellation are the same wish
};

struct HttpOutcome {
    enum class End {
        complete,   // the body ended as its framing says, or the connection closed where it has none. This proves
                    // nothing about the answer
        refused,    // the receiver said false
        cancelled,  // Cancellation::cancel()
        failed      // see `error`
    };
    End end = End::failed;
    Phase phase = Phase::resolve;  // the last one reached
    int status = 0;                // 0 where no head arrived
    // For `failed`: kind resolve, connection, tls, timeout, limit, own_limit or protocol (usage: the request itself
    // cannot be sent); the message says what happened in words that go on from "SERVER …": "refused the connection",
    // "closed the connection", "sent no token for 300 s", "cannot be trusted: the certificate has expired". A timeout
    // of `connect`, `no_progress` or `total` is named with its limit in seconds.
    Error error;
    std::uint64_t body_bytes = 0;
};

// Addresses (numeric, in the order to try) of a host name, or an error `resolve`. Runs on a helper thread; may block
// for ever.
using Resolver = std::function<Result<std::vector<std::string>>(const std::string& host)>;
Result<std::vector<std::string>> system_resolver(const std::string& host);  // getaddrinfo

class TlsAuthorities;

// Copies share the system's TLS authorities, which are read when the first of them asks an https server.
class HttpClient {
public:
    explicit HttpClient(std::shared_ptr<const base::Clock> clock, Resolver resolver = system_resolver);

    HttpOutcome perform(const HttpRequest& request, const Deadlines& deadlines, HttpReceiver& receiver,
                        const Cancellation& cancellation, const HttpLimits& limits = {}) const;

    // A small body read whole, for manifests and states. Errors: as HttpOutcome, and `limit` above `max_bytes`. A
    // status that is no success is no error here: the caller reads it.
    struct Body {
        ResponseHead head;
        std::string bytes;
    };
    Result<Body> fetch(const HttpRequest& request, const Deadlines& deadlines, std::size_t max_bytes,
                       const Cancellation& cancellation) const;

private:
    std::shared_ptr<const base::Clock> clock_;
    Resolver resolver_;
    std::shared_ptr<TlsAuthorities> authorities_;
};

// Writing to a connection that the server has closed must be an error, not the end of the program. Call once in main().
void ignore_sigpipe();

}  // namespace llmc::net
