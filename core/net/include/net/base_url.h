// The address of a server as users write it, and the paths below it.
//
// Thread contract: plain values.
// Invariants: a BaseUrl is always usable: scheme http or https, a host without brackets, blanks or control characters,
// port 1-65535, a path that is empty or starts with "/" and does not end with one, no user info, query or fragment.
// cpp-httplib takes only scheme://host:port, so everything else is parsed here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace llmc::net {

class BaseUrl {
public:
    BaseUrl() = default;  // http://127.0.0.1, so that the invariant holds

    // Takes "host", "host:port", "[::1]:8080", "http://host:port/", "https://host/v1", with blanks around it. Without a
    // scheme: http. A bare IPv6 address without brackets is accepted when it has no port. What people paste is cut back
    // to the server's address: an endpoint ("/v1/chat/completions", "/api/tags"), a query, a fragment. Errors: `usage`,
    // saying what is wrong with the text.
    static Result<BaseUrl> parse(std::string_view text);

    bool is_https() const { return is_https_; }
    const std::string& host() const { return host_; }  // IPv6 without brackets; names in lower case
    int port() const { return port_; }
    bool has_explicit_port() const { return has_explicit_port_; }

    BaseUrl with_port(int port) const;
    // Where the paths of the OpenAI API may begin, in the order to try: at "/v1" and at the root for an address without
    // another path; else as the path is, and with "/v1" added. The first is this one.
    std::vector<BaseUrl> places() const;

    // This machine: "localhost" and names below it, 127.0.0.0/8, ::1.
    bool is_loopback() const;
    // A private address: RFC 1918, link-local, unique local IPv6, or a name without dots or in .local.
    bool is_local_network() const;

    // "host:port" ("[::1]:8080" for IPv6): how messages and reports name a server without a name.
    std::string host_port() const;
    // The normal form: "http://host:port" and the path, without a "/v1" that stands alone; two texts for one server
    // give one.
    std::string text() const;
    // What cpp-httplib takes: "http://host:port".
    std::string origin() const;

    // Paths on the server. `below` starts with "/": for "http://host/x/v1" openai_path("/chat/completions") is
    // "/x/v1/chat/completions", and native_path("/api/v0/models") is "/x/api/v0/models".
    std::string openai_path(std::string_view below) const;
    std::string native_path(std::string_view path) const;

    bool operator==(const BaseUrl&) const = default;

private:
    bool is_https_ = false;
    bool has_explicit_port_ = false;
    int port_ = 80;
    std::string host_ = "127.0.0.1";
    std::string path_ = "/v1";  // of the OpenAI API
};

}  // namespace llmc::net
