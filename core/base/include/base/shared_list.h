// A sequence that is copied for next to nothing: copies share their elements until one of them changes.
//
// Thread contract: as std::vector; copies may be used by different threads. Elements stand in chunks that never change
// once they are made: a change makes a new chunk.
// Cost: a copy takes one reference per kChunk elements, a change copies at most kChunk elements. T is something small,
// as a shared_ptr.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace llmc::base {

template <class T>
class SharedList {
public:
    static constexpr std::size_t kChunk = 64;

    class const_iterator {
    public:
        using iterator_category = std::random_access_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using pointer = const T*;
        using reference = const T&;

        const_iterator() = default;
        const_iterator(const SharedList* list, std::size_t at) : list_(list), at_(at) {}
        reference operator*() const { return (*list_)[at_]; }
        pointer operator->() const { return &(*list_)[at_]; }
        reference operator[](difference_type n) const { return *(*this + n); }
        const_iterator& operator+=(difference_type n) {
            at_ = static_cast<std::size_t>(static_cast<difference_type>(at_) + n);
            return *this;
        }
        const_iterator& operator-=(difference_type n) { return *this += -n; }
        const_iterator& operator++() { return *this += 1; }
        const_iterator& operator--() { return *this -= 1; }
        const_iterator operator++(int) { return std::exchange(*this, *this + 1); }
        const_iterator operator--(int) { return std::exchange(*this, *this - 1); }
        friend const_iterator operator+(const_iterator it, difference_type n) { return it += n; }
        friend const_iterator operator+(difference_type n, const_iterator it) { return it += n; }
        friend const_iterator operator-(const_iterator it, difference_type n) { return it -= n; }
        friend difference_type operator-(const_iterator a, const_iterator b) {
            return static_cast<difference_type>(a.at_) - static_cast<difference_type>(b.at_);
        }
        bool operator==(const const_iterator& other) const { return at_ == other.at_; }
        std::strong_ordering operator<=>(const const_iterator& other) const { return at_ <=> other.at_; }

    private:
        const SharedList* list_ = nullptr;
        std::size_t at_ = 0;
    };
    using value_type = T;
    using iterator = const_iterator;
    using const_reverse_iterator = std::reverse_iterator<const_iterator>;

    SharedList() = default;
    SharedList(std::initializer_list<T> elements) { append(elements.begin(), elements.end()); }

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    const T& operator[](std::size_t i) const { return (*chunks_[(first_ + i) / kChunk])[(first_ + i) % kChunk]; }
    const T& at(std::size_t i) const {
        if (i >= size_) throw std::out_of_range("SharedList::at");
        return (*this)[i];
    }
    const T& front() const { return (*this)[0]; }
    const T& back() const { return (*this)[size_ - 1]; }
    const_iterator begin() const { return {this, 0}; }
    const_iterator end() const { return {this, size_}; }
    const_reverse_iterator rbegin() const { return const_reverse_iterator(end()); }
    const_reverse_iterator rend() const { return const_reverse_iterator(begin()); }

    void set(std::size_t i, T value) {
        auto& chunk = chunks_[(first_ + i) / kChunk];
        auto changed = std::make_shared<Chunk>(*chunk);
        (*changed)[(first_ + i) % kChunk] = std::move(value);
        chunk = std::move(changed);
    }
    void push_back(T value) { append(&value, &value + 1); }
    template <class Iterator>
    void append(Iterator from, Iterator to) {
        while (from != to) {
            const std::size_t taken = (first_ + size_) % kChunk;
            auto chunk = taken == 0 ? std::make_shared<Chunk>() : std::make_shared<Chunk>(*chunks_.back());
            chunk->resize(taken);  // pop_back() leaves what it took off to those who share it
            for (; from != to && chunk->size() < kChunk; ++from, ++size_) chunk->push_back(*from);
            if (taken == 0) chunks_.emplace_back();
            chunks_.back() = std::move(chunk);
        }
    }
    void pop_back() {
        --size_;
        if ((first_ + size_) % kChunk == 0) chunks_.pop_back();
    }
    void drop_front(std::size_t count = 1) {
        first_ += count;
        size_ -= count;
        const std::size_t gone = size_ == 0 ? chunks_.size() : first_ / kChunk;
        chunks_.erase(chunks_.begin(), chunks_.begin() + static_cast<std::ptrdiff_t>(gone));
        first_ = size_ == 0 ? 0 : first_ % kChunk;
    }
    void clear() { *this = {}; }

    // Whether `whole` ends with what this list is. Cheap where one was made of the other by drop_front().
    bool is_rest_of(const SharedList& whole) const {
        if (size_ > whole.size_) return false;
        const std::size_t skipped = whole.size_ - size_;
        return is_equal(skipped, whole);
    }
    bool operator==(const SharedList& other) const { return size_ == other.size_ && is_equal(0, other); }

    // Calls `found(i)` for every element that `before` does not have at the same place, in order. Cheap where one was
    // made of the other by set() and push_back().
    template <class Found>
    void changes_from(const SharedList& before, Found found) const {
        for (std::size_t i = 0; i < size_;) {
            const std::size_t same = shared_from(i, before, i);
            if (same > 0) {
                i += same;
            } else {
                if (i >= before.size_ || !((*this)[i] == before[i])) found(i);
                ++i;
            }
        }
    }

private:
    using Chunk = std::vector<T>;

    // How many elements from `i` on are those of `other` from `j` on, because they stand in the same chunk.
    std::size_t shared_from(std::size_t i, const SharedList& other, std::size_t j) const {
        if (j >= other.size_ || (first_ + i) % kChunk != (other.first_ + j) % kChunk) return 0;
        if (chunks_[(first_ + i) / kChunk] != other.chunks_[(other.first_ + j) / kChunk]) return 0;
        return std::min({kChunk - (first_ + i) % kChunk, size_ - i, other.size_ - j});
    }
    bool is_equal(std::size_t from, const SharedList& other) const {
        for (std::size_t i = 0; i < size_;) {
            const std::size_t same = shared_from(i, other, from + i);
            if (same == 0 && !((*this)[i] == other[from + i])) return false;
            i += std::max<std::size_t>(same, 1);
        }
        return true;
    }

    std::vector<std::shared_ptr<Chunk>> chunks_;  // full, but for the last
    std::size_t first_ = 0;                       // elements of the first chunk that were dropped
    std::size_t size_ = 0;
};

}  // namespace llmc::base
