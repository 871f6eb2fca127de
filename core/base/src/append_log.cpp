#include "base/append_log.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/byte_size.h"
#include "platform/memory.h"
#include "reservation.h"

namespace llmc::base {
namespace {

// Committed at once: a whole number of pages everywhere, small enough for many short answers, large enough that the
// system is asked once in 16 000 tokens.
constexpr std::size_t kCommitStep = std::size_t{64} << 10;

std::size_t round_up(std::size_t size, std::size_t step) {
    return (size + step - 1) / step * step;
}

}  // namespace

Result<AppendLog> AppendLog::reserve(std::size_t limit) {
    const Reservation got = reserve_address_space(limit);
    if (got.is_refused) {
        return Error{ErrorKind::limit,
                     fmt::format("the system has no address space for a text of {}", byte_size(limit))};
    }
    return AppendLog(got.data, got.size, got.limit);
}

Result<AppendLog> AppendLog::holding(std::string_view utf8) {
    Result<AppendLog> log = reserve(utf8.size());
    if (!log) return log;
    if (Result<void> appended = log->append(utf8); !appended) return appended.error();
    log->seal();
    return log;
}

AppendLog::AppendLog(AppendLog&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      reserved_(std::exchange(other.reserved_, 0)),
      committed_(std::exchange(other.committed_, 0)),
      limit_(std::exchange(other.limit_, 0)),
      is_sealed_(std::exchange(other.is_sealed_, true)),
      size_(other.size_.exchange(0)) {}

AppendLog& AppendLog::operator=(AppendLog&& other) noexcept {
    if (this == &other) return *this;
    if (reserved_ != 0) platform::release_memory(data_, reserved_);
    data_ = std::exchange(other.data_, nullptr);
    reserved_ = std::exchange(other.reserved_, 0);
    committed_ = std::exchange(other.committed_, 0);
    limit_ = std::exchange(other.limit_, 0);
    is_sealed_ = std::exchange(other.is_sealed_, true);
    size_.store(other.size_.exchange(0));
    return *this;
}

AppendLog::~AppendLog() {
    if (reserved_ != 0) platform::release_memory(data_, reserved_);
}

Result<void> AppendLog::append(std::string_view utf8) {
    const std::size_t size = size_.load(std::memory_order_relaxed);  // nobody else stores it
    if (is_sealed_) return Error{ErrorKind::limit, "the text has ended; nothing can be added to it"};
    if (utf8.size() > limit_ - size) {
        return Error{ErrorKind::limit, fmt::format("the text is longer than its limit of {}", byte_size(limit_))};
    }
    const std::size_t needed = size + utf8.size();
    if (needed > committed_) {
        const std::size_t commit = std::min(round_up(needed, kCommitStep), reserved_);
        if (!platform::commit_memory(data_ + committed_, commit - committed_)) {
            return Error{ErrorKind::limit,
                         fmt::format("the system has no memory for a text of more than {}", byte_size(committed_))};
        }
        committed_ = commit;
    }
    if (!utf8.empty()) std::memcpy(data_ + size, utf8.data(), utf8.size());
    size_.store(needed, std::memory_order_release);
    return {};
}

void AppendLog::seal() {
    is_sealed_ = true;
    if (reserved_ == 0) return;
    const std::size_t used = round_up(size_.load(std::memory_order_relaxed), platform::page_size());
    if (used < reserved_) platform::release_memory(data_ + used, reserved_ - used);
    reserved_ = committed_ = used;
}

}  // namespace llmc::base
