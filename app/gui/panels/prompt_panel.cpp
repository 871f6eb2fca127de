#include "gui/panels/prompt_panel.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "gui/panels/prompt_box.h"
#include "gui/panels/prompt_queue.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

using engine::Activity;

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// What stands between the user and the first answer.
std::string_view missing(const FrameView& frame) {
    if (frame.setup.in_force.servers.empty()) return "Add a server first (Configuration).";
    if (frame.setup.in_force.candidates.empty()) return "Choose a model first (Configuration).";
    return {};
}

void follow_batch(const FrameView& frame, PromptView& view) {
    const engine::Snapshot& now = frame.snapshot;
    if (now.answers_done == 0 || now.answers_total < view.batch_total) view.batch_started = frame.now;
    view.batch_total = now.answers_total;
}

void draw_progress(const FrameView& frame, const PromptView& view, float width) {
    const Theme& theme = frame.theme;
    const engine::Snapshot& now = frame.snapshot;
    const bool is_over = now.activity == Activity::idle;
    if (now.rounds_total <= 0 || (is_over && now.session.queue.empty() && now.rounds_total == 1)) return;
    const engine::Progress progress = engine::progress_of(now);
    std::string words = engine::words(progress);
    if (now.activity != Activity::running && now.activity != Activity::idle)
        words = fmt::format("{}, {}", engine::activity_name(now.activity), words);
    if (!now.session.queue.empty()) words += fmt::format(" · {} queued", now.session.queue.size());
    if (now.stops_after_round) words += " · stops after this round";
    if (now.activity == Activity::running) {
        const std::string left =
            time_left(base::seconds(frame.now - view.batch_started), progress.answers_done, progress.answers_total);
        if (!left.empty()) words += " · " + left;
    }
    const TextLook look{.size = theme.text.small, .role = Role::weak};
    const float text = measure(frame, words, look).x;
    const float bar = std::min(width - text - theme.px(12), theme.px(260));
    const bool has_bar = bar > theme.px(40) && progress.answers_total > 1;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = ImGui::GetFrameHeight();
    if (has_bar) {
        ImGui::SetCursorScreenPos({at.x, at.y + height / 2 - theme.px(2)});
        progress_bar(frame, progress.fraction(), bar);
    }
    const float x = has_bar ? at.x + bar + theme.px(10) : at.x;
    bool was_cut = false;
    paint_text(frame, {x, at.y + (height - look.size) / 2 - theme.px(1)}, words, look, at.x + width - x, &was_cut);
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({width, height});
    if (was_cut) tooltip(frame, words);
}

void draw_actions(const FrameView& frame, PromptView& view, Commands& commands) {
    const Theme& theme = frame.theme;
    const engine::Snapshot& now = frame.snapshot;
    const PrimaryAction action = primary_action(frame, view);
    const float gap = theme.px(7);

    if (primary_button(frame, action.label.c_str(), action.is_enabled,
                       action.why_not.empty() ? std::string_view("Ctrl+Enter") : action.why_not))
        run_primary_action(frame, view, commands);
    ImGui::SameLine(0, gap);
    const session::Answer* failed = now.activity == Activity::halted ? session::first_failure(now.session) : nullptr;
    if (failed) {
        std::string label = engine::label_of(now, failed->candidate);
        if (label.size() > 28) label = label.substr(0, base::utf8_cut(label, 26)) + "…";
        if (button(frame, fmt::format("Skip {}###skip", label).c_str(), true, "Goes on without this model"))
            commands.engine(engine::SkipCandidate{failed->round, failed->candidate});
        ImGui::SameLine(0, gap);
    }
    if (button(frame, "Open prompts…", true, "A file of prompts: .txt, .md, .jsonl (Ctrl+O)"))
        commands.add(ChooseFile{FileKind::prompts});
    if (now.activity == Activity::running || now.activity == Activity::starting) {
        ImGui::SameLine(0, gap);
        if (button(frame, "Pause", true, "Running answers go on, nothing new is sent (Ctrl+P)"))
            commands.engine(engine::Pause{});
        if (now.rounds_total > 1 && !now.stops_after_round) {
            ImGui::SameLine(0, gap);
            if (button(frame, "Stop after round", true, "Pauses when all answers of this round are there"))
                commands.engine(engine::StopAfterRound{});
        }
        ImGui::SameLine(0, gap);
        if (button(frame, "Stop", true, "Stops the running answers now; their text is kept (Ctrl+.)"))
            commands.engine(engine::StopNow{});
    }
    ImGui::SameLine(0, theme.px(14));

    const std::string_view hint = frame.enter_sends ? "Enter" : "Ctrl+Enter";
    const TextLook quiet{.face = Face::mono, .size = theme.text.figure, .role = Role::weak};
    const float hint_width = measure(frame, hint, quiet).x;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float end = at.x + ImGui::GetContentRegionAvail().x;
    const float room = end - at.x - hint_width - theme.px(16);
    const bool fits = room > theme.px(110);
    if (fits) draw_progress(frame, view, room);
    if (room > 0)
        paint_text(frame, {end - hint_width, at.y + (ImGui::GetFrameHeight() - quiet.size) / 2 - theme.px(1)}, hint,
                   quiet, hint_width + 1);
    if (!fits) {
        ImGui::NewLine();
        draw_progress(frame, view, ImGui::GetContentRegionAvail().x);
    }
}

