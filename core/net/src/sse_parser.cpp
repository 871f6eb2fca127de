#include "net/sse_parser.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/byte_size.h"

namespace llmc::net {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Where the next `byte` is at or after `from`; the size where there is none.
std::size_t find_byte(std::string_view bytes, char byte, std::size_t from) {
    const void* found = std::memchr(bytes.data() + from, byte, bytes.size() - from);
    return found ? static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()) : bytes.size();
}

}  // namespace

SseParser::SseParser(IsWhole is_whole, std::size_t limit) : is_whole_(is_whole), limit_(limit) {}

Result<void> SseParser::feed(std::string_view bytes, SseSink& sink) {
    if (is_finished_ || bytes.empty()) return {};
    std::size_t pos = 0;
    if (skips_line_feed_ && bytes[0] == '\n') pos = 1;
    skips_line_feed_ = false;

    // Each is looked for again only when it has been passed: linear also where only one of them ends lines.
    std::size_t next_lf = pos == bytes.size() ? pos : find_byte(bytes, '\n', pos);
    std::size_t next_cr = pos == bytes.size() ? pos : find_byte(bytes, '\r', pos);
    while (pos < bytes.size()) {
        if (next_lf < pos) next_lf = find_byte(bytes, '\n', pos);
        if (next_cr < pos) next_cr = find_byte(bytes, '\r', pos);
        const std::size_t end = std::min(next_lf, next_cr);
        const std::string_view piece = bytes.substr(pos, end - pos);
        if (line_.size() + piece.size() > limit_) {
            is_finished_ = true;
            return too_long("a line");
        }
        if (end == bytes.size()) {
            line_.append(piece);
            return {};
        }

        Step step;
        if (line_.empty()) {
            step = take_line(piece, sink);
        } else {
            line_.append(piece);
            step = take_line(line_, sink);
            line_.clear();
        }
        if (step != Step::go_on) return end_of(step);

        pos = end + 1;
        if (end == next_cr) {
            if (pos == bytes.size()) {
                skips_line_feed_ = true;
            } else if (bytes[pos] == '\n') {
                ++pos;
            }
        }
    }
    return {};
}

Result<void> SseParser::finish(SseSink& sink) {
    if (is_finished_) return {};
    is_ending_ = true;
    Step step = Step::go_on;
    if (!line_.empty()) step = take_line(line_, sink);
    if (step == Step::go_on) step = dispatch(true, sink);
    is_finished_ = true;
    return end_of(step);
}

SseParser::Step SseParser::take_line(std::string_view line, SseSink& sink) {
    if (is_first_line_) {
        is_first_line_ = false;
        if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    }
    if (line.empty()) return dispatch(false, sink);
    const auto colon = line.starts_with("data:") ? 4 : line.find(':');
    if (colon == 0) return Step::go_on;  // a comment
    if (colon == std::string_view::npos) return take_field(line, {}, sink);
    std::string_view value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    return take_field(line.substr(0, colon), value, sink);
}

SseParser::Step SseParser::take_field(std::string_view name, std::string_view value, SseSink& sink) {
    if (name == "data") return take_data(value, sink);
    if (name == "event") {
        if (has_data_) {
            late_type_ = value;
        } else {
            type_ = value;
        }
    } else if (name == "error" && !value.empty()) {
        if (has_data_ && holds_whole_message()) {
            const Step step = dispatch(false, sink);
            if (step != Step::go_on) return step;
        }
        // What is being collected stays as it is: the error goes past it, through a buffer with padding of its own.
        std::vector<char> error(value.begin(), value.end());
        error.resize(value.size() + kSsePadding);
        const bool goes_on = sink.on_event({"error", {error.data(), value.size()}, is_ending_});
        return goes_on ? Step::go_on : Step::stopped;
    }
    return Step::go_on;
}

SseParser::Step SseParser::take_data(std::string_view value, SseSink& sink) {
    if (has_data_ && holds_whole_message()) {
        // A blank line is missing. A type named since then is the next event's.
        auto next_type = std::exchange(late_type_, std::nullopt);
        const Step step = dispatch(false, sink);
        if (step != Step::go_on) return step;
        if (next_type) type_ = *next_type;
    }
    const std::size_t line_feed = has_data_ ? 1 : 0;
    const std::size_t size = data_size_ + line_feed + value.size();
    if (size > limit_) return Step::event_too_long;
    if (data_.size() < size + kSsePadding) data_.resize(std::max(size + kSsePadding, 2 * data_.size()));
    if (has_data_) data_[data_size_] = '\n';
    if (!value.empty()) std::memcpy(data_.data() + data_size_ + line_feed, value.data(), value.size());
    data_size_ = size;
    has_data_ = true;
    return Step::go_on;
}

// The end of the event being collected. One without a data line is no event; its type is forgotten all the same.
SseParser::Step SseParser::dispatch(bool is_unterminated, SseSink& sink) {
    bool goes_on = true;
    if (has_data_) {
        goes_on = sink.on_event({late_type_ ? *late_type_ : type_, {data_.data(), data_size_}, is_unterminated});
    }
    type_.clear();
    late_type_.reset();
    has_data_ = false;
    data_size_ = 0;
    not_whole_size_ = 0;
    return goes_on ? Step::go_on : Step::stopped;
}

// After a no, the question is asked again only when the event has doubled: the cost stays linear.
bool SseParser::holds_whole_message() {
    if (!is_whole_ || data_size_ < 2 * not_whole_size_) return false;
    if (is_whole_({data_.data(), data_size_})) return true;
    not_whole_size_ = std::max<std::size_t>(data_size_, 1);
    return false;
}

Error SseParser::too_long(std::string_view what) const {
    return Error{ErrorKind::limit, std::string(what) + " of the stream is longer than " + base::byte_size(limit_)};
}

Result<void> SseParser::end_of(Step step) {
    if (step == Step::go_on) return {};
    is_finished_ = true;
    if (step == Step::event_too_long) return too_long("an event");
    return {};
}

}  // namespace llmc::net
