#include "net/base_url.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "base/ascii.h"

namespace llmc::net {
namespace {

using base::is_letter_or_digit;
using base::to_lower;

constexpr std::string_view kWhite = " \t\r\n\v\f";

Error bad(std::string message) {
    return Error{ErrorKind::usage, std::move(message)};
}

bool ends_with_label(std::string_view host, std::string_view suffix) {
    return host.size() > suffix.size() && host.ends_with(suffix) && host[host.size() - suffix.size() - 1] == '.';
}

std::optional<std::array<unsigned char, 4>> as_ipv4(const std::string& host) {
    std::array<unsigned char, 4> bytes{};
    if (inet_pton(AF_INET, host.c_str(), bytes.data()) != 1) return std::nullopt;
    return bytes;
}

// The address of an IPv6 host, its zone ("%eth0") left out.
std::optional<std::array<unsigned char, 16>> as_ipv6(const std::string& host) {
    std::array<unsigned char, 16> bytes{};
    if (inet_pton(AF_INET6, host.substr(0, host.find('%')).c_str(), bytes.data()) != 1) return std::nullopt;
    return bytes;
}

// The shortest spelling of an IPv6 address with its zone, so that two spellings give one host.
Result<std::string> normal_ipv6(std::string_view text) {
    const std::string host = to_lower(text.substr(0, text.find('%')));
    std::string_view zone = text.size() > host.size() ? text.substr(host.size() + 1) : std::string_view();
    if (zone.starts_with("25") && zone.size() > 2) zone.remove_prefix(2);  // "%25" is how a URL spells "%"
    const auto bytes = as_ipv6(host);
    const bool has_zone = host.size() != text.size();
    const bool good_zone = std::all_of(
        zone.begin(), zone.end(), [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.'; });
    if (!bytes || !good_zone || (has_zone && zone.empty())) {
        return bad(fmt::format("\"{}\" is not an IPv6 address.", text));
    }
    std::array<char, INET6_ADDRSTRLEN> normal{};
    inet_ntop(AF_INET6, bytes->data(), normal.data(), normal.size());
    std::string result = normal.data();
    if (has_zone) result.append("%").append(zone);
    return result;
}

Result<std::string> normal_name(std::string_view text) {
    if (text.empty()) return bad("The address has no host name.");
    if (text.size() > 253) return bad("The host name is longer than 253 characters.");
    for (const char c : text) {
        if (is_letter_or_digit(c) || c == '.' || c == '-' || c == '_') continue;
        if (static_cast<unsigned char>(c) >= 0x80) {
            return bad(fmt::format("The host name \"{}\" has letters beyond ASCII: write its \"xn--\" form.", text));
        }
        return bad(fmt::format("The host name \"{}\" has a character that no host name can have.", text));
    }
    if (text.front() == '.' || text.find("..") != std::string_view::npos) {
        return bad(fmt::format("The host name \"{}\" has an empty part.", text));
    }
    return to_lower(text);
}

Result<int> parse_port(std::string_view text) {
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    const bool is_digits = !text.empty() && base::is_digit(text.front());
    if (!is_digits || error != std::errc() || end != text.data() + text.size() || port < 1 || port > 65535) {
        return bad(fmt::format("\"{}\" is not a port: a port is a number from 1 to 65535.", text));
    }
    return port;
}

struct Authority {
    std::string host;
    std::optional<int> port;
};

Result<Authority> parse_authority(std::string_view text) {
    if (text.empty()) return bad("The address has no host name.");
    Authority result;
    std::optional<std::string_view> port;
    if (text.front() == '[') {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return bad("The IPv6 address has no closing bracket.");
        auto host = normal_ipv6(text.substr(1, close - 1));
        if (!host) return host.error();
        result.host = *host;
        const std::string_view rest = text.substr(close + 1);
        if (!rest.empty() && rest.front() != ':')
            return bad("Only a port can follow the closing bracket of an IPv6 address.");
        if (!rest.empty()) port = rest.substr(1);
    } else if (std::count(text.begin(), text.end(), ':') > 1) {
        auto host = normal_ipv6(text);
        if (!host) return bad(host.error().message + " (An IPv6 address with a port is written as [address]:port.)");
        result.host = *host;
    } else {
        const auto colon = text.find(':');
        auto host = normal_name(text.substr(0, colon));
        if (!host) return host.error();
        result.host = *host;
        if (colon != std::string_view::npos) port = text.substr(colon + 1);
    }
    if (port) {
        auto number = parse_port(*port);
        if (!number) return number.error();
        result.port = *number;
    }
    return result;
}

// Endpoints of the OpenAI API that are pasted as addresses, below "/v1" and below other paths.
constexpr std::string_view kEndpoints[] = {"/chat/completions", "/completions", "/models", "/embeddings", "/responses"};
// What only below a "/v1" is surely no part of the address; all that follows goes with it.
constexpr std::string_view kBelowV1[] = {"chat",   "completions", "models", "embeddings",  "responses", "messages",
                                         "rerank", "audio",       "images", "moderations", "files",     "batches"};
// Other pages and endpoints of local servers, which lie at their root.
constexpr std::string_view kPages[] = {
    "/api/tags", "/api/ps",  "/api/chat",  "/api/generate", "/api/version",    "/api/embed",
    "/api/show", "/health",  "/v1/health", "/props",        "/slots",          "/metrics",
    "/tokenize", "/version", "/docs",      "/index.html",   "/api/embeddings", "/openapi.json"};

void strip_slashes(std::string& path) {
    while (path.ends_with('/')) path.pop_back();
}

void cut_endpoint(std::string& path) {
    if (std::find(std::begin(kPages), std::end(kPages), path) != std::end(kPages)) path.clear();
    constexpr std::string_view kV1 = "/v1/";
    if (const auto v1 = path.rfind(kV1); v1 != std::string::npos) {
        const std::string_view below = std::string_view(path).substr(v1 + kV1.size());
        const std::string_view first = below.substr(0, below.find('/'));
        if (std::find(std::begin(kBelowV1), std::end(kBelowV1), first) != std::end(kBelowV1)) path.resize(v1 + 3);
    }
    for (const std::string_view endpoint : kEndpoints) {
        if (!path.ends_with(endpoint)) continue;
        path.resize(path.size() - endpoint.size());
        break;
    }
}

// Where the OpenAI API begins in the path of an address: its "/v1", or the path as it is.
Result<std::string> parse_path(std::string_view text) {
    std::string path;
    for (const char c : text) {
        if (c <= ' ' || c >= 0x7f || c == '\\' || c == '"')
            return bad("The path of the address has a character that no path can have.");
        if (c != '/' || !path.ends_with('/')) path += c;
    }
    strip_slashes(path);
    cut_endpoint(path);
    strip_slashes(path);
    return path.empty() ? "/v1" : path;
}

}  // namespace

Result<BaseUrl> BaseUrl::parse(std::string_view text) {
    text = base::trim(text, kWhite);
    if (text.empty()) return bad("The address is empty.");
    if (text.find_first_of(kWhite) != std::string_view::npos || text.find('\0') != std::string_view::npos) {
        return bad("The address has a blank inside.");
    }

    BaseUrl url;
    if (const auto colon = text.find("://"); colon != std::string_view::npos && colon < text.find('/')) {
        const std::string scheme = to_lower(text.substr(0, colon));
        if (scheme != "http" && scheme != "https") {
            return bad(fmt::format("\"{}://\" is not supported: an address starts with http:// or https://.", scheme));
        }
        url.is_https_ = scheme == "https";
        text.remove_prefix(colon + 3);
    }
    text = text.substr(0, text.find_first_of("?#"));

    const auto slash = text.find('/');
    const std::string_view authority_text = text.substr(0, slash);
    // Not quoted: it may hold a password.
    if (authority_text.find('@') != std::string_view::npos) {
        return bad("An address cannot have a user name or password (\"@\"): keys are set apart from it.");
    }
    auto authority = parse_authority(authority_text);
    if (!authority) return authority.error();
    auto path = parse_path(slash == std::string_view::npos ? std::string_view() : text.substr(slash));
    if (!path) return path.error();

    url.host_ = authority->host;
    url.has_explicit_port_ = authority->port.has_value();
    url.port_ = authority->port.value_or(url.is_https_ ? 443 : 80);
    url.path_ = *std::move(path);
    return url;
}

BaseUrl BaseUrl::with_port(int port) const {
    BaseUrl result = *this;
    result.port_ = port;
    result.has_explicit_port_ = true;
    return result;
}

std::vector<BaseUrl> BaseUrl::places() const {
    std::vector<BaseUrl> places{*this};
    if (path_.ends_with("/v1") && path_ != "/v1") return places;
    BaseUrl& other = places.emplace_back(*this);
    other.path_ = path_ == "/v1" ? "" : path_ + "/v1";
    return places;
}

bool BaseUrl::is_loopback() const {
    if (host_ == "localhost" || ends_with_label(host_, "localhost")) return true;
    if (const auto v4 = as_ipv4(host_)) return (*v4)[0] == 127;
    return host_ == "::1" || host_.starts_with("::ffff:127.");
}

bool BaseUrl::is_local_network() const {
    if (is_loopback()) return false;
    if (const auto v4 = as_ipv4(host_)) {
        const auto [a, b, c, d] = *v4;
        return a == 10 || (a == 172 && (b & 0xf0) == 16) || (a == 192 && b == 168) || (a == 169 && b == 254);
    }
    if (const auto v6 = as_ipv6(host_)) {
        const bool is_link_local = (*v6)[0] == 0xfe && ((*v6)[1] & 0xc0) == 0x80;
        const bool is_unique_local = ((*v6)[0] & 0xfe) == 0xfc;
        return is_link_local || is_unique_local;
    }
    return host_.find('.') == std::string::npos || ends_with_label(host_, "local");
}

std::string BaseUrl::host_port() const {
    std::string result = host_;
    if (host_.find(':') != std::string::npos) {
        result.insert(result.begin(), '[');
        result.push_back(']');
    }
    return result + ":" + std::to_string(port_);
}

std::string BaseUrl::text() const {
    return path_ == "/v1" ? origin() : origin() + path_;
}

std::string BaseUrl::origin() const {
    return (is_https_ ? "https://" : "http://") + host_port();
}

std::string BaseUrl::openai_path(std::string_view below) const {
    return path_ + std::string(below);
}

std::string BaseUrl::native_path(std::string_view path) const {
    const std::string_view root = path_;
    return std::string(root.ends_with("/v1") ? root.substr(0, root.size() - 3) : root) + std::string(path);
}

}  // namespace llmc::net
