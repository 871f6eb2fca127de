// An unbounded queue from one thread to one other thread, without locks: pop() never waits for push().
//
// Thread contract: push() by one thread, pop() by one other.
// Invariants: `head_` always points to a node whose value was taken already (a dummy at first); only the reader moves
// and frees nodes behind it, only the writer links new ones; a node's value is in place before the release store that
// links it.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <utility>

namespace llmc::base {

template <class T>
class SpscQueue {
public:
    SpscQueue() : head_(new Node), tail_(head_) {}
    SpscQueue(const SpscQueue&) = delete;
    SpscQueue& operator=(const SpscQueue&) = delete;
    ~SpscQueue() {
        while (head_) delete std::exchange(head_, head_->next.load(std::memory_order_relaxed));
    }

    void push(T value) {
        auto* node = new Node{std::move(value), nullptr};
        tail_->next.store(node, std::memory_order_release);
        tail_ = node;
    }

    std::optional<T> pop() {
        Node* next = head_->next.load(std::memory_order_acquire);
        if (!next) return std::nullopt;
        std::optional<T> value = std::move(next->value);
        delete std::exchange(head_, next);
        return value;
    }

private:
    struct Node {
        std::optional<T> value;
        std::atomic<Node*> next{nullptr};
    };

    alignas(64) Node* head_;  // the reader's
    alignas(64) Node* tail_;  // the writer's
};

}  // namespace llmc::base
