// A check that a growing text can break for good; it judges whole texts too.
//
// Thread contract: one thread; the check must outlive its watch.
// Invariants: what update() reports holds for every continuation of the text, and is the same however the text was cut
// (of not_regex: that there is a find, not where); each byte is looked at a bounded number of times.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "check/checks.h"

namespace llmc::check {

using Broken = std::optional<session::CheckResult>;

class TextWatch {
public:
    explicit TextWatch(const Check& check) : check_(check) {}
    virtual ~TextWatch() = default;

    // The whole text so far: what broke the check, once; nothing may be asked after that.
    virtual Broken update(std::string_view text) = 0;
    // The text has ended, and update() has seen all of it.
    virtual Broken finish(std::string_view /*text*/) { return std::nullopt; }

protected:
    session::CheckResult broken(std::string detail, std::size_t at_char) const {
        return {.type = std::string(check_.kind->name),
                .passed = false,
                .detail = std::move(detail),
                .at_char = static_cast<std::int64_t>(at_char)};
    }

    const Check& check_;
};

// For a row of the table.
template <class Watch>
std::unique_ptr<TextWatch> make(const Check& check) {
    return std::make_unique<Watch>(check);
}

// Goes through a growing text code point by code point.
class CodePoints {
public:
    // The next one; its place is count() - 1.
    std::optional<char32_t> next(std::string_view text) {
        if (pos_ >= text.size()) return std::nullopt;
        ++count_;
        return base::next_code_point(text, pos_);
    }
    std::size_t count() const { return count_; }

private:
    std::size_t pos_ = 0;
    std::size_t count_ = 0;
};

}  // namespace llmc::check
