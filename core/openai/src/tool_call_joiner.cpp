#include "tool_call_joiner.h"

#include <algorithm>

#include "ascii.h"

namespace llmc::openai {

// The JSON seen so far; only whether it is one object is asked.
void ToolCallJoiner::Progress::read(std::string_view arguments) {
    for (const char c : arguments) {
        if (is_escaped) {
            is_escaped = false;
        } else if (is_in_string) {
            is_escaped = c == '\\';
            is_in_string = c != '"';
        } else if (c == '"') {
            is_in_string = true;
        } else if (c == '{' || c == '[') {
            ++depth;
            has_whole_object = false;
        } else if ((c == '}' || c == ']') && depth > 0) {
            has_whole_object = --depth == 0;
        }
    }
}

// The call that the fragment goes on with, if it begins none.
std::optional<std::size_t> ToolCallJoiner::find_call(const std::vector<ToolCall>& calls,
                                                     std::optional<std::int64_t> index) const {
    std::optional<std::size_t> last;
    for (std::size_t i = calls.size(); i-- > 0;) {
        if (index ? progress_[i].index == *index : !id_.empty() && calls[i].id == id_) return i;
        if (!last || progress_[i].began > progress_[*last].began) last = i;
    }
    return index || !id_.empty() ? std::nullopt : last;
}

bool ToolCallJoiner::begins_anew(const ToolCall& call, const Progress& progress, bool has_index) const {
    if (name_.empty()) return false;
    // Without a number and an id, a name says it all; but for one that comes again while the arguments do.
    const bool is_going_on = call.name == name_ && !call.arguments.empty();
    if (!has_index && id_.empty()) return !is_going_on || progress.has_whole_object;
    if (!id_.empty() && !call.id.empty() && call.id != id_) return true;
    if (!call.arguments.empty() && !call.name.empty() && call.name != name_) return true;
    if (!progress.has_whole_object) return false;
    if (const std::string_view words = trim(arguments_); !words.empty()) return words.front() == '{';
    const bool is_same_id = !id_.empty() && id_ == call.id && id_ != call.name;
    return !progress.repeats_name && !is_same_id;
}

// Some servers end a stream by saying each call again.
bool ToolCallJoiner::is_repeated(const ToolCall& call) const {
    return !id_.empty() && id_ == call.id && id_ != call.name && name_ == call.name && arguments_ == call.arguments;
}

std::size_t ToolCallJoiner::insert_call(std::vector<ToolCall>& calls, std::optional<std::int64_t> index) {
    const std::int64_t number = index ? *index : progress_.empty() ? 0 : progress_.back().index;
    const auto place = std::upper_bound(progress_.begin(), progress_.end(), number,
                                        [](std::int64_t one, const Progress& other) { return one < other.index; });
    const auto at = place - progress_.begin();
    progress_.insert(place, {.index = number, .began = calls.size()});
    calls.insert(calls.begin() + at, ToolCall{});
    return static_cast<std::size_t>(at);
}

void ToolCallJoiner::read_arguments(const ToolCallPart& part, char16_t& half) {
    arguments_.clear();
    if (part.arguments_json.empty())
        append_text(part.arguments, half, arguments_);
    else
        arguments_ = trim(part.arguments_json);
}

Result<ToolCallPiece> ToolCallJoiner::add(std::vector<ToolCall>& calls, const ToolCallPart& part) {
    id_ = to_text(part.id);
    name_ = to_text(part.name);
    auto found = find_call(calls, part.index);
    char16_t half = found ? progress_[*found].half : char16_t{0};
    read_arguments(part, half);
    bytes_ += id_.size() + name_.size() + arguments_.size();
    if (bytes_ > kMaxBytes) return Error{ErrorKind::limit, "the tool calls are longer than 8 MiB"};
    if (found && is_repeated(calls[*found])) {
        const Progress& progress = progress_[*found];
        return ToolCallPiece{progress.began, progress.index, {}, {}, {}};
    }
    if (!found || begins_anew(calls[*found], progress_[*found], part.index.has_value())) {
        if (calls.size() == kMaxCalls) return Error{ErrorKind::limit, "the answer has more than 1000 tool calls"};
        found = insert_call(calls, part.index);
        half = 0;
        read_arguments(part, half);
    } else if (!name_.empty()) {
        progress_[*found].repeats_name = true;
    }
    Progress& progress = progress_[*found];
    progress.half = half;
    progress.read(arguments_);
    const ToolCallPiece piece{progress.began, progress.index, id_, name_, arguments_};
    join_piece(calls[*found], piece);
    return piece;
}

std::optional<ToolCallPiece> ToolCallJoiner::finish(std::vector<ToolCall>& calls) {
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (progress_[i].half == 0) continue;
        progress_[i].half = 0;
        const ToolCallPiece piece{progress_[i].began, progress_[i].index, {}, {}, "\uFFFD"};
        join_piece(calls[i], piece);
        return piece;
    }
    return std::nullopt;
}

}  // namespace llmc::openai
