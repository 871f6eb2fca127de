// The bytes of a server's answer, at once and in parts, through the HTTP client and what reads its bodies.
//
// The first byte chooses how many parts there are. The connection is a pair of local sockets that keep the borders
// between parts, so that no thread has to time them.
#include <algorithm>
#include <string>

#include <sys/socket.h>

#include "../../core/net/src/exchange.h"
#include "base/utf8.h"
#include "openai/server_error.h"
#include "targets.h"
#include "text_sink.h"

namespace llmc::fuzz {
namespace {

constexpr std::size_t kMaxParts = 30;       // more reads in a moment are slowed down (net/src/wire.h)
constexpr std::size_t kMaxPart = 16384;     // what one read takes
constexpr std::size_t kMaxBytes = 100'000;  // what the sockets take without a reader

struct Received final : net::HttpReceiver {
    bool on_head(const net::ResponseHead& head) override {
        promise(heads++ == 0, "one head");
        for (const std::string* text : {&head.content_type, &head.location, &head.retry_after, &head.server})
            promise(base::for_terminal_line(*text) == *text, "no control character comes out of a header");
        promise(head.status >= 200, "no interim answer is passed on");
        content_type = head.content_type;
        return true;
    }
    bool on_body(std::string_view bytes) override {
        promise(heads == 1, "the head comes before the body");
        body += bytes;
        return true;
    }

    int heads = 0;
    std::string content_type, body;
};

struct Asked {
    net::HttpOutcome outcome;
    Received received;
};

Asked ask(std::string_view answer, std::size_t part) {
    int ends[2];
    promise(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0, "there are sockets");
    base::UniqueFd ours(ends[0]);
    const base::UniqueFd server(ends[1]);
    for (; !answer.empty(); answer.remove_prefix(std::min(part, answer.size()))) {
        const std::string_view bytes = answer.substr(0, part);
        const auto sent = send(server.get(), bytes.data(), bytes.size(), 0);
        promise(sent == static_cast<ssize_t>(bytes.size()), "the sockets take all parts");
    }
    shutdown(server.get(), SHUT_WR);

    const base::SystemClock clock;
    const net::Deadlines deadlines;
    const base::Wakeup nobody_cancels;
    net::Waits waits(clock, deadlines, nobody_cancels);
    waits.set_connected();
    Asked asked;
    net::RunningCall call(waits, deadlines.no_progress, asked.received);
    net::Wire wire(std::move(ours), std::nullopt, waits);
    const net::HttpRequest request{.method = "POST",
                                   .server = net::BaseUrl::parse("http://127.0.0.1:1").value(),
                                   .path = "/v1/chat/completions",
                                   .body = "{}"};
    net::exchange(request, {.header_bytes = 32 << 10}, wire, call);
    asked.outcome = std::move(call.outcome);
    return asked;
}

void read_body(const Asked& asked) {
    const Received& received = asked.received;
    if (asked.outcome.status == 200) {
        TextSink sink;
        openai::AnswerDecoder decoder(received.content_type);
        decoder.feed(received.body, sink);
        decoder.finish(sink);
        return;
    }
    const auto error = openai::read_error_body(asked.outcome.status, received.content_type, received.body);
    promise(!error.message.empty() && error.message.size() <= 2000, "a server's error has words, not too many");
    promise(base::is_valid_utf8(error.message), "a server's error is valid UTF-8");
}

}  // namespace

void http_response(std::string_view bytes) {
    if (bytes.empty()) return;
    const auto choice = static_cast<unsigned char>(bytes[0]);
    bytes = bytes.substr(1, kMaxBytes);
    const Asked whole = ask(bytes, kMaxPart);
    const Asked parts = ask(bytes, std::clamp<std::size_t>(bytes.size() / (1 + choice % kMaxParts),
                                                           1 + bytes.size() / kMaxParts, kMaxPart));
    for (const Asked* asked : {&whole, &parts}) {
        using End = net::HttpOutcome::End;
        promise(asked->outcome.end == End::complete || asked->outcome.end == End::failed, "it ends by itself");
        promise(asked->outcome.body_bytes == asked->received.body.size(), "all of the body is counted");
        if (asked->outcome.end == End::failed) {
            const std::string& message = asked->outcome.error.message;
            promise(!message.empty() && base::for_terminal_line(message) == message, "an error has clean words");
        }
        if (asked->received.heads == 1) read_body(*asked);
    }
    // Limits may be met a part later; all else is the same.
    if (whole.outcome.error.kind == ErrorKind::limit || parts.outcome.error.kind == ErrorKind::limit) return;
    promise(whole.outcome.end == parts.outcome.end && whole.outcome.status == parts.outcome.status,
            "cuts do not change how an answer ends");
    promise(whole.received.body == parts.received.body, "cuts do not change the body");
}

}  // namespace llmc::fuzz
