// Regular expressions in RE2's syntax: their time is linear in the text, their memory is bounded, whatever they are.
//
// Thread contract: immutable; any number of threads may search at once.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace llmc::base {

class Regex {
public:
    // Errors: `parse` with RE2's words; `limit` for one that needs too much memory.
    static Result<std::shared_ptr<const Regex>> compile(std::string_view pattern, bool ignores_case = false);
    ~Regex();

    bool is_in(std::string_view text) const;

    // Bytes.
    struct Find {
        std::size_t begin, end;
    };
    // The leftmost find that lies in [from, to); what stands around counts for ^, $ and \b.
    std::optional<Find> find(std::string_view text, std::size_t from, std::size_t to) const;

    // Whether a find at the end of a text may be none once more text follows it: for "yes$", "yes\b".
    bool may_look_ahead() const { return may_look_ahead_; }

private:
    Regex(std::unique_ptr<const re2::RE2> regex, bool may_look_ahead);

    std::unique_ptr<const re2::RE2> regex_;
    bool may_look_ahead_;
};

}  // namespace llmc::base
