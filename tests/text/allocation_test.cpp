// With nothing new, a frame allocates nothing.
#include <cstdlib>
#include <new>

#include <doctest/doctest.h>

#include "text_fixture.h"

namespace {

std::size_t allocations = 0;

}  // namespace

// Not inlined: GCC 14 would see free() take what a call of `new` gave, and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace llmc::text {
namespace {

struct Counter : Visitor {
    void row(const Row& row) override { runs += row.runs.size(); }
    std::size_t runs = 0;
};

}  // namespace

TEST_CASE("with nothing new a frame allocates nothing, and an update of a laid-out text little") {
    Page page{std::string(kSample)};
    Counter counter;
    const auto frame = [&] {
        page.document.update(page.text, true);
        page.document.layout({.width = page.width, .view_top = 50, .view_height = 600}, page.metrics, page.style);
        page.document.visit(50, 650, counter);
        page.document.hit_test(30, 200);
        page.document.caret(300);
    };
    frame();
    const std::size_t before = allocations;
    frame();
    CHECK(allocations == before);
    CHECK(counter.runs > 20);
}

}  // namespace llmc::text
