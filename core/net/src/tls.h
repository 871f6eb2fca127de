// TLS over a connected non-blocking socket: the handshake with its checks, then bytes.
//
// Thread contract: a session is of one thread at a time.
// Invariants: TLS 1.2 or newer; the chain and the host name (or address) are always verified. The process has to ignore
// SIGPIPE.
#pragma once

#include <memory>
#include <string>

#include <openssl/ssl.h>

#include "base/mutex.h"
#include "base/result.h"
#include "waits.h"

namespace llmc::net {

// Whom to trust. Reading the system's some 140 authorities takes 40 ms of computing, so they are read once; a file of
// the user's own is read each time.
//
// Thread contract: any thread.
class TlsAuthorities {
public:
    // Settings for connections that trust the PEM file `ca_file`, or the system's authorities where it is empty.
    // Errors: `tls`.
    Result<std::shared_ptr<SSL_CTX>> context(const std::string& ca_file);

private:
    base::Mutex mutex_;
    std::shared_ptr<SSL_CTX> system_ LLMC_GUARDED_BY(mutex_);
};

class TlsSession {
public:
    // `fd` has to outlive the session. Errors: `tls` with the reason in words, `connection`, `cancelled`, `timeout`.
    static Result<TlsSession> connect(int fd, const std::string& host, SSL_CTX& context, Waits& waits);

    // One step, as recv() and send() on a non-blocking socket: bytes, 0 at the end of the stream, or -1. Then
    // wanted_events() tells what to wait for before the next try; 0 where the connection has failed (errno tells why, 0
    // where it does not).
    ssize_t read(char* bytes, std::size_t size);
    ssize_t write(const char* bytes, std::size_t size);
    short wanted_events() const { return wanted_events_; }

    // Says good-bye, as far as that is possible without waiting.
    void close();

private:
    struct Free {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };
    explicit TlsSession(SSL* ssl) : ssl_(ssl) {}
    ssize_t take(int result);

    std::unique_ptr<SSL, Free> ssl_;
    short wanted_events_ = 0;
};

}  // namespace llmc::net
