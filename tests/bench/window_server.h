// A server in the benchmark's own process whose one model says a given text: the start at once, the rest token by
// token.
//
// Thread contract: made and destroyed by one thread; it answers on threads of its own.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "base/json.h"
#include "demo/listener.h"

namespace llmc::bench {

// What a stream begins with, and one of its events.
extern const char* const kStreamHead;
std::string event(const base::Json& delta, const char* finish_reason = nullptr);

// A server with one model; `answer` to each chat request, on a thread of its own. Ends the program where it cannot
// listen.
demo::Listener serve(const char* model, std::function<void(demo::Connection&)> answer);

struct Speech {
    std::string text;
    std::size_t at_once = 0;    // bytes of it that come first, as fast as they are read
    double tokens_per_s = 200;  // of the rest, in tokens of token_size()
    std::function<void(std::size_t)>
        before_token;  // the bytes said so far, with this token; called by the server's thread
};

class SpeechServer {
public:
    // Says the text until it ends or finish() is called; complete in both cases.
    explicit SpeechServer(std::shared_ptr<const Speech> speech);
    std::string url() const { return listener_.url(); }
    void finish() { *is_finished_ = true; }

private:
    std::shared_ptr<std::atomic<bool>> is_finished_ = std::make_shared<std::atomic<bool>>(false);
    demo::Listener listener_;
};

}  // namespace llmc::bench
