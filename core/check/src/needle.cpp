#include "needle.h"

#include "base/case_folding.h"
#include "base/utf8.h"
#include "base/white_space.h"

namespace llmc::check {

Needle::Needle(std::string_view utf8, bool ignore_case) : ignore_case_(ignore_case) {
    for (std::size_t at = 0; at < utf8.size();) code_points_.push_back(fold(base::next_code_point(utf8, at)));
    borders_.assign(code_points_.size(), 0);
    for (std::size_t i = 1, border = 0; i < code_points_.size(); ++i) {
        while (border > 0 && code_points_[i] != code_points_[border]) border = borders_[border - 1];
        if (code_points_[i] == code_points_[border]) ++border;
        borders_[i] = static_cast<std::uint32_t>(border);
    }
}

char32_t Needle::fold(char32_t c) const {
    return ignore_case_ ? base::fold_case(c) : c;
}

std::optional<std::size_t> Needle::find(std::string_view utf8) const {
    if (code_points_.empty()) return 0;
    NeedleSearch search(*this);
    std::size_t count = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        ++count;
        if (search.feed(base::next_code_point(utf8, at))) return count - code_points_.size();
    }
    return std::nullopt;
}

bool Needle::starts(std::string_view utf8) const {
    std::size_t at = 0;
    for (const char32_t c : code_points_)
        if (at == utf8.size() || fold(base::next_code_point(utf8, at)) != c) return false;
    return true;
}

bool Needle::ends(std::string_view utf8) const {
    std::size_t end = utf8.size();
    for (auto c = code_points_.rbegin(); c != code_points_.rend(); ++c) {
        if (end == 0) return false;
        const std::size_t start = base::previous_code_point(utf8, end);
        std::size_t at = start;
        if (fold(base::next_code_point(utf8, at)) != *c) return false;
        end = start;
    }
    return true;
}

bool Needle::equals(std::string_view utf8) const {
    return starts(utf8) && base::count_code_points(utf8) == code_points_.size();
}

bool NeedleSearch::feed(char32_t c) {
    const auto& wanted = needle_->code_points_;
    const char32_t folded = needle_->fold(c);
    if (matched_ == wanted.size()) matched_ = needle_->borders_[matched_ - 1];
    while (matched_ > 0 && wanted[matched_] != folded) matched_ = needle_->borders_[matched_ - 1];
    if (wanted[matched_] == folded) ++matched_;
    return matched_ == wanted.size();
}

}  // namespace llmc::check
