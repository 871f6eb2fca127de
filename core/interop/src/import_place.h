// Where something stands in a file of another program, and what of it was asked for.
//
// Thread contract: one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "interop/not_taken.h"

namespace llmc::interop {

struct Place {
    std::string file;
    std::string path;  // "prompts[3].expected", "line 12, target"

    Place operator/(std::string_view key) const;
    Place operator[](std::size_t index) const;
};

// What was not taken over, each thing once.
class Notes {
public:
    void add(const Place& place, std::string what);
    std::vector<NotTaken> take() { return std::move(notes_); }
    std::size_t size() const { return notes_.size(); }
    const std::vector<NotTaken>& all() const { return notes_; }

private:
    std::vector<NotTaken> notes_;
    std::set<std::string> known_;
};

// One object of a file. A member that is null counts as absent; what is of another type than asked for is noted.
class Members {
public:
    // A value that is no object is noted and read as an empty one. Value and notes must outlive the reader.
    Members(const base::OrderedJson& value, Place place, Notes& notes);

    const base::OrderedJson* find(std::string_view key);  // null: absent
    const base::OrderedJson* list(std::string_view key);
    const base::OrderedJson* object(std::string_view key);
    std::optional<std::string> text(std::string_view key);  // a number or a boolean as its text, too
    // Of several names for one thing: the first that is there; another that says something else is noted.
    std::optional<std::string> text_of(std::initializer_list<const char*> keys);

    Place at(std::string_view key) const { return place_ / key; }
    const Place& place() const { return place_; }
    void note(std::string_view key, std::string what) { notes_.add(at(key), std::move(what)); }
    Notes& notes() { return notes_; }

    // Notes all members that nobody asked for.
    void finish();

private:
    const base::OrderedJson& value_;
    Place place_;
    Notes& notes_;
    std::set<std::string, std::less<>> asked_;
};

// The text itself; anything else as JSON.
std::string as_text(const base::OrderedJson& value);
// A value in a few words, for notes.
std::string shortly(const base::OrderedJson& value);

}  // namespace llmc::interop
