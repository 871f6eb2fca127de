// The text of one answer while it grows: one thread appends, any number of threads read, nobody waits.
//
// Thread contract: append() and seal() by one writer; size(), view() and limit() by anyone, at any time. Moving and
// destroying need that nobody else uses the log.
// Invariants:
//   1. Bytes never move and never change once they are published: a string_view stays valid as long as the log lives.
//   2. size() only grows, and always ends on a whole code point (append() takes valid UTF-8 only).
//   3. Only append() makes a byte visible, by a release store of the size after the bytes are in place; a reader that
//      loads the size with acquire therefore sees every byte below it.
// Cost: appending n bytes costs O(n) whatever the log holds; address space is reserved once, pages are committed as
// text arrives and given back by seal() where they are unused.
#pragma once

#include <atomic>
#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace llmc::base {

class AppendLog {
public:
    static constexpr std::size_t kDefaultLimit = std::size_t{32} << 20;  // bytes; product.md section 5, "text 32 MiB"

    // Reserves address space for `limit` bytes. Where the system refuses, half as much is tried, down to 1 MiB; limit()
    // says what was got. Errors: `limit` when the system refuses even 1 MiB (or the smaller `limit` asked for).
    static Result<AppendLog> reserve(std::size_t limit = kDefaultLimit);

    // A sealed log that holds exactly `utf8` (valid UTF-8), for answers loaded from files. Errors: as reserve().
    static Result<AppendLog> holding(std::string_view utf8);

    AppendLog(AppendLog&& other) noexcept;
    AppendLog& operator=(AppendLog&& other) noexcept;
    AppendLog(const AppendLog&) = delete;
    AppendLog& operator=(const AppendLog&) = delete;
    ~AppendLog();

    // Appends valid UTF-8 (the caller's duty, see base/utf8.h). Errors: `limit` when the text would pass the limit or
    // the system has no memory for it, or the log is sealed; nothing is appended then.
    Result<void> append(std::string_view utf8);

    // Ends the writing and gives unused pages back to the system.
    void seal();

    std::size_t size() const { return size_.load(std::memory_order_acquire); }  // bytes
    std::size_t limit() const { return limit_; }                                // bytes
    std::string_view view() const { return {data_, size()}; }

private:
    AppendLog(char* data, std::size_t reserved, std::size_t limit) : data_(data), reserved_(reserved), limit_(limit) {}

    char* data_ = nullptr;
    std::size_t reserved_ = 0;   // bytes of address space, whole pages
    std::size_t committed_ = 0;  // bytes that may be written, whole pages
    std::size_t limit_ = 0;
    bool is_sealed_ = false;
    std::atomic<std::size_t> size_{0};
};

}  // namespace llmc::base
