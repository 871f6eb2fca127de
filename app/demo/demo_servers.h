// Scripted model servers inside the program, for trying it without a model and for its tests: what they say is made up.
//
// Two servers on 127.0.0.1 and three models between them: "demo-fast" on both, "demo-thinker" (reasons first) on the
// first, "demo-fragile" on the second, which fails when the prompt has the word "fail" in it, or always in the way that
// `fault` says. With `has_roles` the second one has "roles-good", "roles-breaks", "roles-leaks" and "roles-cycles" too,
// which play the suites of assets/suites/roles (role_plays.h), with `has_forms` those that answer some request forms
// well and others not: "forms-good" and more (form_plays.h), with `has_judges` "judge-right" and others (judge_plays.h).
// They speak GET /v1/models and POST /v1/chat/completions,
// streamed or whole; everything else is a 404.
//
// Thread contract: start(), stop() and the destructor by one thread; the servers answer on threads of their own.
// Invariants: an answer depends on the model, the messages and what they demand only; temperature and seed change
// nothing. No answer outlives stop().
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "demo/faults.h"
#include "demo/listener.h"

namespace llmc::demo {

struct DemoOptions {
    double tokens_per_s = 60;   // 0: at once
    Fault fault = Fault::none;  // of demo-fragile
    int port = 0;               // of the first server, the other has the next one; 0: any free ones
    bool has_roles = false;
    bool has_forms = false;
    bool has_judges = false;
};

class DemoServers {
public:
    struct Entry {
        std::string url;
        std::vector<std::string> models;
    };

    // Errors: `io` where a port is taken.
    static Result<DemoServers> start(const DemoOptions& options);

    const std::vector<Entry>& servers() const { return entries_; }
    // A line "URL MODEL MODEL" for each server, and an empty line, up to which tools/run reads.
    std::string describe() const;
    void stop();

private:
    std::vector<Entry> entries_;
    std::vector<Listener> listeners_;
};

}  // namespace llmc::demo
