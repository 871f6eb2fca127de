// A text in steps gives the layout that it gives whole, rows in order, runs of valid text inside the source.
#include <string>

#include "base/utf8.h"
#include "targets.h"
#include "text/document.h"

namespace llmc::fuzz {
namespace {

class Metrics : public text::FontMetrics {
public:
    float advance(text::Face, char32_t c) const override { return 8.0F * static_cast<float>(base::terminal_width(c)); }
    text::FaceExtent extent(text::Face) const override { return {12, 3}; }
    std::uint64_t generation() const override { return 1; }
};

// Folds all that is drawn into one number.
struct Check : text::Visitor {
    explicit Check(std::string_view whole) : source(whole) {}

    void mix(std::uint64_t value) { hash = (hash ^ value) * 1099511628211U; }
    void box(const text::Box& box) override { mix(static_cast<std::uint64_t>(box.y) + box.end); }
    void row(const text::Row& row) override {
        promise(row.y >= bottom, "rows are in order");
        promise(row.begin <= row.end && row.end <= source.size(), "rows are inside the source");
        bottom = row.y + row.height;
        mix(static_cast<std::uint64_t>(row.y));
        for (const text::Run& run : row.runs) {
            promise(run.text.size() <= text::kMaxRunBytes && base::is_valid_utf8(run.text), "runs are short and valid");
            promise(run.begin <= run.end && run.end <= source.size(), "runs are inside the source");
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

void markdown(std::string_view bytes) {
    const std::string whole = base::to_valid_utf8(bytes);
    const Metrics metrics;
    const float width = bytes.empty() ? 100 : static_cast<float>(static_cast<unsigned char>(bytes[0])) * 4;
    const std::size_t step = bytes.size() > 1 ? 1 + static_cast<unsigned char>(bytes[1]) % 17 : 1;
    text::Document at_once, in_steps;
    at_once.update(whole, true);
    for (std::size_t at = 0; at < whole.size();) {
        at += base::utf8_cut(std::string_view(whole).substr(at), step + 3);
        in_steps.update(std::string_view(whole).substr(0, at), false);
        in_steps.layout({.width = width, .view_height = 100, .budget_bytes = 100}, metrics, {});
    }
    in_steps.update(whole, true);
    promise(drawn(at_once, metrics, width) == drawn(in_steps, metrics, width), "steps do not change the layout");
    const auto middle = static_cast<std::uint32_t>(whole.size() / 2);
    promise(at_once.caret(middle).y <= at_once.height(), "carets are inside the document");
    promise(at_once.hit_test(20, at_once.height() / 2) <= whole.size(), "hits are inside the source");
    at_once.plain_text({middle / 2, middle});
}

}  // namespace llmc::fuzz
