// Placeholders {{NAME}} in texts and in JSON, for suites that have cases: without any there are none, and such a text
// is a text. A backslash before it makes a text of a placeholder ("\{{x}}"), two make a backslash before its value.
//
// Thread contract: plain functions and values.
// Invariants: what a value holds is never looked at for placeholders; JSON stays JSON whatever the values are.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace llmc::suite {

bool has_placeholder(std::string_view text);
bool has_placeholder_within(const base::OrderedJson& value);

// What is filled to `text`, whatever the case.
std::string literal(std::string_view text);

class Filler {
public:
    // `case_values`: an object; null for a suite without cases, whose texts stay what they are. Must outlive the
    // filler.
    explicit Filler(const base::Json& case_values) : values_(case_values) {}

    std::string fill(std::string_view text);
    // All texts within, keys too. With `keeps_types` a text that is one placeholder and nothing else becomes the value
    // itself.
    base::OrderedJson fill(const base::OrderedJson& value, bool keeps_types);

    const base::Json& values() const { return values_; }
    // The first name without a value so far.
    const std::optional<std::string>& missing() const { return missing_; }

private:
    const base::Json* value_of(std::string_view name);

    const base::Json& values_;
    std::optional<std::string> missing_;
};

}  // namespace llmc::suite
