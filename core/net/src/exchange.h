// One HTTP/1.1 request and its answer over a connected wire.
//
// Thread contract: the request's thread. Includes no cpp-httplib: exchange.cpp is the one file that does.
#pragma once

#include "net/http.h"
#include "waits.h"
#include "wire.h"

namespace llmc::net {

// A request on its way: its phase, told to the receiver, and its outcome so far.
class RunningCall final : public HttpCall {
public:
    RunningCall(Waits& call_waits, base::Duration no_progress, HttpReceiver& call_receiver)
        : waits(call_waits), receiver(call_receiver), no_progress_(no_progress) {}

    void progress() override { waits.progress(no_progress_); }
    void progress(base::Duration within) override { waits.progress(within); }

    void enter(Phase phase) {
        if (phase == outcome.phase) return;
        outcome.phase = phase;
        receiver.on_phase(phase);
    }
    // An error of kind `cancelled` is End::cancelled.
    void fail(Error error) {
        outcome.end = error.kind == ErrorKind::cancelled ? HttpOutcome::End::cancelled : HttpOutcome::End::failed;
        outcome.error = std::move(error);
    }

    Waits& waits;
    HttpReceiver& receiver;
    HttpOutcome outcome;

private:
    base::Duration no_progress_;
};

// Sends the request, receives the answer; leaves how it ended in call.outcome. The request's parts are known to be
// valid.
void exchange(const HttpRequest& request, const HttpLimits& limits, Wire& wire, RunningCall& call);

}  // namespace llmc::net
