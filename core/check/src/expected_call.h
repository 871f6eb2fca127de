// A call that a suite expects, of `calls` and `milestones`.
//
// Thread contract: immutable; any number of threads may ask at once.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "expected_value.h"
#include "made_calls.h"

namespace llmc::check {

inline constexpr std::size_t kMaxExpectedCalls = 256;  // of one check

class ExpectedCall {
public:
    // The keys that it knows are asked for in `fields`; what is wrong is noted in the file.
    static ExpectedCall read(base::JsonFile& file, base::FieldReader& fields, const base::OrderedJson& source);

    // `why`: null where nobody asks.
    bool fits(const MadeCall& call, std::string* why = nullptr) const;
    bool fits_name(const std::string& name) const;

    const std::string& name() const { return name_; }    // empty of one with a pattern
    const std::string& words() const { return words_; }  // "read_file({"path": …})", shortened

private:
    std::string name_;
    std::shared_ptr<const base::Regex> pattern_;  // in place of the name
    std::optional<ExpectedValue> arguments_;      // none: whatever they are
    bool is_exact_ = false;
    std::vector<std::string> ignored_;  // arguments, by name
    std::string words_;
};

// The best reason why none of `calls` from the index `from` is the expected one: of the first with its name, what does
// not fit; else which calls were made.
std::string why_none(const ExpectedCall& expected, const std::vector<MadeCall>& calls, std::size_t from = 0);

// A list of texts that are not empty, and none twice. What is wrong is noted.
std::vector<std::string> read_names(base::JsonFile& file, base::FieldReader& fields, std::string_view key);

}  // namespace llmc::check
