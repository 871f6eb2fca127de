// The latest value of something small, from one writer to one reader, without locks or waiting.
//
// Thread contract: write() by one thread; read() and has_news() by one other thread. A change of the writing or the
// reading thread needs a happens-before edge of its own (a join, a message).
// Invariants:
//   1. Of the three slots, one belongs to the writer, one to the reader, one lies between them; `middle_` holds the
//      index of the last and a bit that says whether it is newer than the reader's. Slots change hands only by exchange
//      of `middle_`, so that no slot is ever touched by both sides.
//   2. The exchange is acq_rel: what was written into a slot happens before it is read, and what was read happens
//      before the slot is written again.
//   3. A reader sees the newest value published before its read, or the one it has; never an older one, never half of
//      one.
// A value that was replaced lives on in its slot until the slot is written again.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace llmc::base {

template <class T>
class TripleBuffer {
    static_assert(std::is_object_v<T> && std::is_move_assignable_v<T>, "the slots are assigned to");
    static_assert(std::atomic<std::uint8_t>::is_always_lock_free, "nobody waits");

public:
    TripleBuffer() = default;
    explicit TripleBuffer(const T& first) : slots_{first, first, first} {}
    TripleBuffer(const TripleBuffer&) = delete;
    TripleBuffer& operator=(const TripleBuffer&) = delete;

    // Publishes `value`; replaces one that was not read yet.
    void write(T value) {
        slots_[writer_] = std::move(value);
        writer_ = middle_.exchange(writer_ | kIsNew, std::memory_order_acq_rel) & kIndex;
    }

    // The newest published value; the reference is valid until the next read().
    const T& read() {
        // has_news() may load relaxed: only the exchange hands a slot over, and only read() clears the bit.
        if (has_news()) reader_ = middle_.exchange(reader_, std::memory_order_acq_rel) & kIndex;
        return slots_[reader_];
    }

    // Whether read() would give another value than the last one; the reader's question.
    bool has_news() const { return (middle_.load(std::memory_order_relaxed) & kIsNew) != 0; }

private:
    static constexpr std::uint8_t kIsNew = 4;
    static constexpr std::uint8_t kIndex = 3;

    std::array<T, 3> slots_{};
    std::uint8_t writer_ = 0;  // the writer's
    alignas(64) std::atomic<std::uint8_t> middle_{1};
    alignas(64) std::uint8_t reader_ = 2;  // the reader's
};

}  // namespace llmc::base
