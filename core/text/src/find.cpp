#include "text/find.h"

#include <algorithm>

#include "base/case_folding.h"
#include "base/utf8.h"

namespace llmc::text {

void Find::set_query(std::string_view utf8) {
    if (utf8 == query_) return;
    query_ = utf8;
    needle_.clear();
    for (std::size_t at = 0; at < utf8.size() && needle_.size() < kMaxQuery;)
        needle_.push_back(base::fold_case(base::next_code_point(utf8, at)));
    failure_.assign(needle_.size(), 0);
    for (std::size_t i = 1, k = 0; i < needle_.size(); ++i) {
        while (k > 0 && needle_[i] != needle_[k]) k = failure_[k - 1];
        if (needle_[i] == needle_[k]) ++k;
        failure_[i] = static_cast<std::uint32_t>(k);
    }
    starts_.assign(needle_.size(), 0);
    restart();
}

void Find::restart() {
    matched_ = seen_ = scanned_ = 0;
    results_.clear();
}

bool Find::update(std::string_view text, std::size_t budget_bytes) {
    if (text.size() < scanned_) restart();
    if (needle_.empty() || is_capped()) {
        return true;
    }
    const std::size_t stop = budget_bytes < text.size() - scanned_ ? scanned_ + budget_bytes : text.size();
    std::size_t at = scanned_;
    while (at < stop && !is_capped()) {
        starts_[seen_++ % starts_.size()] = static_cast<std::uint32_t>(at);
        const auto byte = static_cast<unsigned char>(text[at]);
        char32_t code_point = byte;
        if (byte < 0x80)
            ++at;
        else
            code_point = base::next_code_point(text, at);
        code_point = base::fold_case(code_point);
        while (matched_ > 0 && needle_[matched_] != code_point) matched_ = failure_[matched_ - 1];
        if (needle_[matched_] == code_point) ++matched_;
        if (matched_ == needle_.size()) {
            results_.push_back({starts_[(seen_ - matched_) % starts_.size()], static_cast<std::uint32_t>(at)});
            matched_ = 0;
        }
    }
    scanned_ = at;
    return at >= text.size() || is_capped();
}

}  // namespace llmc::text
