// Whether two snapshots show the same, so that nobody is woken for nothing.
//
// Thread contract: pure.
#pragma once

#include "engine/engine.h"

namespace llmc::engine {

// All but when servers were asked last, and what derives from the rest. Growing text does not count: workers tell of it
// themselves.
bool looks_same(const Snapshot& a, const Snapshot& b);

}  // namespace llmc::engine
