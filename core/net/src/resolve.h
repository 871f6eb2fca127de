// Addresses of a host, found without ever being held up by getaddrinfo (which cannot be cancelled).
//
// Thread contract: blocks the calling thread, until the name is resolved or `waits` end. The helper thread owns its
// data and is never joined: where a resolver never answers, one thread and one descriptor wait with it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "net/http.h"
#include "waits.h"

namespace llmc::net {

// At least one numeric address; a numeric host is its own. Errors: as the resolver's, `cancelled`, `timeout`.
Result<std::vector<std::string>> resolve_host(const std::string& host, const Resolver& resolver, Waits& waits);

}  // namespace llmc::net
