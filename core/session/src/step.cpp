#include "session/step.h"

#include <algorithm>
#include <array>

namespace llmc::session {
namespace {

constexpr std::array<std::string_view, 5> kEndedBy = {"final", "done", "max_steps", "cycle", "leaked_call"};

}  // namespace

std::string_view ended_by_name(EndedBy how) {
    return kEndedBy[static_cast<std::size_t>(how)];
}

std::optional<EndedBy> ended_by_from(std::string_view name) {
    const auto found = std::find(kEndedBy.begin(), kEndedBy.end(), name);
    if (found == kEndedBy.end()) return std::nullopt;
    return static_cast<EndedBy>(found - kEndedBy.begin());
}

bool is_valid(const Step& step) {
    return std::ranges::all_of(step.calls, [](const StepCall& one) { return one.is_valid || !one.result; });
}

}  // namespace llmc::session
