#include "json_scanner.h"

#include "base/ascii.h"

namespace llmc::check {
namespace {

using base::is_blank;
using base::is_digit;

}  // namespace

bool JsonScanner::feed(char c) {
    switch (at_) {
        case At::string:
        case At::escape:
        case At::hex: return feed_string(c);
        case At::literal:
            if (c != literal_.front()) return false;
            literal_.remove_prefix(1);
            return literal_.empty() ? go(At::behind_value) : true;
        case At::minus:
        case At::zero:
        case At::integer:
        case At::point:
        case At::fraction:
        case At::exponent:
        case At::exponent_sign:
        case At::exponent_digits: return feed_number(c);
        case At::too_deep: return false;
        default: break;
    }
    if (is_blank(c)) return true;
    switch (at_) {
        case At::value: return feed_value(c);
        case At::element_or_end: return c == ']' ? close() : feed_value(c);
        case At::key_or_end:
        case At::key:
            if (c == '}' && at_ == At::key_or_end) return close();
            if (c != '"') return false;
            is_key_ = true;
            return go(At::string);
        case At::colon: return c == ':' && go(At::value);
        default: return feed_behind_value(c);
    }
}

bool JsonScanner::feed_value(char c) {
    switch (c) {
        case '{': return open(true);
        case '[': return open(false);
        case '"': is_key_ = false; return go(At::string);
        case '-': return go(At::minus);
        case '0': return go(At::zero);
        case 't': literal_ = "rue"; return go(At::literal);
        case 'f': literal_ = "alse"; return go(At::literal);
        case 'n': literal_ = "ull"; return go(At::literal);
        default: return is_digit(c) && go(At::integer);
    }
}

bool JsonScanner::feed_behind_value(char c) {
    if (depth_ == 0) return false;
    if (c == ',') return go(is_object() ? At::key : At::value);
    return c == (is_object() ? '}' : ']') && close();
}

bool JsonScanner::feed_string(char c) {
    if (at_ == At::hex) {
        if (!base::is_hex_digit(c)) return false;
        return --hex_left_ == 0 ? go(At::string) : true;
    }
    if (at_ == At::escape) {
        if (c == 'u') hex_left_ = 4;
        if (c == 'u') return go(At::hex);
        return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos && go(At::string);
    }
    if (c == '"') return go(is_key_ ? At::colon : At::behind_value);
    if (c == '\\') return go(At::escape);
    return static_cast<unsigned char>(c) >= 0x20;
}

bool JsonScanner::feed_number(char c) {
    if (is_digit(c)) {
        switch (at_) {
            case At::zero: return false;
            case At::minus: return go(c == '0' ? At::zero : At::integer);
            case At::point: return go(At::fraction);
            case At::exponent:
            case At::exponent_sign: return go(At::exponent_digits);
            default: return true;
        }
    }
    if (c == '.' && (at_ == At::zero || at_ == At::integer)) return go(At::point);
    if ((c == 'e' || c == 'E') && (at_ == At::zero || at_ == At::integer || at_ == At::fraction))
        return go(At::exponent);
    if ((c == '+' || c == '-') && at_ == At::exponent) return go(At::exponent_sign);
    if (!is_number_complete()) return false;
    if (is_blank(c)) return go(At::behind_value);
    const At number = at_;
    at_ = At::behind_value;
    if (feed_behind_value(c)) return true;
    at_ = number;
    return false;
}

bool JsonScanner::open(bool is_object) {
    if (depth_ == base::kMaxJsonDepth) {
        at_ = At::too_deep;
        return false;
    }
    const std::uint64_t bit = std::uint64_t{1} << depth_++;
    objects_ = is_object ? objects_ | bit : objects_ & ~bit;
    return go(is_object ? At::key_or_end : At::element_or_end);
}

bool JsonScanner::close() {
    --depth_;
    return go(At::behind_value);
}

bool JsonScanner::is_complete() const {
    return depth_ == 0 && (at_ == At::behind_value || is_number_complete());
}

std::string_view JsonScanner::expected() const {
    switch (at_) {
        case At::value: return "a value";
        case At::element_or_end: return "a value or \"]\"";
        case At::key_or_end: return "a key in quotes or \"}\"";
        case At::key: return "a key in quotes";
        case At::colon: return "\":\"";
        case At::string: return "the rest of a text, with line breaks and controls as \\n or \\u";
        case At::escape: return "one of \"\\/bfnrtu behind a backslash";
        case At::hex: return "four hexadecimal digits behind \\u";
        case At::literal: return "the rest of true, false or null";
        case At::minus:
        case At::point:
        case At::exponent:
        case At::exponent_sign: return "a digit";
        case At::too_deep: return "at most 64 levels";
        default: break;
    }
    if (depth_ == 0) return "nothing more";
    return is_object() ? "\",\" or \"}\"" : "\",\" or \"]\"";
}

}  // namespace llmc::check
