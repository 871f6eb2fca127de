// Reads what a suite says of loops: their limits, what tools say, and the world that they work on.
//
// Thread contract: plain functions; one thread. What is wrong is noted in the file, at places below `pointer`.
#pragma once

#include <string>

#include "base/field_reader.h"
#include "placeholders.h"
#include "suite/script.h"

namespace llmc::suite {

inline constexpr int kMaxLoopSteps = 200;             // of a turn
inline constexpr std::size_t kMaxResultRules = 1000;  // of a tool

Loop read_loop(base::JsonFile& file, const base::OrderedJson& value, const std::string& pointer);

ToolResults read_tool_results(base::JsonFile& file, const base::OrderedJson& value, const std::string& pointer);
// Without a loop nothing is played: a text is said as it is, other values as JSON.
ToolResults plain_tool_results(const base::OrderedJson& value);
// With the values of a case; what a rule compares keeps its types.
base::OrderedJson fill_tool_results(const base::OrderedJson& value, Filler& filler);

World read_world(base::JsonFile& file, const base::OrderedJson& value, const std::string& pointer);

}  // namespace llmc::suite
