// Server-sent events from bytes that arrive cut anywhere.
//
// Thread contract: one thread at a time. A parser can be copied in the middle of a stream (tests end copies at every
// byte). Source: WHATWG HTML 9.2.6 "Interpreting an event stream", byte by byte; and what chat servers do instead:
//   - "error: {…}" lines (old llama-server) are passed on as an event of type "error", at once;
//   - servers that leave out the blank line between events: when a further data line arrives and `is_whole` says that
//   what was
//     collected is a whole message, that is passed on as an event of its own first (so no event is merged or lost); an
//     "event:" line between the two then names the second;
//   - a last event without its blank line is passed on by finish(), with is_unterminated set: the receiver decides
//   whether it is
//     whole.
// Invariants: CR, LF and CRLF end lines, also when cut between CR and LF; a BOM at the start is skipped; comments and
// unknown fields are no events; an event without a data line is no event (openai-python #2722), one with an empty data
// line is ("heartbeat"). Memory: one line and one event may have `limit` bytes each. Cost is linear in the bytes fed,
// whatever the cuts.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace llmc::net {

struct SseEvent {
    std::string_view type;  // empty where none was named
    std::string_view data;  // at least kSsePadding readable bytes follow it (for simdjson); valid during the call
    bool is_unterminated = false;  // the stream ended inside this event
};

inline constexpr std::size_t kSsePadding = 64;

class SseSink {
public:
    virtual ~SseSink() = default;
    // Gives false to stop the parser: nothing more is passed on.
    virtual bool on_event(const SseEvent& event) = 0;
};

class SseParser {
public:
    using IsWhole = bool (*)(std::string_view data);
    static constexpr std::size_t kDefaultLimit = std::size_t{16}
                                                 << 20;  // bytes; product.md section 5, "line and event 16 MiB"

    explicit SseParser(IsWhole is_whole = nullptr, std::size_t limit = kDefaultLimit);

    // Errors: `limit` ("a line of the stream is longer than 16 MiB", "an event …"); the parser is then finished.
    Result<void> feed(std::string_view bytes, SseSink& sink);
    // The stream has ended. Safe to call once, after which nothing may be fed.
    Result<void> finish(SseSink& sink);

private:
    enum class Step { go_on, stopped, event_too_long };

    Step take_line(std::string_view line, SseSink& sink);
    Step take_field(std::string_view name, std::string_view value, SseSink& sink);
    Step take_data(std::string_view value, SseSink& sink);
    Step dispatch(bool is_unterminated, SseSink& sink);
    bool holds_whole_message();
    Error too_long(std::string_view what) const;
    Result<void> end_of(Step step);

    IsWhole is_whole_;
    std::size_t limit_;
    bool is_finished_ = false;
    bool is_first_line_ = true;
    bool skips_line_feed_ = false;  // the last byte fed was a CR: an LF that follows belongs to it
    bool is_ending_ = false;        // finish() is at work
    std::string line_;              // the beginning of a line whose end has not arrived
    std::string type_;              // of the event being collected
    std::optional<std::string>
        late_type_;  // named after its first data line: of this event, or of the next where a blank line is missing
    bool has_data_ = false;
    std::size_t data_size_ = 0;
    std::size_t not_whole_size_ = 0;  // is_whole_ has said no to so many bytes of this event
    std::vector<char> data_;          // data_size_ bytes of data, then at least kSsePadding more
};

}  // namespace llmc::net
