// JSON from outside: parsing that cannot throw, run deep or fill memory, and getters that cannot throw either.
//
// Thread contract: plain functions.
// Invariants: no nlohmann exception leaves these functions; text is repaired to valid UTF-8 and lone surrogates (\ud83d
// without its partner) become U+FFFD instead of an error; dump_json always gives valid UTF-8.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace llmc::base {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;  // keeps the order of keys: for files that people read

inline constexpr int kMaxJsonDepth = 64;  // product.md section 5

// Errors: `parse` with what is wrong and at which byte; `limit` for deeper nesting than `max_depth`.
Result<Json> parse_json(std::string_view text, int max_depth = kMaxJsonDepth);
Result<OrderedJson> parse_ordered_json(std::string_view text, int max_depth = kMaxJsonDepth);

// A document with the line (from 1) of every key and element by its JSON pointer ("/servers/0/url"), so that an error
// in a file can name its line. A repeated key in one object is an error, and so is what parse_json() refuses; every
// message starts "line N: ".
struct JsonWithLines {
    OrderedJson root;
    std::map<std::string, int> lines;
    int line_of(const std::string& pointer) const;  // 0 when unknown; the nearest known parent's otherwise
};
Result<JsonWithLines> parse_json_with_lines(std::string_view text, int max_depth = kMaxJsonDepth);

// Indented by `indent` blanks, or on one line with -1. Invalid UTF-8 becomes U+FFFD.
std::string dump_json(const Json& value, int indent = -1);
std::string dump_json(const OrderedJson& value, int indent = -1);

// Typed access to a member; nothing when `object` is no object, the key is missing, or the value has another type.
// get_int takes whole floating-point numbers too (1.0), and refuses what does not fit.
const Json* find(const Json& object, std::string_view key);
std::optional<std::string> get_string(const Json& object, std::string_view key);
std::optional<std::int64_t> get_int(const Json& object, std::string_view key);
std::optional<double> get_number(const Json& object, std::string_view key);
std::optional<bool> get_bool(const Json& object, std::string_view key);

}  // namespace llmc::base
