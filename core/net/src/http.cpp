#include "net/http.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <exception>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/byte_size.h"
#include "base/wakeup.h"
#include "connect.h"
#include "exchange.h"
#include "resolve.h"
#include "tls.h"
#include "waits.h"
#include "wire.h"

namespace llmc::net {
namespace {

bool is_token(std::string_view text) {
    constexpr std::string_view kSigns = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return base::is_letter_or_digit(c) || kSigns.find(c) != std::string_view::npos;
    });
}

// What nobody may send. Values are not quoted: they may be keys.
Result<void> check_request(const HttpRequest& request) {
    const auto refuse = [](std::string what) { return Error{ErrorKind::usage, "cannot be asked: " + std::move(what)}; };
    if (request.method != "GET" && request.method != "POST") return refuse("the method is neither GET nor POST");
    const bool is_path = request.path.starts_with('/') && std::all_of(request.path.begin(), request.path.end(),
                                                                      [](char c) { return c > ' ' && c < 0x7f; });
    if (!is_path) return refuse("the path has a blank, a line break or a character beyond ASCII");
    for (const auto& [name, value] : request.headers) {
        if (!is_token(name)) return refuse("a header's name has a character that is not allowed");
        if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
            return refuse("the value of the header " + name + " has a line break or a NUL");
        }
    }
    return {};
}

Result<void> run(const HttpRequest& request, const HttpLimits& limits, const Resolver& resolver,
                 TlsAuthorities& authorities, RunningCall& call) {
    if (auto good = check_request(request); !good) return good;
    if (auto over = call.waits.check(); !over) return over;
    const auto addresses = resolve_host(request.server.host(), resolver, call.waits);
    if (!addresses) return addresses.error();

    call.enter(Phase::connect);
    auto fd = connect_to(*addresses, request.server.port(), call.waits);
    if (!fd) return fd.error();
    std::optional<TlsSession> tls;
    if (request.server.is_https()) {
        const auto context = authorities.context(request.ca_file);
        if (!context) return context.error();
        auto session = TlsSession::connect(fd->get(), request.server.host(), **context, call.waits);
        if (!session) return session.error();
        tls = std::move(*session);
    }
    call.waits.set_connected();

    Wire wire(std::move(*fd), std::move(tls), call.waits);
    exchange(request, limits, wire, call);
    return {};
}

class BodyReader final : public HttpReceiver {
public:
    explicit BodyReader(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    bool on_head(const ResponseHead& head) override {
        body.head = head;
        return true;
    }
    bool on_body(std::string_view bytes) override {
        if (bytes.size() > max_bytes_ - body.bytes.size()) return false;
        body.bytes.append(bytes);
        return true;
    }

    HttpClient::Body body;

private:
    std::size_t max_bytes_;
};

}  // namespace

struct Cancellation::State {
    base::Wakeup wish;
};

Cancellation::Cancellation() : state_(std::make_shared<State>()) {}

void Cancellation::cancel() {
    state_->wish.raise();
}

bool Cancellation::is_cancelled() const {
    return state_->wish.is_raised();
}

std::string_view phase_name(Phase phase) {
    switch (phase) {
        case Phase::resolve: return "resolve";
        case Phase::connect: return "connect";
        case Phase::send: return "send";
        case Phase::waiting: return "waiting";
        case Phase::streaming: break;
    }
    return "streaming";
}

HttpClient::HttpClient(std::shared_ptr<const base::Clock> clock, Resolver resolver)
    : clock_(std::move(clock)), resolver_(std::move(resolver)), authorities_(std::make_shared<TlsAuthorities>()) {}

HttpOutcome HttpClient::perform(const HttpRequest& request, const Deadlines& deadlines, HttpReceiver& receiver,
                                const Cancellation& cancellation, const HttpLimits& limits) const {
    Waits waits(*clock_, deadlines, cancellation.state_->wish);
    RunningCall call(waits, deadlines.no_progress, receiver);
    if (cancellation.state_->wish.fd() < 0) {
        call.fail(connection_error(EMFILE));
        return std::move(call.outcome);
    }
    try {
        if (auto ran = run(request, limits, resolver_, *authorities_, call); !ran) call.fail(ran.error());
    } catch (const std::exception& exception) {  // of cpp-httplib: no memory
        call.fail(Error{ErrorKind::internal, std::string("could not be asked: ") + exception.what()});
    }
    return std::move(call.outcome);
}

Result<HttpClient::Body> HttpClient::fetch(const HttpRequest& request, const Deadlines& deadlines,
                                           std::size_t max_bytes, const Cancellation& cancellation) const {
    BodyReader reader(max_bytes);
    HttpOutcome outcome = perform(request, deadlines, reader, cancellation);
    switch (outcome.end) {
        case HttpOutcome::End::complete: return std::move(reader.body);
        case HttpOutcome::End::refused: return Error{ErrorKind::limit, "sent more than " + base::byte_size(max_bytes)};
        case HttpOutcome::End::cancelled:
        case HttpOutcome::End::failed: break;
    }
    if (outcome.error.kind == ErrorKind::timeout && outcome.phase >= Phase::send && !deadlines.total) {
        // No tokens here: nothing but the whole body is progress.
        outcome.error.message =
            fmt::format("did not finish its answer within {:g} s", base::seconds(deadlines.no_progress));
    }
    return std::move(outcome.error);
}

void ignore_sigpipe() {
    std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace llmc::net
