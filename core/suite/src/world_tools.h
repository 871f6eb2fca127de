// The definitions of the tools that work on a world: those of the MCP filesystem server.
//
// Thread contract: plain functions.
#pragma once

#include <string_view>

#include "base/json.h"

namespace llmc::suite {

// The function's name; empty where a definition has none.
std::string_view tool_name(const base::Json& definition);

// `tools`, a list or null, and behind them the world's tools whose names it does not use.
base::Json with_world_tools(const base::Json& tools);

}  // namespace llmc::suite
