#include "gui/panels/metrics_panel.h"

#include <algorithm>
#include <array>

#include "gui/panels/metrics_plots.h"
#include "gui/panels/metrics_tables.h"
#include "gui/widgets.h"
#include "report/report.h"

namespace llmc::gui {
namespace {

constexpr std::array kPages{"Candidates", "Answers", "Plots"};
enum Page { kCandidates, kAnswers, kPlots };

void draw_candidates_page(const FrameView& frame, MetricsView& view) {
    const Theme& theme = frame.theme;
    if (!ImGui::BeginChild("candidates", {0, 0})) {
        ImGui::EndChild();
        return;
    }
    draw_sum_table(frame, "Candidate", view.model.candidates);
    if (view.model.servers.size() > 1) {
        ImGui::Dummy({0, theme.px(6)});
        draw_sum_table(frame, "Server", view.model.servers);
    }
    ImGui::Dummy({0, theme.px(4)});
    if (!view.model.series.empty()) {
        const float room = ImGui::GetContentRegionAvail().y;
        draw_round_plots(frame, view.model, std::clamp(room, theme.px(190), theme.px(320)));
    }
    ImGui::EndChild();
}

}  // namespace

void draw_metrics(const FrameView& frame, MetricsView& view, Commands& commands) {
    const Theme& theme = frame.theme;
    view.model.update(frame.snapshot, frame.revision);
    view.live.sample(frame.snapshot, frame.now);
    if (view.model.answers.empty()) {
        empty_state(frame, "No figures yet",
                    "Send a prompt: time to first token, tokens per second and the rest are listed here per candidate "
                    "and per answer, and drawn by round.");
        return;
    }
    const float right = ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x;
    pills(frame, "pages", kPages, view.page);
    if (view.page != kPlots) {
        const float width = measure(frame, "Copy as CSV", {.size = theme.text.quiet}).x;
        ImGui::SameLine(std::max(right - width - theme.px(2), ImGui::GetCursorPosX()), 0);
        if (link_button(frame, "Copy as CSV"))
            commands.add(
                CopyText{view.page == kCandidates ? candidates_csv(view.model) : report::to_csv(frame.snapshot.session),
                         "metrics"});
    }
    switch (view.page) {
        case kAnswers: draw_answer_table(frame, view); break;
        case kPlots: draw_all_plots(frame, view); break;
        default: draw_candidates_page(frame, view); break;
    }
}

}  // namespace llmc::gui
