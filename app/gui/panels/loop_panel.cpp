#include "gui/panels/loop_panel.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "gui/panels/candidate_plot.h"
#include "gui/panels/configuration_fields.h"
#include "gui/step_words.h"
#include "gui/widget_parts.h"

namespace llmc::gui {
namespace {

Role ink_of(StepMark mark) {
    switch (mark) {
        case StepMark::valid: return Role::good;
        case StepMark::error_result:
        case StepMark::stopped: return Role::warn;
        case StepMark::running: return Role::accent;
        default: return Role::bad;
    }
}

// A shape of its own for each, beside the colour.
void paint_mark(const FrameView& frame, ImVec2 center, StepMark mark) {
    const Theme& theme = frame.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImU32 ink = theme[ink_of(mark)];
    const float r = theme.px(4), thick = std::max(1.6F * theme.scale, 1.0F);
    const auto at = [&](float x, float y) { return ImVec2{center.x + x * r, center.y + y * r}; };
    switch (mark) {
        case StepMark::valid: {
            const ImVec2 check[] = {at(-0.9F, 0.1F), at(-0.25F, 0.75F), at(0.95F, -0.7F)};
            list.AddPolyline(check, 3, ink, thick);
            break;
        }
        case StepMark::error_result:
            list.AddLine(at(0, -0.95F), at(0, 0.25F), ink, thick + 0.4F);
            list.AddCircleFilled(at(0, 0.85F), thick * 0.8F, ink);
            break;
        case StepMark::invalid_call:
            list.AddLine(at(-0.75F, -0.75F), at(0.75F, 0.75F), ink, thick);
            list.AddLine(at(-0.75F, 0.75F), at(0.75F, -0.75F), ink, thick);
            break;
        case StepMark::stopped:
        case StepMark::failed: list.AddRectFilled(at(-0.7F, -0.7F), at(0.7F, 0.7F), ink, 1); break;
        case StepMark::running: list.AddCircle(center, r * 0.8F, ink, 0, thick); break;
    }
}

const session::Step* step_at(const FrameView& frame, const LoopRun& run, const session::CandidateId& id, int step) {
    const auto& rounds = frame.snapshot.session.rounds;
    if (run.round < 1 || run.round > static_cast<int>(rounds.size())) return nullptr;
    const session::Answer* answer = rounds[static_cast<std::size_t>(run.round) - 1]->find(id);
    const auto index = static_cast<std::size_t>(step) - 1;
    return answer && index < answer->steps.size() ? answer->steps[index].get() : nullptr;
}

// One step; pressed, the conversation is shown there.
void draw_chip(const FrameView& frame, const LoopLane& lane, const LoopRun& run, int step, Commands& commands) {
    const Theme& theme = frame.theme;
    const StepMark mark = run.steps[static_cast<std::size_t>(step) - 1];
    const ImVec2 size{theme.px(22), theme.px(20)};
    ImGui::PushID(step);
    const Hit hit = hit_area("step", size, theme.px(4));
    ImGui::PopID();
    if (!hit.is_visible) return;
    ImGui::GetWindowDrawList()->AddRectFilled(hit.min, hit.max, theme[hit.is_hovered ? Role::bg3 : Role::bg2],
                                              theme.px(4));
    paint_mark(frame, {hit.min.x + size.x / 2, hit.min.y + size.y / 2}, mark);
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) {  // of the keyboard, too
        const session::Step* ended = step_at(frame, run, lane.id, step);
        const bool is_last = step == static_cast<int>(run.steps.size());
        tooltip(frame,
                ended ? step_text(*ended) + (is_last ? "\n" + run.ending : "") : fmt::format("Step {} runs", step));
    }
    if (!hit.is_pressed) return;
    commands.add(ShowPanel{Panel::answers});
    commands.add(ShowCandidate{lane.id});
    commands.add(ShowRound{run.round, {lane.id}, step});
}

void draw_run(const FrameView& frame, const LoopLane& lane, const LoopRun& run, Commands& commands) {
    const Theme& theme = frame.theme;
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float height = theme.px(20), gap = theme.px(3), right = start.x + ImGui::GetContentRegionAvail().x;
    const TextLook quiet{.size = theme.text.small, .role = Role::weak};
    const TextLook word{.face = Face::semibold, .size = theme.text.small, .role = run.role};
    float left = start.x + theme.px(14);
    if (!run.name.empty()) {
        paint_text(frame, {left, start.y + theme.px(2)}, run.name, quiet, theme.px(70));
        left += theme.px(74);
    }
    float x = left, y = start.y;
    for (int step = 1; step <= static_cast<int>(run.steps.size()); ++step) {
        if (x + theme.px(22) > right) {
            x = left;
            y += height + gap;
        }
        ImGui::SetCursorScreenPos({x, y});
        draw_chip(frame, lane, run, step, commands);
        x += theme.px(22) + gap;
    }
    const float wide = measure(frame, run.ending, word).x + theme.px(8);
    if (x + wide > right && x > left) {
        x = left;
        y += height + gap;
    }
    paint_text(frame, {x + theme.px(6), y + theme.px(2)}, run.ending, word, right - x - theme.px(6));
    if (run.resumed_at) {
        const std::string words = fmt::format("resumed at step {}", *run.resumed_at);
        if (x + wide + theme.px(12) + measure(frame, words, quiet).x <= right)
            paint_text(frame, {x + wide + theme.px(8), y + theme.px(2)}, words, quiet, right);
    }
    ImGui::SetCursorScreenPos(start);
    ImGui::Dummy({right - start.x, y + height - start.y});
}

void draw_lane(const FrameView& frame, const LoopLane& lane, Commands& commands) {
    const Theme& theme = frame.theme;
    ImGui::PushID(lane.id.c_str());
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, swatch = theme.px(9);
    ImGui::GetWindowDrawList()->AddRectFilled({at.x, at.y + theme.px(5)}, {at.x + swatch, at.y + theme.px(5) + swatch},
                                              plot_color(theme, lane.index), theme.px(2));
    const float left = at.x + theme.px(14);
    const TextLook quiet{.size = theme.text.quiet, .role = Role::weak};
    const float summary = measure(frame, lane.summary, quiet).x;
    const bool has_room = width > summary + theme.px(160);
    paint_text(frame, {left, at.y}, lane.label, {.face = Face::semibold, .keeps_end = true},
               width - theme.px(14) - (has_room ? summary + theme.px(12) : 0));
    if (has_room) paint_text(frame, {at.x + width - summary, at.y + theme.px(1)}, lane.summary, quiet, summary + 1);
    ImGui::Dummy({width, theme.px(20)});
    for (const LoopRun& run : lane.runs) {
        ImGui::PushID(run.round);
        draw_run(frame, lane, run, commands);
        ImGui::PopID();
    }
    ImGui::Dummy({0, theme.px(6)});
    ImGui::PopID();
}

// ---- figures

void draw_decay(const FrameView& frame, const LoopModel& model, float width) {
    std::vector<PlotName> names;
    std::vector<Series> valid, context;
    for (const LoopLane& lane : model.lanes) {
        names.push_back({lane.index, lane.label});
        if (!lane.steps.empty()) valid.push_back({lane.index, lane.steps, lane.valid});
        if (!lane.context.empty()) context.push_back({lane.index, lane.context_steps, lane.context});
    }
    const double last = std::max(model.most_steps, 2);
    const Plot of_valid{.id = "##valid",
                        .title = "Runs with valid calls only, by step",
                        .x_label = "Step",
                        .y_label = "%",
                        .x_min = 1 - 0.04 * (last - 1),
                        .x_max = last + 0.04 * (last - 1),
                        .y_max = 100,
                        .counts_x = true,
                        .value_text = [](double value) { return fmt::format("{:.0f} %", value); },
                        .why_empty = "No step has ended yet"};
    Plot of_context = of_valid;
    of_context.id = "##context";
    of_context.title = "Context at each step, median";
    of_context.y_label = "tokens";
    of_context.y_max = model.most_context;
    of_context.value_text = [](double value) { return count_text(static_cast<std::int64_t>(value)) + " tokens"; };
    if (!valid.empty()) of_context.why_empty = "The servers did not count the prompt's tokens";
    const Theme& theme = frame.theme;
    const bool is_beside = width >= theme.px(620);
    const float each = is_beside ? std::floor((width - theme.px(16)) / 2) : width;
    draw_plot(frame, names, of_valid, valid, {each, theme.px(230)});
    if (is_beside) ImGui::SameLine(0, theme.px(16));
    draw_plot(frame, names, of_context, context, {each, theme.px(230)});
}

void head(const FrameView& frame, const char* name) {
    ImGui::TableNextColumn();
    draw_text(frame, name, {.face = Face::semibold, .size = frame.theme.text.small, .role = Role::weak});
}

// How each run ended, as counts.
void draw_endings(const FrameView& frame, const LoopModel& model, float width) {
    using session::EndedBy;
    const Theme& theme = frame.theme;
    constexpr EndedBy kAll[] = {EndedBy::final, EndedBy::done, EndedBy::max_steps, EndedBy::cycle,
                                EndedBy::leaked_call};
    std::vector<std::string> endings;  // those that occur, in the order in which they are known
    const auto note_ending = [&](std::string_view words) {
        for (const LoopLane& lane : model.lanes)
            for (const LoopRun& run : lane.runs)
                if (run.ending == words && std::ranges::find(endings, words) == endings.end())
                    endings.emplace_back(words);
    };
    for (const EndedBy how : kAll) note_ending(words_of(how));
    for (const session::AnswerState state :
         {session::AnswerState::stopped, session::AnswerState::interrupted, session::AnswerState::cut_off,
          session::AnswerState::empty, session::AnswerState::failed})
        note_ending(words_of(state));
    ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {theme.px(7), theme.px(3)});
    if (ImGui::BeginTable(
            "endings", static_cast<int>(endings.size()) + 3,
            ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_NoHostExtendX)) {
        ImGui::TableSetupColumn("Candidate", ImGuiTableColumnFlags_WidthFixed,
                                std::min(theme.px(240), std::floor(width * 0.36F)));
        ImGui::TableNextRow();
        head(frame, "How it ended");
        for (const std::string& ending : endings) head(frame, ending.c_str());
        head(frame, "Invalid from");
        head(frame, "Time");
        const TextLook figure{.face = Face::mono, .size = theme.text.figure};
        for (const LoopLane& lane : model.lanes) {
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            const ImVec2 at = ImGui::GetCursorScreenPos();
            paint_text(frame, at, lane.label, {.size = theme.text.quiet, .keeps_end = true},
                       ImGui::GetContentRegionAvail().x);
            ImGui::Dummy({1, theme.text.quiet + theme.px(3)});
            for (const std::string& ending : endings) {
                ImGui::TableNextColumn();
                const auto count = std::ranges::count(lane.runs, ending, &LoopRun::ending);
                draw_text(frame, count == 0 ? std::string(metrics::kNoFigure) : fmt::format("{}", count), figure);
            }
            std::optional<int> invalid;
            std::vector<double> times;
            for (const LoopRun& run : lane.runs) {
                if (run.first_invalid) invalid = std::min(invalid.value_or(*run.first_invalid), *run.first_invalid);
                if (run.task_time_s) times.push_back(*run.task_time_s);
            }
            ImGui::TableNextColumn();
            draw_text(frame, invalid ? fmt::format("step {}", *invalid) : std::string(metrics::kNoFigure), figure);
            ImGui::TableNextColumn();
            std::ranges::sort(times);
            draw_text(frame, times.empty() ? std::string(metrics::kNoFigure) : seconds_text(times[times.size() / 2]),
                      figure);
        }
        ImGui::EndTable();
    }
    ImGui::PopStyleVar();
}

