// What an argument of a call is expected to be: a value, or an object whose only key is an operator, at any depth
// (agents.md section 2):
//   any_of, all_of [one or more of what is expected]     not (what is not)        equals (a value, as it stands)
//   matches (RE2, found anywhere in a text)              type (a word of JSON Schema)
//   contains (a text in a text; in a list, an element)   min_length (characters of a text, elements of a list)
// Several operators in one object are refused: they are all_of, or equals where they are a value.
//
// Thread contract: immutable; any number of threads may ask at once.
// Invariants: numbers are equal by value (1 and 1.0), the order of keys says nothing; the time is bounded by the size of
// what is expected times that of the value, the depth by base::kMaxJsonDepth.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/field_reader.h"
#include "base/json.h"
#include "base/regex.h"

namespace llmc::check {

// Why a value is not what is expected.
struct Misfit {
    std::string at;    // a pointer into the value: "/path"
    std::string what;  // "must be "a", and is "b""
    std::string words() const { return at.empty() ? what : at + ' ' + what; }
};

// A JSON value in a line of words, shortened.
std::string in_words(const base::Json& value);

class ExpectedValue {
public:
    // What is wrong is noted in `file`, at places below `pointer`, and the result is of no use then.
    static ExpectedValue read(base::JsonFile& file, const base::OrderedJson& source, const std::string& pointer);
    // Of the arguments of a call: their object is never an operator.
    static ExpectedValue read_arguments(base::JsonFile& file, const base::OrderedJson& source,
                                        const std::string& pointer);

    // `is_exact`: objects have no other members, at any depth. `misfit`: null where nobody asks why.
    bool fits(const base::Json& value, bool is_exact, Misfit* misfit = nullptr) const;

private:
    struct Operator;
    static const std::vector<Operator>& operators();
    static const Operator* find_operator(const std::string& name);

    void read_members(base::JsonFile& file, const base::OrderedJson& source, const std::string& pointer);
    void read_parts(base::JsonFile& file, const base::OrderedJson& list, const std::string& pointer);
    bool fits_object(const base::Json& value, bool is_exact, Misfit* misfit) const;
    bool fits_list(const base::Json& value, bool is_exact, Misfit* misfit) const;
    bool fits_contained(const base::Json& value, bool is_exact, Misfit* misfit) const;

    enum class Form { plain, object, list, by_operator };

    Form form_ = Form::plain;
    const Operator* operator_ = nullptr;
    base::Json value_;                                            // plain; of equals; a type's word
    std::vector<std::pair<std::string, ExpectedValue>> members_;  // of an object
    std::vector<ExpectedValue> parts_;                            // of a list, any_of, all_of, not, contains
    std::shared_ptr<const base::Regex> regex_;
    std::int64_t least_ = 0;
};

}  // namespace llmc::check
