#include "text/line_breaker.h"

#include <algorithm>

#include "base/utf8.h"
#include "break_class.h"

namespace llmc::text {
namespace {

constexpr float kTolerance = 0.01F;      // px: sums of floats
constexpr std::size_t kMaxCluster = 64;  // bytes; a base with hundreds of marks is no text

char32_t code_point_at(std::string_view text, std::size_t& at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
        ++at;
        return byte;
    }
    return base::next_code_point(text, at);
}

// Walks over the clusters of a text with their widths.
class Walk {
public:
    Walk(std::string_view text, std::span<const FaceFrom> faces, const Advances& advances)
        : text_(text), faces_(faces), advances_(advances) {}

    // The cluster at `begin`, which must lie before the end.
    void step() {
        begin = end;
        while (face_ + 1 < faces_.size() && faces_[face_ + 1].begin <= begin) ++face_;
        const Face face = faces_.empty() ? Face::body : faces_[face_].face;
        earlier = before;
        before = first;
        const auto byte = static_cast<unsigned char>(text_[begin]);
        if (byte < 0x80 && (begin + 1 == text_.size() || static_cast<unsigned char>(text_[begin + 1]) < 0x80)) {
            first = byte;
            end = begin + 1;
            width = advances_.of(face, first);
            return;
        }
        end = next_cluster(text_, begin);
        std::size_t at = begin;
        first = code_point_at(text_, at);
        width = advances_.of(face, first);
        while (at < end) width += advances_.of(face, code_point_at(text_, at));
    }
    bool is_done() const { return end >= text_.size(); }
    void forget() { first = before = earlier = 0; }

    std::size_t begin = 0, end = 0;
    char32_t first = 0;    // of this cluster
    char32_t before = 0;   // of the cluster before
    char32_t earlier = 0;  // of the one before that
    float width = 0;

private:
    std::string_view text_;
    std::span<const FaceFrom> faces_;
    const Advances& advances_;
    std::size_t face_ = 0;
};

}  // namespace

bool Advances::is_current(const FontMetrics& metrics) const {
    return metrics_ == &metrics && generation_ == metrics.generation();
}

void Advances::use(const FontMetrics& metrics) {
    if (is_current(metrics)) return;
    metrics_ = &metrics;
    generation_ = metrics.generation();
    for (std::size_t face = 0; face < kFaces; ++face)
        for (char32_t c = 0; c < 128; ++c) ascii_[face][c] = c < 32 ? 0 : metrics.advance(static_cast<Face>(face), c);
}

std::size_t next_cluster(std::string_view text, std::size_t at) {
    const std::size_t limit = at + kMaxCluster;
    char32_t previous = code_point_at(text, at);
    if (previous == '\n') return at;
    bool is_flag = is_regional(previous);
    while (at < text.size() && at < limit) {
        if (static_cast<unsigned char>(text[at]) < 0x80) break;
        std::size_t behind = at;
        const char32_t c = code_point_at(text, behind);
        const bool is_second = is_flag && is_regional(c);
        if (!joins_previous(c) && !is_second && previous != 0x200D) break;
        is_flag = false;
        previous = c;
        at = behind;
    }
    return at;
}

void break_rows(std::string_view text, std::span<const FaceFrom> faces, const Advances& advances, float first_width,
                float width, std::vector<BrokenRow>& out) {
    Walk at(text, faces, advances);
    std::size_t row = 0;         // where the row begins
    float total = 0, solid = 0;  // its width so far, and that up to its last sign that is no blank
    std::size_t solid_end = 0;
    std::size_t chance = 0;  // the last place where it may end; `row` for none
    float total_there = 0, solid_there = 0;
    std::size_t solid_end_there = 0;
    float limit = first_width;
    const auto end_row = [&](std::size_t end, std::size_t text_end, float row_width) {
        out.push_back({static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(text_end),
                       static_cast<std::uint32_t>(end), row_width});
    };
    while (!at.is_done()) {
        at.step();
        if (at.first == '\n') {
            end_row(at.begin, std::max(row, solid_end), solid);
            row = chance = solid_end = at.end;
            total = solid = 0;
            limit = width;
            at.forget();
            continue;
        }
        if (at.begin > row && may_break(at.earlier, at.before, at.first)) {
            chance = at.begin;
            total_there = total;
            solid_there = solid;
            solid_end_there = solid_end;
        }
        const bool hangs = is_blank(at.first);
        while (!hangs && at.begin > row && total + at.width > limit + kTolerance) {
            if (chance > row) {
                end_row(chance, solid_end_there, solid_there);
                row = chance;
                total -= total_there;
                solid = total;
            } else {  // a word wider than the row
                end_row(at.begin, solid_end, solid);
                row = chance = at.begin;
                total = solid = 0;
            }
            solid_end = std::max(solid_end, row);
            limit = width;
        }
        total += at.width;
        if (!hangs) {
            solid = total;
            solid_end = at.end;
        }
    }
    end_row(text.size(), std::max(row, solid_end), solid);
}

float widest_word(std::string_view text, std::span<const FaceFrom> faces, const Advances& advances) {
    Walk at(text, faces, advances);
    float widest = 0, width = 0;
    while (!at.is_done()) {
        at.step();
        if (at.first == '\n' || is_blank(at.first) || may_break(at.earlier, at.before, at.first)) width = 0;
        if (at.first != '\n' && !is_blank(at.first)) width += at.width;
        widest = std::max(widest, width);
    }
    return widest;
}

Word word_around(std::string_view text, std::uint32_t offset) {
    constexpr std::size_t kReach = 512;  // bytes to each side
    if (text.empty()) return {};
    enum class Class { word, blank, cjk, sign, line_end };
    const auto class_of = [](char32_t c) {
        if (c == '\n' || c == '\r') return Class::line_end;
        return is_word(c) || joins_previous(c) ? Class::word
               : is_blank(c)                   ? Class::blank
               : is_cjk(c)                     ? Class::cjk
                                               : Class::sign;
    };
    const auto back = [&](std::size_t at) {
        do --at;
        while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
        return at;
    };
    std::size_t begin = std::min<std::size_t>(offset, text.size());
    if (begin == text.size()) begin = back(begin);
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
    std::size_t end = begin;
    const Class kind = class_of(code_point_at(text, end));
    if (kind == Class::sign) end = next_cluster(text, begin);
    if (kind == Class::sign || kind == Class::line_end)
        return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(kind == Class::sign ? end : begin)};
    const std::size_t first = begin > kReach ? begin - kReach : 0;
    const std::size_t last = std::min(text.size(), end + kReach);
    while (begin > first) {
        const std::size_t previous = back(begin);
        std::size_t behind = previous;
        if (class_of(code_point_at(text, behind)) != kind) break;
        begin = previous;
    }
    while (end < last) {
        std::size_t behind = end;
        if (class_of(code_point_at(text, behind)) != kind) break;
        end = behind;
    }
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

}  // namespace llmc::text