void draw_choice(const FrameView& frame, LoopModel& model) {
    if (model.prompts.size() < 2) return;
    std::vector<const char*> names{"of the newest round"};
    for (const std::string& id : model.prompts) names.push_back(id.c_str());
    const auto found = std::ranges::find(model.prompts, model.chosen);
    int current = found == model.prompts.end() ? 0 : static_cast<int>(found - model.prompts.begin()) + 1;
    const float width = std::min(ImGui::GetContentRegionAvail().x, frame.theme.px(420));
    ImGui::BeginChild("choice", {width, ImGui::GetFrameHeight()}, ImGuiChildFlags_NavFlattened);
    const bool has_changed = choice(frame, "Prompt", names, current);
    ImGui::EndChild();
    if (has_changed) model.choose(current == 0 ? std::string() : model.prompts[static_cast<std::size_t>(current) - 1]);
}

}  // namespace

void draw_loop(const FrameView& frame, LoopView& view, Commands& commands) {
    const Theme& theme = frame.theme;
    LoopModel& model = view.model;
    model.update(frame.snapshot, frame.revision);
    if (model.lanes.empty()) {
        empty_state(
            frame, "No loop yet",
            "In a loop a model calls tools, reads what they say and goes on, step after step, until it is done "
            "or breaks. A suite whose prompts have a \"loop\" runs one: open or write it under Suites. Here each "
            "candidate's steps then stand beside each other.");
        return;
    }
    draw_choice(frame, model);
    model.update(frame.snapshot, frame.revision);
    if (ImGui::BeginChild("loop", {0, 0})) {
        for (const LoopLane& lane : model.lanes) draw_lane(frame, lane, commands);
        const float width = ImGui::GetContentRegionAvail().x;
        ImGui::Dummy({0, theme.px(2)});
        draw_endings(frame, model, width);
        ImGui::Dummy({0, theme.px(8)});
        draw_decay(frame, model, width);
    }
    ImGui::EndChild();
}

}  // namespace llmc::gui
