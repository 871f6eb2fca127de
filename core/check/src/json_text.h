// A text that has to be JSON, alone or in one code fence, while it grows.
//
// Thread contract: one thread.
// Invariants: is_broken() only where no continuation could be right; every byte is looked at once.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "json_scanner.h"

namespace llmc::check {

class JsonText {
public:
    explicit JsonText(bool allow_fence) : allow_fence_(allow_fence) {}

    // The whole text so far.
    void update(std::string_view text);
    // The text has ended: what is not whole now is broken.
    void finish();

    bool is_broken() const { return at_ == At::broken; }
    std::size_t broken_at() const { return pos_; }  // bytes
    std::string why() const;                        // "a value was expected, and \"x\" stands there"
    // The JSON without its fence, once finish() found nothing broken.
    std::string_view json(std::string_view text) const { return text.substr(begin_, end_ - begin_); }

private:
    enum class At { lead, opening, info, json, closing, closing_line, behind, broken };

    bool feed(char c);
    bool feed_json(char c);
    bool fail(std::string why);

    bool allow_fence_;
    At at_ = At::lead;
    std::size_t pos_ = 0;  // of the byte that is looked at
    std::size_t begin_ = 0, end_ = 0;
    char fence_ = 0;  // its sign; 0 without one
    int opening_run_ = 0, closing_run_ = 0;
    bool is_line_blank_ = true;  // nothing but blanks since the last line break
    JsonScanner scanner_;
    std::string why_;
};

}  // namespace llmc::check
