// Asking servers what they have, before or without a session.
//
// Thread contract: blocks on the network, for at most the connect timeout.
#pragma once

#include <string_view>
#include <vector>

#include "engine/engine.h"

namespace llmc::cli {

inline constexpr std::string_view kNoServerWords =
    "No server is configured, and none was found on this machine. Start one (LM Studio, llama-server, Ollama), name "
    "one with --server URL, or try llm-compare demo.";

// Fills configure.servers with what discovery finds where none is configured or named.
void discover_servers(engine::Engine& engine, engine::Configure& configure);

// The state of every server once each has answered or failed. `waits` is asked between looks and may end the wait by
// false.
std::vector<engine::ServerStatus> wait_for_manifests(engine::Engine& engine, const std::function<bool()>& waits);

// "studio-1 (http://…): qwen, mistral"; or why not. One line per server.
std::vector<std::string> describe(const std::vector<engine::ServerStatus>& servers);

}  // namespace llmc::cli
