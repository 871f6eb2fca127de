#include "exchange.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "base/ascii.h"
#include "base/byte_size.h"
#include "base/utf8.h"

namespace llmc::net {
namespace {

// cpp-httplib's own limit; it knows it only once a line has ended. Its status line goes through std::regex, which needs
// some 140 bytes of stack for each character: a line of 80 000 would end the program.
constexpr std::size_t kMaxHeaderLine = 8192;

Error protocol_error(std::string message) {
    return Error{ErrorKind::protocol, std::move(message)};
}

// Whether `bytes` begin an interim answer: a status of 1xx but 101. Nothing: too few bytes to tell.
std::optional<bool> begins_interim(std::string_view bytes) {
    constexpr std::string_view kStatus = "HTTP/1.x 1";  // and two more digits
    for (std::size_t i = 0; i < std::min(bytes.size(), kStatus.size()); ++i)
        if (kStatus[i] != 'x' && bytes[i] != kStatus[i]) return false;
    if (bytes.size() < kStatus.size() + 2) return std::nullopt;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const std::string_view code = bytes.substr(kStatus.size(), 2);
    return is_digit(code[0]) && is_digit(code[1]) && code != "01";
}

// What cpp-httplib reads and writes. Collects the request and sends it as one when the answer is first asked for;
// skips interim answers, of which cpp-httplib knows "100 Continue" only; counts what the answer spends on anything but
// its body. The newer versions' functions are here too, so nothing is
// marked `override`.
class CountedStream final : public httplib::Stream {
public:
    CountedStream(Wire& wire, const HttpLimits& limits, RunningCall& call)
        : wire_(wire), limits_(limits), call_(call) {}

    bool is_readable() const { return true; }
    bool is_writable() const { return true; }
    bool wait_readable() const { return true; }
    bool wait_writable() const { return true; }
    bool is_peer_alive() const { return true; }
    void get_remote_ip_and_port(std::string&, int&) const {}
    void get_local_ip_and_port(std::string&, int&) const {}
    socket_t socket() const { return wire_.fd(); }
    time_t duration() const { return 0; }

    ssize_t write(const char* bytes, std::size_t size) {
        request_.append(bytes, size);
        return static_cast<ssize_t>(size);
    }

    ssize_t read(char* bytes, std::size_t size) {
        if (begin_ == end_) {
            if (!fill()) return -1;
            if (begin_ == end_) return 0;
        }
        const std::size_t count = std::min(size, end_ - begin_);
        std::memcpy(bytes, buffer_.data() + begin_, count);
        begin_ += count;
        overhead_ += count;
        if (!is_within_limits({bytes, count})) return -1;
        return static_cast<ssize_t>(count);
    }

    void head_has_ended() {
        is_in_head_ = false;
        overhead_ = 0;
    }
    // What was read last was of the body.
    void body_has_come() { overhead_ = 0; }

    const std::optional<Error>& failure() const { return failure_; }
    bool has_ended() const { return has_ended_; }
    bool has_answered() const { return has_answered_; }
    base::TimePoint request_started() const { return request_started_; }

private:
    // Gets the next bytes of the final answer into the buffer, or the end. False: failure_ is set.
    bool fill() {
        if (!failure_ && !is_sent_) send();
        while (!failure_ && !has_ended_) {
            if (!read_more()) return false;
            if (has_answered_) break;
            if (has_ended_)
                has_answered_ = begin_ < end_;
            else if (!skip_interim())
                return false;
            if (has_answered_) call_.enter(Phase::waiting);
            if (has_answered_) break;
        }
        return !failure_;
    }

    // Behind what the buffer holds of a head that cannot be told yet.
    bool read_more() {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= std::exchange(begin_, 0);
        const auto count = wire_.read(buffer_.data() + end_, buffer_.size() - end_);
        if (!count) {
            // A server that refuses a long request early may cut it off: what it answered is worth more than the broken
            // pipe.
            failure_ = send_failure_ && count.error().kind == ErrorKind::connection ? *send_failure_ : count.error();
            return false;
        }
        end_ += *count;
        has_ended_ = *count == 0;
        if (has_ended_ && !has_answered_ && send_failure_) failure_ = send_failure_;
        return !failure_;
    }

