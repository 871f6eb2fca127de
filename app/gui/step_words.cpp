#include "gui/step_words.h"

#include <fmt/format.h>

#include "metrics/words.h"

namespace llmc::gui {

std::string_view words_of(session::EndedBy how) {
    switch (how) {
        case session::EndedBy::final: return "final answer";
        case session::EndedBy::done: return "done tool";
        case session::EndedBy::max_steps: return "step limit";
        case session::EndedBy::cycle: return "cycle";
        case session::EndedBy::leaked_call: return "leaked call";
    }
    return {};
}

std::string steps_text(const session::Answer& answer) {
    if (session::is_final(answer.state))
        return answer.steps.empty() ? std::string() : metrics::counted(answer.steps.size(), "step", "steps");
    const session::StepNow& now = answer.step_now;
    if (now.index == 0) return {};
    std::string text = fmt::format("step {}", now.max_steps > 0 ? now.of_turn : now.index);
    if (now.max_steps > 0) text += fmt::format(" of {}", now.max_steps);
    if (now.turn > 1) text += fmt::format(", turn {}", now.turn);
    return text;
}

}  // namespace llmc::gui
