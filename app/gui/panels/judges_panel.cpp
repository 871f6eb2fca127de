#include "gui/panels/judges_panel.h"

#include <algorithm>

#include <fmt/format.h>

#include "gui/panels/judges_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr const char* kWhat =
    "A model that says which of two answers is better, asked in both orders, and whether an answer meets the criteria "
    "of its prompt. Its verdicts count only where they agree with your votes and with checks: on 20 pairs or more, "
    "with κ of 0.4 or more.";

// Name over value, as many beside each other as there is room for.
void draw_figures(const FrameView& frame, const JudgeRow& row) {
    const Theme& theme = frame.theme;
    const TextLook name{.size = theme.text.small, .role = Role::weak};
    const TextLook value{.face = Face::mono, .size = theme.text.figure};
    const float left = ImGui::GetCursorScreenPos().x, room = ImGui::GetContentRegionAvail().x, gap = theme.px(20);
    float x = left;
    for (const JudgeRow::Figure& figure : row.figures) {
        const float width = std::max(measure(frame, figure.name, name).x, measure(frame, figure.value, value).x);
        if (x > left && x + gap + width <= left + room)
            ImGui::SameLine(0, gap);
        else
            x = left;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::Dummy({std::max(width, 1.0F), name.size + value.size + theme.px(8)});
        tooltip(frame, figure.help);
        paint_text(frame, at, figure.name, name, width + 1);
        paint_text(frame, {at.x, at.y + name.size + theme.px(4)}, figure.value, value, width + 1);
        x = at.x + width;
    }
}

void draw_standing(const FrameView& frame, const JudgeRow& row) {
    const Theme& theme = frame.theme;
    if (row.judged < 0) {
        draw_text_wrapped(frame, kWhat, {.size = theme.text.quiet, .role = Role::weak});
        return;
    }
    {
        const EdgeBox box(frame, row.is_licensed ? Role::good : Role::warn, Role::bg2);
        draw_text(frame,
                  row.is_licensed ? "Licensed: its verdicts count" : "Not licensed: its verdicts count for nothing",
                  {.face = Face::semibold});
        for (const std::string& why : row.missing)
            draw_text_wrapped(frame, why + ".", {.size = theme.text.quiet, .role = Role::weak});
        if (row.is_licensed)
            draw_text_wrapped(frame, "It agrees with your votes and with checks more than chance would.",
                              {.size = theme.text.quiet, .role = Role::weak});
    }
    ImGui::Dummy({0, theme.px(1)});
    draw_figures(frame, row);
}

void draw_progress(JudgesParts& parts) {
    const FrameView& frame = parts.frame;
    const JudgingState& state = frame.judging;
    const float share = state.questions_total == 0
                            ? 0
                            : static_cast<float>(state.questions_done) / static_cast<float>(state.questions_total);
    ImGui::AlignTextToFramePadding();
    std::string words = fmt::format("{} waits: candidates come first", state.model);
    if (state.is_stopping)
        words = fmt::format("{} stops…", state.model);
    else if (state.is_running)
        words = fmt::format("{} judges: {} of {} questions", state.model, state.questions_done, state.questions_total);
    draw_text(frame, words, {.size = frame.theme.text.quiet, .role = Role::weak});
    if (state.is_running) progress_bar(frame, share, ImGui::GetContentRegionAvail().x);
}

void draw_actions(JudgesParts& parts, const JudgeRow& row) {
    const FrameView& frame = parts.frame;
    if (frame.judging.is_wanted) {
        if (button(frame, "Stop judging", !frame.judging.is_stopping, "The verdicts that it gave are kept"))
            parts.commands.add(StopJudge{});
    } else {
        const auto& judges = frame.snapshot.session.judges;
        const auto place = static_cast<std::size_t>(std::max(row.judged, 0));
        const bool has_answers = !frame.snapshot.session.rounds.empty();
        if (primary_button(frame, row.judged < 0 ? "Judge now###judge" : "Judge again###judge", has_answers))
            parts.commands.add(
                StartJudge{row.model, row.judged >= 0 && place < judges.size() ? judges[place].id : std::string()});
        if (ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled))
            tooltip(frame, has_answers ? "Every two complete answers of a round, in both orders; never its own. While "
                                         "candidates run: on servers that none of them needs, else when they are done"
                                       : "There are no answers yet");
    }
    ImGui::SameLine();
    if (button(frame, "Edit…", row.is_configured, row.is_configured ? "" : "It is of this session only"))
        open_judge_editor(parts);
    draw_judge_editor(parts);
    if (frame.judging.is_wanted) {
        ImGui::SameLine(0, frame.theme.px(14));
        ImGui::BeginGroup();
        draw_progress(parts);
        ImGui::EndGroup();
    }
}

void draw_details(JudgesParts& parts) {
    const JudgeRow* row = parts.view.model.chosen();
    if (!row) return;
    const FrameView& frame = parts.frame;
    draw_text(frame, row->name, {.face = Face::semibold, .keeps_end = true});
    draw_actions(parts, *row);
    ImGui::Dummy({0, frame.theme.px(1)});
    draw_standing(frame, *row);
    if (row->judged >= 0) draw_verdicts(parts);
}

}  // namespace

void draw_judges(const FrameView& frame, JudgesView& view, SetupState& setup, Commands& commands) {
    const Theme& theme = frame.theme;
    view.model.update(frame.snapshot, frame.revision, setup.draft.judges);
    JudgesParts parts{frame, view, setup, commands};
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const bool is_wide = room.x >= theme.px(720);
    const auto rows = static_cast<float>(view.model.rows().size());
    const float height = is_wide ? 0 : std::min(theme.px(44) + rows * theme.px(48), room.y * 0.35F);
    if (ImGui::BeginChild("judges", {is_wide ? theme.px(260) : 0, height}, ImGuiChildFlags_NavFlattened)) {
        draw_judge_list(parts);
        if (view.model.rows().empty()) draw_text_wrapped(frame, kWhat, {.size = theme.text.quiet, .role = Role::weak});
    }
    ImGui::EndChild();
    if (is_wide) ImGui::SameLine(0, theme.px(18));
    if (ImGui::BeginChild("verdicts of one", {0, 0}, ImGuiChildFlags_NavFlattened)) draw_details(parts);
    ImGui::EndChild();
}

}  // namespace llmc::gui
