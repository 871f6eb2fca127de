// A ground truth of the Berkeley Function Calling Leaderboard, and its rules: {NAME: {PARAM: [acceptable values]}}, ""
// in a list says that the parameter may be left out. Dots and underscores of a name are alike; of texts, letter case,
// quotes and the signs " ,./-_*^" say nothing; an object is {KEY: [acceptable values]} again. Types are those of the
// acceptable values.
//
// Thread contract: immutable; any number of threads may ask at once.
#pragma once

#include <string>

#include "base/field_reader.h"
#include "base/json.h"
#include "made_calls.h"

namespace llmc::check {

class BfclCall {
public:
    // What is wrong is noted in `file`.
    static BfclCall read(base::JsonFile& file, const base::OrderedJson& source, const std::string& pointer);

    // `why`: null where nobody asks.
    bool fits(const MadeCall& call, std::string* why = nullptr) const;
    bool fits_name(const std::string& name) const;
    const std::string& words() const { return words_; }

private:
    std::string name_;
    base::Json parameters_ = base::Json::object();  // lists of acceptable values
    std::string words_;
};

}  // namespace llmc::check
