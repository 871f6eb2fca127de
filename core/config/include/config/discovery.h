// Looking for model servers on this machine's usual ports.
//
// Thread contract: discover() blocks for at most about two seconds, asking all ports at once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "net/base_url.h"
#include "net/http.h"
#include "openai/manifest.h"

namespace llmc::config {

// The ports of all server families (openai/dialect.h), on 127.0.0.1. LLMC_DISCOVERY_PORTS in the environment
// ("18081,18082", or empty for none) takes their place: for tests, and for machines whose servers live elsewhere.
struct Discovered {
    net::BaseUrl url;
    openai::Manifest manifest;
};
std::vector<Discovered> discover(net::HttpClient& client, const std::vector<int>& ports);
std::vector<int> discovery_ports(const std::optional<std::string>& from_environment);

}  // namespace llmc::config
