// The Prompt window: the box, what waits to be sent, how far a batch is, and the session's few big buttons.
//
// Thread contract: main thread, within a frame, inside the window's Begin and End.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/frame_view.h"
#include "gui/layout_plan.h"

namespace llmc::gui {

struct PromptView {
    std::string text;
    bool wants_focus = false;
    // Prompts of a file that were not sent yet: shown, edited, then run.
    std::vector<std::string> batch;
    std::string batch_name;  // of the file
    // What was sent, oldest first; Up and Down walk through it.
    std::vector<std::string> history;
    std::optional<std::size_t> history_at;
    std::string draft;  // what stood in the box before the walk
    const std::string& unsent() const { return history_at ? draft : text; }

    // What the window wants of the place below the stage, and of what that was made.
    PromptHeight height;
    float actions_height = 0;
    std::size_t measured_bytes = 0;
    float measured_width = 0, text_height = 0;

    // The queued prompt that is being edited.
    struct QueueEdit {
        std::string before;   // which one: prompts of the same words are the same
        std::size_t row = 0;  // when it was last there
        std::string text;
        bool takes_keys = true;
    };
    std::optional<QueueEdit> queue_edit;

    // For the time that is left.
    base::TimePoint batch_started{};
    int batch_total = 0;

    // Of the last frame: whether the caret stood in the first or last line.
    bool is_caret_first = true, is_caret_last = true;
    bool was_typing = false;
    bool wants_send = false;
    bool has_sent = false;                   // in this frame: the same keys must not send twice
    std::optional<std::string> replacement;  // for the box while it is active
};

void draw_prompt(const FrameView& frame, PromptView& view, Commands& commands);

// What the primary button, Ctrl+Enter and the menu do: "Send", "Add to queue", "Resume round 2", "Run 12 prompts".
struct PrimaryAction {
    enum class Kind { send, add_to_queue, resume, run_batch, go_on };
    Kind kind = Kind::send;
    std::string label;
    bool is_enabled = false;
    std::string_view why_not;  // where it is not
};
PrimaryAction primary_action(const FrameView& frame, const PromptView& view);
void run_primary_action(const FrameView& frame, PromptView& view, Commands& commands);

// "about 3 min left"; empty where it cannot be told.
std::string time_left(double elapsed_s, int answers_done, int answers_total);

}  // namespace llmc::gui
