// A TCP connection to one of several addresses.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "waits.h"

namespace llmc::net {

// What a failed system call on a connection means, in words that go on from "SERVER …"; kind `connection`, or
// `own_limit` where this program or system is at fault.
Error connection_error(int error_number);

// Tries the numeric `addresses` in turn, each with an equal share of the time left, so that a silent first address
// leaves time for a second one. Gives a non-blocking socket. Errors: `connection` with the most telling of the reasons,
// `own_limit`, `cancelled`, `timeout`.
Result<base::UniqueFd> connect_to(const std::vector<std::string>& addresses, int port, Waits& waits);

}  // namespace llmc::net
