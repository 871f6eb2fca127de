// A text in steps gives the layout that it gives whole, rows in order, runs of valid text inside the source.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/utf8.h"
#include "text/document.h"

using namespace llmc;

namespace {

class Metrics : public text::FontMetrics {
public:
    float advance(text::Face, char32_t c) const override { return 8.0F * static_cast<float>(base::terminal_width(c)); }
    text::FaceExtent extent(text::Face) const override { return {12, 3}; }
    std::uint64_t generation() const override { return 1; }
};

// Folds all that is drawn into one number, and ends the program where a promise is broken.
struct Check : text::Visitor {
    explicit Check(std::string_view whole) : source(whole) {}

    void mix(std::uint64_t value) { hash = (hash ^ value) * 1099511628211U; }
    void box(const text::Box& box) override { mix(static_cast<std::uint64_t>(box.y) + box.end); }
    void row(const text::Row& row) override {
        if (row.y < bottom || row.end > source.size() || row.begin > row.end) std::abort();
        bottom = row.y + row.height;
        mix(static_cast<std::uint64_t>(row.y));
        for (const text::Run& run : row.runs) {
            if (run.text.size() > text::kMaxRunBytes || !base::is_valid_utf8(run.text)) std::abort();
            if (run.begin > run.end || run.end > source.size()) std::abort();
            mix(run.begin);
            mix(run.end);
            mix(static_cast<std::uint64_t>(run.x));
            mix(run.style.marks);
        }
    }

    std::string_view source;
    double bottom = -1;
    std::uint64_t hash = 14695981039346656037U;
};

std::uint64_t drawn(text::Document& document, const Metrics& metrics, float width) {
    while (!document.layout({.width = width}, metrics, {}).is_done) {
    }
    Check check(document.source());
    document.visit(0, document.height() + 1, check);
    return check.hash;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string whole = base::to_valid_utf8({reinterpret_cast<const char*>(data), size});
    const Metrics metrics;
    const float width = size > 0 ? static_cast<float>(data[0]) * 4 : 100;
    text::Document at_once, in_steps;
    at_once.update(whole, true);
    const std::size_t step = size > 1 ? 1 + data[1] % 17 : 1;
    for (std::size_t at = 0; at < whole.size();) {
        at += base::utf8_cut(std::string_view(whole).substr(at), step + 3);
        in_steps.update(std::string_view(whole).substr(0, at), false);
        in_steps.layout({.width = width, .view_height = 100, .budget_bytes = 100}, metrics, {});
    }
    in_steps.update(whole, true);
    if (drawn(at_once, metrics, width) != drawn(in_steps, metrics, width)) std::abort();
    const auto middle = static_cast<std::uint32_t>(whole.size() / 2);
    if (at_once.caret(middle).y > at_once.height()) std::abort();
    if (at_once.hit_test(20, at_once.height() / 2) > whole.size()) std::abort();
    at_once.plain_text({middle / 2, middle});
    return 0;
}
