// Reads JSON (RFC 8259) byte by byte, without keeping it, to say at which byte it stops being JSON.
//
// Thread contract: one thread.
// Invariant: feed() refuses a byte exactly where no continuation could make the bytes so far the beginning of a JSON
// text of at most base::kMaxJsonDepth levels.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/json.h"

namespace llmc::check {

class JsonScanner {
public:
    // False where this byte cannot stand here; nothing may be fed after that.
    bool feed(char c);

    // The bytes so far are a whole JSON text.
    bool is_complete() const;
    bool is_in_string() const { return at_ == At::string || at_ == At::escape || at_ == At::hex; }

    // What could have stood here, for people: "a value", "\",\" or \"}\"".
    std::string_view expected() const;

private:
    enum class At : std::uint8_t {
        value,           // one has to come
        element_or_end,  // behind "["
        key_or_end,      // behind "{"
        key,             // behind "," in an object
        colon,
        behind_value,
        string,
        escape,
        hex,
        literal,
        minus,
        zero,
        integer,
        point,
        fraction,
        exponent,
        exponent_sign,
        exponent_digits,
        too_deep
    };

    bool feed_value(char c);
    bool feed_behind_value(char c);
    bool feed_string(char c);
    bool feed_number(char c);
    bool open(bool is_object);
    bool close();
    bool go(At at) {
        at_ = at;
        return true;
    }
    bool is_object() const { return (objects_ >> (depth_ - 1) & 1) != 0; }
    bool is_number_complete() const {
        return at_ == At::zero || at_ == At::integer || at_ == At::fraction || at_ == At::exponent_digits;
    }

    static_assert(base::kMaxJsonDepth <= 64, "one bit of objects_ for each level");

    At at_ = At::value;
    bool is_key_ = false;        // the string is one
    std::uint8_t hex_left_ = 0;  // of a \uXXXX
    std::string_view literal_;   // what is still to come of true, false, null
    int depth_ = 0;
    std::uint64_t objects_ = 0;  // which open levels are objects, the innermost highest
};

}  // namespace llmc::check
