// The verdicts that are kept: probes.json in the state folder.
//
// Thread contract: plain functions; they block on the disk.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "probe/probe.h"

namespace llmc::probe {

inline constexpr const char* kProbesFile = "probes.json";

// {server, model, quantization, server_version, forms{…}} as `probe --json` prints it.
base::OrderedJson to_json(const Probe& probe);

// None where there is no file. Errors: `io`, `parse`, naming the file.
Result<std::vector<Probe>> load_probes(const std::filesystem::path& file);

// Adds `probes` to those in the file, in the place of older ones of the same. Errors: as above; nothing is changed then.
Result<void> keep_probes(const std::filesystem::path& file, const std::vector<Probe>& probes);

// The newest of a model at a server; null for none.
const Probe* find_probe(std::span<const Probe> probes, std::string_view server, std::string_view model);

}  // namespace llmc::probe
