#include "session/tool_call_log.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <numeric>

#include <fmt/format.h>

namespace llmc::session {
namespace {

// The numbers of a line, in its order.
enum Field { arguments_bytes, call_number, call_index, id_bytes, name_bytes, field_count };
using Line = std::array<std::int64_t, field_count>;

// Takes a line with its end off `log`; gives how many numbers it has, 0 where it is none.
int take_line(std::string_view& log, Line& line) {
    const auto end = log.find('\n');
    if (end == std::string_view::npos) return 0;
    const char* at = log.data();
    const char* const stop = log.data() + end;
    log.remove_prefix(end + 1);
    for (int count = 0; count < field_count; ++count) {
        const auto [next, error] = std::from_chars(at, stop, line[static_cast<std::size_t>(count)]);
        if (error != std::errc{}) return 0;
        if (next == stop) return count + 1;
        if (*next != ' ') return 0;
        at = next + 1;
    }
    return 0;
}

// Takes `bytes` off `log`; false where it has fewer.
bool take(std::string_view& log, std::int64_t bytes, std::string_view& part) {
    if (bytes < 0 || static_cast<std::uint64_t>(bytes) > log.size()) return false;
    part = log.substr(0, static_cast<std::size_t>(bytes));
    log.remove_prefix(part.size());
    return true;
}

}  // namespace

std::string_view ToolCallLogWriter::add(const openai::ToolCallPiece& piece) {
    line_.clear();
    const auto out = std::back_inserter(line_);
    if (last_call_ == piece.call && piece.id.empty() && piece.name.empty())
        fmt::format_to(out, "{}\n", piece.arguments.size());
    else
        fmt::format_to(out, "{} {} {} {} {}\n", piece.arguments.size(), piece.call, piece.index, piece.id.size(),
                       piece.name.size());
    line_.append(piece.id).append(piece.name).append(piece.arguments);
    last_call_ = piece.call;
    return line_;
}

std::vector<openai::ToolCall> read_tool_call_log(std::string_view log) {
    std::vector<openai::ToolCall> calls;
    std::vector<std::int64_t> indexes;
    openai::ToolCallPiece piece;
    for (Line line{}; const int count = take_line(log, line); line = {}) {
        if (count == field_count) {
            if (line[call_number] < 0) break;
            piece.call = static_cast<std::size_t>(line[call_number]);
            piece.index = line[call_index];
        } else if (count != 1 || calls.empty()) {
            break;
        }
        if (!take(log, line[id_bytes], piece.id) || !take(log, line[name_bytes], piece.name) ||
            !take(log, line[arguments_bytes], piece.arguments))
            break;
        if (piece.call > calls.size()) break;  // they begin one after the other
        if (piece.call == calls.size()) {
            calls.emplace_back();
            indexes.push_back(piece.index);
        }
        openai::join_piece(calls[piece.call], piece);
    }
    std::vector<std::size_t> order(calls.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return indexes[a] < indexes[b]; });
    std::vector<openai::ToolCall> sorted;
    for (const std::size_t one : order) sorted.push_back(std::move(calls[one]));
    return sorted;
}

}  // namespace llmc::session
