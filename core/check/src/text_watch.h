// The checks that a growing text can break for good, one class for each; they judge whole texts too.
//
// Thread contract: one thread; the check must outlive its watch.
// Invariants: what update() reports holds for every continuation of the text, and is the same however the text was cut
// (of not_regex: that there is a find, not where); each byte is looked at a bounded number of times.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "check/checks.h"

namespace llmc::check {

class TextWatch {
public:
    virtual ~TextWatch() = default;

    // The whole text so far: what broke the check, once; nothing may be asked after that.
    virtual std::optional<session::CheckResult> update(std::string_view text) = 0;
    // The text has ended, and update() has seen all of it.
    virtual std::optional<session::CheckResult> finish(std::string_view text) = 0;
};

// For not_contains, not_regex, max_words, max_chars, json and json_schema (that it is JSON); null for other checks.
std::unique_ptr<TextWatch> make_watch(const Check& check);

}  // namespace llmc::check
