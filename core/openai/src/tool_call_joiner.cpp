#include "tool_call_joiner.h"

#include <algorithm>

namespace llmc::openai {

std::optional<std::size_t> ToolCallJoiner::find_call(const std::vector<ToolCall>& calls,
                                                     std::optional<std::int64_t> index, std::string_view id,
                                                     std::string_view name) const {
    for (std::size_t i = calls.size(); i-- > 0;) {
        if (index) {
            if (indexes_[i] != *index) continue;
            const bool is_another = !id.empty() && !name.empty() && !calls[i].id.empty() && calls[i].id != id;
            if (is_another) return std::nullopt;
            return i;
        }
        if (id.empty() ? name.empty() : calls[i].id == id) return i;
    }
    return std::nullopt;
}

Result<ToolCallPiece> ToolCallJoiner::add(std::vector<ToolCall>& calls, std::optional<std::int64_t> index,
                                          std::string_view id, std::string_view name, std::string_view arguments) {
    bytes_ += id.size() + name.size() + arguments.size();
    if (bytes_ > kMaxBytes) return Error{ErrorKind::limit, "the tool calls are longer than 8 MiB"};
    auto found = find_call(calls, index, id, name);
    if (!found) {
        if (calls.size() == kMaxCalls) return Error{ErrorKind::limit, "the answer has more than 1000 tool calls"};
        const std::int64_t number = index ? *index : indexes_.empty() ? 0 : indexes_.back();
        const auto place = std::upper_bound(indexes_.begin(), indexes_.end(), number);
        found = static_cast<std::size_t>(place - indexes_.begin());
        indexes_.insert(place, number);
        began_.insert(began_.begin() + static_cast<std::ptrdiff_t>(*found), calls.size());
        calls.insert(calls.begin() + static_cast<std::ptrdiff_t>(*found), ToolCall{});
    }
    const ToolCallPiece piece{began_[*found], indexes_[*found], id, name, arguments};
    join_piece(calls[*found], piece);
    return piece;
}

}  // namespace llmc::openai
