// Which candidate goes to which server next: a pure function, called by the director, the simulation and the property
// tests alike.
//
// Thread contract: pure.
// The rule (product.md section 2.3): a free server takes, in this order: a candidate pinned to it; one whose model it
// has loaded; one that no other free server can take; the next in order. Of several free servers a candidate gets the
// one that has its model loaded, then the one of its last round, then the first listed. `rotate` and `listed` leave out
// what is said about loaded models. Before all of them goes a candidate between two steps of a loop, at the server of its
// last one: a loop ends after a bounded number of steps, and the models would be swapped with each.
#pragma once

#include <string>
#include <vector>

#include "session/candidate.h"

namespace llmc::engine {

struct FreeServer {
    int index = 0;                    // in the configured order
    int slots = 1;                    // requests it can take now
    std::vector<std::string> loaded;  // models it is known to have loaded
};

struct Waiting {
    int key = 0;       // the caller's name for it
    int position = 0;  // its place in the order of the round: lower goes first
    std::string model;
    bool is_pinned = false;    // `servers` holds just the one
    std::vector<int> servers;  // indices of those that can take it
    int last_server = -1;      // of its last round or step; -1: none
    bool is_between_steps = false;
};

struct Assignment {
    int key = 0;
    int server = 0;
    bool operator==(const Assignment&) const = default;
};

// All assignments that can be made now, in the order in which they are made.
std::vector<Assignment> assign(std::vector<FreeServer> free, std::vector<Waiting> waiting, session::Order order);

// A candidate's place in a round's order: its index, turned by one each round with `rotate`.
int position_in_round(int index, int count, int round, session::Order order);

}  // namespace llmc::engine
