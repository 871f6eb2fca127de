// What the demo models that play the roles of assets/suites/roles do: one of them right, the others wrong in a way of
// their own. The right steps of every prompt stand in assets/demo/roles.json: [{"prompt": "…", "steps": [STEP, …]}], a
// step being a text, or a list of calls {TOOL: {ARGUMENTS}}.
//
// Thread contract: immutable once it was read.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace llmc::demo {

enum class Playing {
    nothing,
    good,    // the right steps
    breaks,  // … up to the eighth; garbles a text of the ninth's calls, and calls without arguments from then on
    leaks,   // the right steps, its calls written as text: in another notation for each prompt
    cycles   // makes its first call again and again
};

inline constexpr std::size_t kRightSteps = 8;  // of the one that breaks

struct PlayedCall {
    std::string name, arguments;
    bool operator==(const PlayedCall&) const = default;
};
struct PlayedStep {
    std::string text;
    std::vector<PlayedCall> calls;  // where there are none, the text is what is said
    bool operator==(const PlayedStep&) const = default;
};

class RolePlays {
public:
    // The program's own. Errors: `parse` where its file is not as above.
    static Result<RolePlays> load();
    // The same of a text.
    static Result<RolePlays> read(std::string_view json);

    // Step `step`, from 0, of the answer to `prompt`; nothing where the prompt is not known. Behind the last step it
    // says that there is nothing more to do.
    std::optional<PlayedStep> play(Playing how, std::string_view prompt, std::size_t step) const;

private:
    struct Role {
        std::size_t number = 0;  // by its place in the file
        std::vector<PlayedStep> steps;
    };
    std::map<std::string, Role, std::less<>> roles_;  // by prompt
};

}  // namespace llmc::demo
