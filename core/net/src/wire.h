// The bytes of one connection, plain or TLS, with waits that always end.
//
// Thread contract: one thread.
// Errors of both functions: `cancelled`, `timeout`, `connection`, `tls`.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"
#include "tls.h"
#include "waits.h"

namespace llmc::net {

class Wire {
public:
    Wire(base::UniqueFd fd, std::optional<TlsSession> tls, Waits& waits)
        : fd_(std::move(fd)), tls_(std::move(tls)), waits_(waits) {}

    // Some bytes, as soon as there are any; 0 at the end of the stream. A stream of more than some 4 000 reads a second
    // (no model is that fast, a server that sends from a cache is) is read in slices of 1 ms: it then costs a quarter
    // of the system calls.
    Result<std::size_t> read(char* bytes, std::size_t size);
    // All of them.
    Result<void> write(std::string_view bytes);
    // Ends a TLS session in good order. The connection itself ends with the object.
    void close();

    int fd() const { return fd_.get(); }

private:
    Result<void> wait_after_failure(short plain_events);
    Result<void> wait_for_more();

    base::UniqueFd fd_;
    std::optional<TlsSession> tls_;  // after fd_: goes first
    Waits& waits_;
    bool is_drained_ = false;  // the last read took all there was
    int reads_ = 0;            // since reads_begun_
    base::TimePoint reads_begun_{};
};

}  // namespace llmc::net