    // Leaves out of the buffer what belongs to interim answers; has_answered_ where the final one has begun. False:
    // failure_ is set.
    bool skip_interim() {
        while (begin_ < end_) {
            const std::string_view held(buffer_.data() + begin_, end_ - begin_);
            if (!is_in_interim_) {
                if (held.front() != 'H') failure_ = not_http(held.front());
                const auto is_interim = begins_interim(held);
                has_answered_ = is_interim == false;
                if (!is_interim || !*is_interim) return !failure_;
                is_in_interim_ = true;
            }
            // A line break after an empty line: the end of its head.
            std::size_t used = 0;
            while (used < held.size() && is_in_interim_ && line_ <= kMaxHeaderLine) {
                const char c = held[used++];
                is_in_interim_ = c != '\n' || line_ > 0;
                if (c != '\r') line_ = c == '\n' ? 0 : line_ + 1;
            }
            begin_ += used;
            overhead_ += used;
            if (!is_within_limits({})) return false;
        }
        return true;
    }

    void send() {
        is_sent_ = true;
        call_.enter(Phase::send);
        request_started_ = call_.waits.now();
        call_.receiver.on_sending(call_, request_started_);
        if (auto sent = wire_.write(request_); sent) {
            call_.enter(Phase::waiting);
        } else if (sent.error().kind == ErrorKind::connection) {
            send_failure_ = sent.error();
        } else {
            failure_ = sent.error();
        }
        request_ = {};
    }

    // A server that does not begin with "HTTP/1." need not be waited for.
    static Error not_http(char first) {
        constexpr char kTlsAlert = 0x15;
        return protocol_error(first == kTlsAlert ? "answered with TLS: perhaps its address starts with https://"
                                                 : "gave an answer that is not HTTP/1.1");
    }

    bool is_within_limits(std::string_view bytes) {
        if (is_in_head_) {
            for (const char c : bytes) line_ = c == '\n' ? 0 : line_ + 1;
            if (line_ > kMaxHeaderLine) {
                failure_ = Error{ErrorKind::limit, "sent a header line longer than " + base::byte_size(kMaxHeaderLine)};
                return false;
            }
        }
        // A read of the body counts until its bytes are passed on.
        const std::size_t limit = is_in_head_ ? limits_.header_bytes : std::max(limits_.header_bytes, buffer_.size());
        if (overhead_ <= limit) return true;
        const char* what = is_in_head_ ? "sent headers of more than " : "sent chunk framing or trailers of more than ";
        failure_ = Error{ErrorKind::limit, what + base::byte_size(limit)};
        return false;
    }

    Wire& wire_;
    const HttpLimits limits_;
    RunningCall& call_;
    std::string request_;
    bool is_sent_ = false;
    base::TimePoint request_started_{};
    std::optional<Error> send_failure_;
    std::optional<Error> failure_;
    bool has_ended_ = false;
    bool has_answered_ = false;
    bool is_in_interim_ = false;
    bool is_in_head_ = true;
    std::size_t line_ = 0;      // bytes of the header line being read
    std::size_t overhead_ = 0;  // bytes read since the beginning, or the last part of the body
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::array<char, 16384> buffer_;
};

// process_request() is what send() of cpp-httplib calls with a connection of its own. It is protected in all versions.
class Parser final : public httplib::ClientImpl {
public:
    using ClientImpl::ClientImpl;
    using ClientImpl::process_request;
};

std::string header(const httplib::Response& response, const char* name) {
    // Header values of cpp-httplib are percent-decoded: a line break can be in them.
    return base::for_terminal_line(response.get_header_value(name));
}

// A header value as a message quotes it.
std::string quoted(const std::string& value) {
    constexpr std::size_t kLongest = 80;
    return '"' + value.substr(0, base::utf8_cut(value, kLongest)) + '"';
}

// Why this head cannot be followed by a body that can be trusted, if so.
std::optional<Error> fault_of(const httplib::Response& response) {
    if (response.status < 200)
        return protocol_error("wants to speak another protocol (status " + std::to_string(response.status) + ")");
    const std::string content_encoding = base::to_lower(header(response, "Content-Encoding"));
    if (!content_encoding.empty() && content_encoding != "identity") {
        return protocol_error("answered with Content-Encoding " + quoted(content_encoding) +
                              " although identity was asked for");
    }
    const std::string transfer_encoding = base::to_lower(header(response, "Transfer-Encoding"));
    if (transfer_encoding == "chunked") return std::nullopt;
    if (!transfer_encoding.empty()) {
        return protocol_error("answered with Transfer-Encoding " + quoted(transfer_encoding) +
                              ", which was not asked for");
    }
    const auto lengths = response.headers.equal_range("Content-Length");
    for (auto length = lengths.first; length != lengths.second; ++length) {
        const std::string& text = length->second;
        const bool is_number =
            !text.empty() && text.size() <= 18 && text.find_first_not_of("0123456789") == std::string::npos;
        if (!is_number || text != lengths.first->second) {
            return protocol_error("sent a Content-Length that is no length: " + quoted(base::for_terminal_line(text)));
        }
    }
    return std::nullopt;
}

// The answer as it comes out of cpp-httplib.
class Answer {
public:
    Answer(CountedStream& stream, RunningCall& call) : stream_(stream), call_(call) {}

