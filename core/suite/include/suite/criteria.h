// What a suite says of good and bad answers, for people and judges; no candidate is sent it.
//
// Thread contract: plain function.
#pragma once

#include <string>
#include <string_view>

#include "suite/suite.h"

namespace llmc::suite {

struct Criteria {
    std::string pass, fail;  // empty: nothing is said
};

// A prompt's own, else the suite's, with the values of the case in them. Nothing for a prompt that is none of its.
Criteria criteria_of(const Suite& suite, std::string_view prompt_id, const base::Json& case_values);

}  // namespace llmc::suite
