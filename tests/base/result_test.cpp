#include "base/result.h"

#include <memory>
#include <string>

#include <doctest/doctest.h>

namespace llmc::base {
namespace {

TEST_CASE("every kind of error has a stable word that leads back to it") {
    const std::pair<ErrorKind, const char*> kinds[] = {
        {ErrorKind::usage, "usage"},
        {ErrorKind::io, "io"},
        {ErrorKind::not_found, "not_found"},
        {ErrorKind::parse, "parse"},
        {ErrorKind::limit, "limit"},
        {ErrorKind::resolve, "resolve"},
        {ErrorKind::connection, "connection"},
        {ErrorKind::tls, "tls"},
        {ErrorKind::timeout, "timeout"},
        {ErrorKind::http, "http"},
        {ErrorKind::protocol, "protocol"},
        {ErrorKind::server_error, "server_error"},
        {ErrorKind::context_limit, "context_limit"},
        {ErrorKind::rate_limit, "rate_limit"},
        {ErrorKind::auth, "auth"},
        {ErrorKind::model, "model"},
        {ErrorKind::cut_off, "cut_off"},
        {ErrorKind::empty, "empty"},
        {ErrorKind::cancelled, "cancelled"},
        {ErrorKind::internal, "internal"},
    };
    // own_limit has the word of limit.
    CHECK(std::size(kinds) == static_cast<std::size_t>(ErrorKind::internal));
    CHECK(error_kind_name(ErrorKind::own_limit) == "limit");
    for (const auto& [kind, name] : kinds) {
        CHECK(error_kind_name(kind) == name);
        CHECK(error_kind_from(name) == kind);
    }
}

TEST_CASE("an unknown word or number for a kind of error is internal") {
    CHECK(error_kind_from("") == ErrorKind::internal);
    CHECK(error_kind_from("Usage") == ErrorKind::internal);
    CHECK(error_kind_name(static_cast<ErrorKind>(200)) == "internal");
}

TEST_CASE("a result holds a value or an error") {
    Result<std::string> good = std::string("text");
    CHECK(good.ok());
    CHECK(*good == "text");
    CHECK(good->size() == 4);

    const Result<std::string> bad = Error{ErrorKind::io, "cannot"};
    CHECK_FALSE(bad);
    CHECK(bad.error() == Error{ErrorKind::io, "cannot"});

    CHECK(Result<void>());
    CHECK(Result<void>(Error{ErrorKind::tls, "no"}).error().kind == ErrorKind::tls);
}

TEST_CASE("a value that can only be moved leaves a result") {
    Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
    const std::unique_ptr<int> value = *std::move(result);
    CHECK(*value == 7);
}

}  // namespace
}  // namespace llmc::base