    // False: no more is wanted, or can be.
    bool take_head(const httplib::Response& response) {
        has_head_ = true;
        stream_.head_has_ended();
        call_.outcome.status = response.status;
        call_.enter(Phase::streaming);
        fault_ = fault_of(response);
        if (fault_) return false;
        ResponseHead head;
        head.status = response.status;
        head.content_type = base::to_lower(header(response, "Content-Type"));
        head.location = header(response, "Location");
        head.retry_after = header(response, "Retry-After");
        head.retry_after_ms = header(response, "Retry-After-Ms");
        head.date = header(response, "Date");
        head.server = header(response, "Server");
        head.request_started = stream_.request_started();
        is_refused_ = !call_.receiver.on_head(head);
        return !is_refused_;
    }

    bool take_body(std::string_view bytes) {
        stream_.body_has_come();
        call_.outcome.body_bytes += bytes.size();
        is_refused_ = !call_.receiver.on_body(bytes);
        return !is_refused_;
    }

    // How the exchange has ended: our own reasons first, since cpp-httplib calls most of them "Read".
    void end(bool is_success, const httplib::Response& response) {
        // A status without a body does not always come to the handler of heads.
        if (is_success && !has_head_) take_head(response);
        if (stream_.failure()) return call_.fail(*stream_.failure());
        if (fault_) return call_.fail(*fault_);
        if (is_refused_) {
            call_.outcome.end = HttpOutcome::End::refused;
        } else if (is_success) {
            call_.outcome.end = HttpOutcome::End::complete;
        } else {
            call_.fail(failure(response));
        }
    }

private:
    Error failure(const httplib::Response& response) const {
        if (call_.outcome.phase < Phase::send)
            return {ErrorKind::usage, "cannot be asked: cpp-httplib refuses the request"};
        if (stream_.has_ended()) {
            if (!stream_.has_answered()) return {ErrorKind::connection, "closed the connection without an answer"};
            return {ErrorKind::connection, "closed the connection in the middle of its answer"};
        }
        if (has_head_) return protocol_error("broke the framing of its answer");
        const bool has_status = response.status > 0;
        return protocol_error(has_status ? "sent headers that break the rules of HTTP"
                                         : "gave an answer that is not HTTP/1.1");
    }

    CountedStream& stream_;
    RunningCall& call_;
    bool has_head_ = false;
    bool is_refused_ = false;
    std::optional<Error> fault_;
};

// "host" or "host:port" of the Host header: a usual port is left out, since some proxies know names only, and so is an
// IPv6 zone.
std::string host_header(const BaseUrl& server) {
    const bool is_ipv6 = server.host().find(':') != std::string::npos;
    const std::string host =
        is_ipv6 ? fmt::format("[{}]", server.host().substr(0, server.host().find('%'))) : server.host();
    const bool is_usual_port = server.port() == (server.is_https() ? 443 : 80);
    return is_usual_port ? host : fmt::format("{}:{}", host, server.port());
}

httplib::Headers headers_of(const HttpRequest& request) {
    const httplib::Headers ours{
        {"Host", host_header(request.server)}, {"Accept-Encoding", "identity"}, {"Connection", "close"}};
    httplib::Headers headers = ours;
    for (const auto& [name, value] : request.headers) {
        const bool is_ours = ours.count(name) != 0 || base::to_lower(name) == "content-length" ||
                             base::to_lower(name) == "transfer-encoding";
        if (!is_ours) headers.emplace(name, value);
    }
    if (headers.count("User-Agent") == 0) headers.emplace("User-Agent", "llm-compare");
    return headers;
}

}  // namespace

void exchange(const HttpRequest& request, const HttpLimits& limits, Wire& wire, RunningCall& call) {
    CountedStream stream(wire, limits, call);
    Answer answer(stream, call);

    httplib::Request message;
    message.method = request.method;
    message.path = request.path;
    message.headers = headers_of(request);
    message.body = request.body;
    message.response_handler = [&answer](const httplib::Response& response) { return answer.take_head(response); };
    // The types of offset and length differ between versions.
    message.content_receiver = [&answer](const char* bytes, std::size_t size, auto, auto) {
        return answer.take_body({bytes, size});
    };

    Parser parser(request.server.host(), request.server.port());
    parser.set_decompress(false);
    httplib::Response response;
    httplib::Error error{};
    const bool is_success = parser.process_request(stream, message, response, true, error);
    answer.end(is_success, response);
    if (call.outcome.end == HttpOutcome::End::complete) wire.close();
}

}  // namespace llmc::net
