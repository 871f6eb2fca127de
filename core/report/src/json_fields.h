// Typed access to the members of a JSON object from a file, which says where something is wrong.
//
// Thread contract: one thread.
// Invariants: a member that is null counts as missing; the first thing wrong is kept in the Problem and names its place
// ("rounds[2].prompt: a number where a text is expected"); reading goes on with what a missing member gives, so that
// callers need no checks in between.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace llmc::report {

class Problem {
public:
    void report(const std::string& place, std::string_view what);
    bool exists() const { return !message_.empty(); }
    const std::string& message() const { return message_; }

private:
    std::string message_;
};

class Fields {
public:
    // `json` should be an object; anything else is a problem, and all members are missing.
    Fields(const base::OrderedJson& json, std::string place, Problem& problem);

    std::optional<std::string> text(std::string_view key);
    std::string text_or_empty(std::string_view key) { return text(key).value_or(std::string()); }
    std::string required_text(std::string_view key);  // not empty
    std::optional<bool> flag(std::string_view key);
    std::optional<double> number(std::string_view key, double least, double most);
    std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most);
    std::int64_t required_integer(std::string_view key, std::int64_t least, std::int64_t most);
    std::optional<std::vector<std::string>> texts(std::string_view key);
    std::vector<std::string> texts_or_nulls(std::string_view key);  // an empty text for null
    base::Json object_value(std::string_view key);                  // as it is; null where it is missing
    base::OrderedJson ordered_object(std::string_view key);         // the same with its order

    // Calls `read` for an object, for every object of an array, for every member of an object. A missing member is no
    // call.
    void object(std::string_view key, const std::function<void(Fields&)>& read);
    void each(std::string_view key, const std::function<void(Fields&)>& read);
    void members(std::string_view key, const std::function<void(const std::string& name, Fields&)>& read);

    // Says that the value of `key` is wrong.
    void refuse(std::string_view key, std::string_view what);

    // The members nobody asked for: an object, or null for none.
    base::OrderedJson unknown() const;
    // Nobody has to ask for this one.
    void skip(std::string_view key) { asked_.emplace_back(key); }

    const std::string& place() const { return place_; }

private:
    const base::OrderedJson* find(std::string_view key);
    std::vector<std::string> list_of_texts(std::string_view key, const base::OrderedJson& value, bool takes_null);
    void wrong_type(std::string_view key, const base::OrderedJson& value, std::string_view expected);
    std::string place_of(std::string_view key) const;

    const base::OrderedJson& json_;
    std::string place_;  // empty at the top
    Problem& problem_;
    std::vector<std::string> asked_;
};

}  // namespace llmc::report