// How high the text is when it is wrapped; only the beginning of a long one, which fills any window.
void measure_text(PromptView& view, float width) {
    if (!view.was_typing && view.measured_bytes == view.text.size() && view.measured_width == width) return;
    view.measured_bytes = view.text.size();
    view.measured_width = width;
    constexpr std::size_t kEnough = std::size_t{16} * 1024;
    const char* text = view.text.c_str();
    view.text_height = ImGui::CalcTextSize(text, text + std::min(view.text.size(), kEnough), false, width).y;
}

}  // namespace

std::string time_left(double elapsed_s, int answers_done, int answers_total) {
    if (answers_done <= 0 || answers_done >= answers_total || elapsed_s <= 0) return {};
    const double left = elapsed_s / answers_done * (answers_total - answers_done);
    if (left < 50) return fmt::format("about {:.0f} s left", std::max(5.0, std::ceil(left / 5) * 5));
    if (left < 90 * 60) return fmt::format("about {:.0f} min left", std::max(1.0, std::round(left / 60)));
    return fmt::format("about {:.1f} h left", left / 3600);
}

PrimaryAction primary_action(const FrameView& frame, const PromptView& view) {
    using Kind = PrimaryAction::Kind;
    const engine::Snapshot& now = frame.snapshot;
    PrimaryAction action;
    action.why_not = missing(frame);
    const bool is_ready = action.why_not.empty();
    const bool has_text = !is_blank(view.text);
    if (now.activity == Activity::halted) {
        return {Kind::resume, fmt::format("Resume round {}###primary", now.round_now), true, {}};
    }
    // Prompts of a start that was refused wait, too.
    const bool is_unfinished = !now.session.queue.empty() || now.rounds_done < now.rounds_total;
    const bool waits =
        now.activity == Activity::paused || (now.activity == Activity::idle && is_unfinished && is_ready);
    if (waits && !has_text && view.batch.empty()) return {Kind::go_on, "Continue###primary", true, {}};
    if (!view.batch.empty() && !has_text) {
        action.kind = Kind::run_batch;
        action.label = is_busy(now.activity) ? fmt::format("Add {} to queue###primary", view.batch.size())
                                             : fmt::format("Run {} prompts###primary", view.batch.size());
        if (view.batch.size() == 1 && !is_busy(now.activity)) action.label = "Run 1 prompt###primary";
        action.is_enabled = is_ready;
        return action;
    }
    action.kind = is_busy(now.activity) || now.activity == Activity::paused ? Kind::add_to_queue : Kind::send;
    action.label = action.kind == Kind::send ? "Send###primary" : "Add to queue###primary";
    action.is_enabled = is_ready && has_text;
    if (is_ready && !has_text) action.why_not = "Type a prompt first.";
    return action;
}

void run_primary_action(const FrameView& frame, PromptView& view, Commands& commands) {
    using Kind = PrimaryAction::Kind;
    const PrimaryAction action = primary_action(frame, view);
    if (!action.is_enabled) {
        if (!action.why_not.empty()) commands.add(Notify{.text = std::string(action.why_not)});
        return;
    }
    switch (action.kind) {
        case Kind::resume: commands.engine(engine::Retry{}); return;
        case Kind::go_on: commands.engine(engine::Continue{}); return;
        case Kind::run_batch:
            commands.engine(engine::Send{std::exchange(view.batch, {})});
            view.batch_name.clear();
            return;
        case Kind::send:
        case Kind::add_to_queue: {
            view.history.push_back(view.text);
            view.history_at.reset();
            view.replacement = "";
            commands.engine(engine::Send{{std::exchange(view.text, {})}});
            view.wants_focus = true;
        }
    }
}

void draw_prompt(const FrameView& frame, PromptView& view, Commands& commands) {
    const Theme& theme = frame.theme;
    follow_batch(frame, view);
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const bool has_queue = !view.batch.empty() || !frame.snapshot.session.queue.empty() || view.queue_edit;
    const bool is_wide = room.x > theme.px(700);
    const float queue_width = std::min(room.x * 0.38F, theme.px(460));
    const float gap = ImGui::GetStyle().ItemSpacing.y;
    const float narrow_queue = has_queue && !is_wide ? theme.px(66) + gap : 0;
    const float below = narrow_queue + gap + std::max(view.actions_height, ImGui::GetFrameHeight());
    const float box_height = std::max(room.y - below, theme.px(44));

    const float box_width = has_queue && is_wide ? room.x - queue_width - theme.px(10) : room.x;
    draw_prompt_box(frame, view, {box_width, box_height});
    view.has_sent = std::exchange(view.wants_send, false);
    if (view.has_sent) run_primary_action(frame, view, commands);
    if (has_queue) {
        if (is_wide) ImGui::SameLine(0, theme.px(10));
        draw_prompt_queue(frame, view, {is_wide ? queue_width : room.x, is_wide ? box_height : theme.px(66)}, commands);
    }
    const float top = ImGui::GetCursorPosY();
    draw_actions(frame, view, commands);
    view.actions_height = ImGui::GetCursorPosY() - top - gap;

    const float around = 2 * ImGui::GetStyle().WindowPadding.y + below + 2 * theme.px(8);
    view.height.least = around + 3 * theme.text.row;
    measure_text(view, box_width - theme.px(30));
    const std::size_t waiting = view.batch.empty() ? frame.snapshot.session.queue.size() : view.batch.size();
    const float line = theme.px(24) + gap;  // of the queue, which has a heading
    const float queue = is_wide && has_queue ? line * static_cast<float>(std::min<std::size_t>(waiting, 4) + 1) : 0;
    view.height.needed = around + std::max({3 * theme.text.row, view.text_height + theme.text.row / 2, queue});
}

}  // namespace llmc::gui
