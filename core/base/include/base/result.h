// Errors as values: what a function that can fail gives back.
//
// Thread contract: plain values.
// Invariants: a Result holds either a value or an Error, never both; reading the wrong one is a programming error and
// ends the program. An Error's message is a sentence for people, without the name of the caller; `kind` is for programs
// and stands in reports as a word (error_kind_name), so names are never changed.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace llmc::base {

enum class ErrorKind {
    usage,          // wrong arguments or settings
    io,             // a file or folder could not be read or written
    not_found,      // a file, model, server or name that is not there
    parse,          // text that is not what it should be (file formats)
    limit,          // one of the limits of product.md section 5 was exceeded
    own_limit,      // this program has no descriptor, thread or memory left: no server is at fault
    resolve,        // a host name has no address
    connection,     // refused, unreachable, reset, closed
    tls,            // handshake or certificate
    timeout,        // a deadline passed
    http,           // a status that is no success and nothing more specific
    protocol,       // an answer that is not HTTP, SSE or the OpenAI format
    server_error,   // the server said in words that it failed
    context_limit,  // prompt and answer do not fit into the model's context
    rate_limit,     // 429 or an overloaded server, after the retries
    auth,           // 401 or 403
    model,          // the server does not have or cannot load the model
    cut_off,        // a stream without an end
    empty,          // an end without an answer
    cancelled,      // somebody asked for the end
    internal        // a defect of this program
};

// The stable word for a kind, for reports and events: "context_limit", "timeout", … An own_limit is a "limit" there.
std::string_view error_kind_name(ErrorKind kind);

// The kind for a word; `internal` for an unknown word.
ErrorKind error_kind_from(std::string_view name);

struct Error {
    ErrorKind kind = ErrorKind::internal;
    std::string message;

    bool operator==(const Error&) const = default;
};

template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() & { return ok() ? *std::get_if<0>(&state_) : die(); }
    const T& value() const& { return ok() ? *std::get_if<0>(&state_) : const_cast<Result*>(this)->die(); }
    T&& value() && { return std::move(value()); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(value()); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const {
        if (ok()) std::abort();
        return *std::get_if<1>(&state_);
    }

private:
    [[noreturn]] T& die() { std::abort(); }

    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)), failed_(true) {}  // NOLINT(google-explicit-constructor)

    bool ok() const { return !failed_; }
    explicit operator bool() const { return ok(); }
    const Error& error() const {
        if (ok()) std::abort();
        return error_;
    }

private:
    Error error_;
    bool failed_ = false;
};

}  // namespace llmc::base

namespace llmc {
using base::Error;
using base::ErrorKind;
using base::Result;
}  // namespace llmc
