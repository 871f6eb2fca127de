#include "agent/world.h"

namespace llmc::agent {

World::World(const session::WorldFiles& files) : files_(files), initial_(files) {}

}  // namespace llmc::agent
