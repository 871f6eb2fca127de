#include "session/answer.h"

#include <array>

namespace llmc::session {
namespace {

constexpr std::array<std::string_view, 10> kStateNames{"queued",  "loading",     "processing", "streaming", "complete",
                                                       "stopped", "interrupted", "cut_off",    "empty",     "failed"};

}  // namespace

std::string_view answer_state_name(AnswerState state) {
    return kStateNames[static_cast<std::size_t>(state)];
}

std::optional<AnswerState> answer_state_from(std::string_view name) {
    for (std::size_t i = 0; i < kStateNames.size(); ++i)
        if (kStateNames[i] == name) return static_cast<AnswerState>(i);
    return std::nullopt;
}

bool is_final(AnswerState state) {
    switch (state) {
        case AnswerState::queued:
        case AnswerState::loading:
        case AnswerState::processing:
        case AnswerState::streaming: return false;
        case AnswerState::complete:
        case AnswerState::stopped:
        case AnswerState::interrupted:
        case AnswerState::cut_off:
        case AnswerState::empty:
        case AnswerState::failed: return true;
    }
    return true;
}

bool is_failure(AnswerState state) {
    return state == AnswerState::cut_off || state == AnswerState::empty || state == AnswerState::failed;
}

LazyLog::~LazyLog() {
    delete log_.load(std::memory_order_acquire);
}

Result<void> LazyLog::append(std::string_view utf8, std::size_t limit) {
    base::AppendLog* log = log_.load(std::memory_order_relaxed);  // only this thread writes it
    if (log) return log->append(utf8);
    if (utf8.empty()) return {};
    auto made = base::AppendLog::reserve(limit);
    if (!made) {
        hold(base::AppendLog::holding("").value());  // sealed: what follows would begin in the middle
        return made.error();
    }
    log = new base::AppendLog(std::move(*made));
    // Published before its first byte: readers find an empty log, never a half-made one.
    log_.store(log, std::memory_order_release);
    return log->append(utf8);
}

void LazyLog::seal() {
    if (base::AppendLog* log = log_.load(std::memory_order_relaxed)) log->seal();
}

void LazyLog::hold(base::AppendLog log) {
    delete log_.exchange(new base::AppendLog(std::move(log)), std::memory_order_acq_rel);
}

std::string_view LazyLog::view() const {
    const base::AppendLog* log = log_.load(std::memory_order_acquire);
    return log ? log->view() : std::string_view{};
}

Result<std::shared_ptr<AnswerStream>> AnswerStream::make(std::size_t limit) {
    auto text = base::AppendLog::reserve(limit);
    if (!text) return text.error();
    return std::make_shared<AnswerStream>(std::move(*text), limit);
}

Result<std::shared_ptr<AnswerStream>> AnswerStream::holding(std::string_view text, std::string_view reasoning) {
    auto log = base::AppendLog::holding(text);
    if (!log) return log.error();
    auto stream = std::make_shared<AnswerStream>(std::move(*log), base::AppendLog::kDefaultLimit);
    if (!reasoning.empty()) {
        auto reasoning_log = base::AppendLog::holding(reasoning);
        if (!reasoning_log) return reasoning_log.error();
        stream->reasoning_.hold(std::move(*reasoning_log));
    }
    return stream;
}

Result<std::shared_ptr<AnswerStream>> AnswerStream::without_text(const AnswerStream& before) {
    auto stream = make(before.limit_);
    if (!stream) return stream.error();
    if (auto kept = (*stream)->append_reasoning(before.reasoning()); !kept) return kept.error();
    if (auto kept = (*stream)->tool_calls_.append(before.tool_call_log(), before.limit_); !kept) return kept.error();
    (*stream)->tool_call_writer_ = before.tool_call_writer_;
    return stream;
}

Result<void> AnswerStream::append_text(std::string_view utf8) {
    return text_.append(utf8);
}

Result<void> AnswerStream::append_reasoning(std::string_view utf8) {
    return reasoning_.append(utf8, limit_);
}

Result<void> AnswerStream::append_tool_call(const openai::ToolCallPiece& piece) {
    auto kept = tool_calls_.append(tool_call_writer_.add(piece), limit_);
    if (!kept) tool_calls_.seal();  // behind a hole, a fragment would continue another call
    return kept;
}

void AnswerStream::seal() {
    text_.seal();
    reasoning_.seal();
    tool_calls_.seal();
}

}  // namespace llmc::session
