#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "gui/panels/suite_view.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr base::Duration kWhileRunning = std::chrono::seconds(3);  // between two decisions

using Better = decide::PairDecision::Better;

struct Column {
    const char *name, *help;
    float width;
};
constexpr Column kPairColumns[] = {
    {"Pair", "Two candidates, compared on the prompts that both have a judged run of", 0},
    {"Better", "Who is better beyond chance, all pairs taken together", 150},
    {"Won", "Prompts on which the first one is better, and the second", 64},
    {"Difference", "Of the pass rates, with its 95 % interval", 170},
    {"p", "Corrected for the number of pairs (Holm); below 0.05 it is decided", 70},
    {"More prompts", "About how many more prompts would tell the two apart, if they go on like this", 96},
};

void head(const FrameView& frame, const char* name, std::string_view help) {
    const FontScope font(frame, Face::semibold, frame.theme.text.small);
    ImGui::PushStyleColor(ImGuiCol_Text, frame.theme[Role::weak]);
    ImGui::TableHeader(name);
    ImGui::PopStyleColor();
    tooltip(frame, help);
}

void cell(const FrameView& frame, const std::string& text, TextLook look) {
    ImGui::TableNextColumn();
    bool was_cut = false;
    const float room = std::max(ImGui::GetContentRegionAvail().x, 1.0F);
    paint_text(frame, ImGui::GetCursorScreenPos(), text, look, room, &was_cut);
    ImGui::Dummy({room, frame.theme.text.quiet + frame.theme.px(2)});
    if (was_cut) tooltip(frame, text);
}

std::string points(double share) {
    const double rounded = std::round(100 * share);
    return rounded == 0 ? "0" : fmt::format("{:+.0f}", rounded);
}

void draw_pairs(const FrameView& frame, const decide::Decision& decision) {
    const Theme& theme = frame.theme;
    const TextLook words{.size = theme.text.quiet, .keeps_end = true};
    const TextLook weak{.size = theme.text.quiet, .role = Role::weak};
    const TextLook figure{.face = Face::mono, .size = theme.text.figure};
    ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {theme.px(7), theme.px(3)});
    if (ImGui::BeginTable("pairs", static_cast<int>(std::size(kPairColumns)),
                          ImGuiTableFlags_ScrollX | ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersInnerH,
                          {0, std::max(ImGui::GetContentRegionAvail().y, theme.px(140))})) {
        ImGui::TableSetupScrollFreeze(0, 1);
        for (const Column& column : kPairColumns)
            ImGui::TableSetupColumn(column.name, ImGuiTableColumnFlags_WidthFixed,
                                    theme.px(column.width > 0 ? column.width : 250));
        ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
        for (const Column& column : kPairColumns) {
            ImGui::TableNextColumn();
            head(frame, column.name, column.help);
        }
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(decision.pairs.size()));
        while (clipper.Step())
            for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
                const decide::PairDecision& pair = decision.pairs[static_cast<std::size_t>(i)];
                const std::string &a = decision.labels[pair.a], &b = decision.labels[pair.b];
                ImGui::TableNextRow();
                cell(frame, fmt::format("{} · {}", a, b), words);
                if (pair.better == Better::cannot_tell)
                    cell(frame, "cannot tell", weak);
                else
                    cell(frame, pair.better == Better::a ? a : b, {.face = Face::semibold, .size = theme.text.quiet});
                cell(frame, fmt::format("{} : {}", pair.test.a_better, pair.test.b_better), figure);
                cell(frame,
                     fmt::format("{} ({} to {}) pts", points(pair.test.difference), points(pair.test.interval.low),
                                 points(pair.test.interval.high)),
                     figure);
                cell(frame, decide::p_text(pair.p_adjusted), figure);
                cell(frame,
                     pair.more_prompts ? "about " + count_text(*pair.more_prompts) : std::string(metrics::kNoFigure),
                     weak);
            }
        ImGui::EndTable();
    }
    ImGui::PopStyleVar();
}

std::string pass_k_text(const decide::Decision& decision, std::size_t place) {
    const auto& all = decision.pass_k[place];
    if (all.size() < 2) return {};
    return fmt::format("pass^{} {}", all.size(), percent_text(all.back()));
}

// "1  Qwen Q8 (93 %, pass^3 80 %), Qwen Q4 (90 %)"
void draw_groups(const FrameView& frame, const decide::Decision& decision) {
    draw_text(frame, "Groups: who cannot be told apart stands together, best first",
              {.face = Face::semibold, .size = frame.theme.text.small, .role = Role::weak});
    for (std::size_t i = 0; i < decision.groups.size(); ++i) {
        std::vector<std::string> members;
        for (const std::size_t place : decision.groups[i]) {
            const std::string more = pass_k_text(decision, place);
            members.push_back(fmt::format("{} ({}{})", decision.labels[place], percent_text(*decision.rates[place]),
                                          more.empty() ? "" : ", " + more));
        }
        draw_text_wrapped(frame, fmt::format("{}.  {}", i + 1, fmt::join(members, "   ")),
                          {.size = frame.theme.text.row});
    }
    ImGui::Dummy({0, frame.theme.px(4)});
}

void draw_baseline(const FrameView& frame, const SuiteDecision& decision) {
    const Theme& theme = frame.theme;
    const std::vector<std::string>& lines = decision.baseline_lines;
    draw_text(frame, "Against " + decision.baseline_name,
              {.face = Face::semibold, .size = theme.text.small, .role = Role::weak});
    const bool is_bad = decision.made->baseline->has_significant_regression();
    for (std::size_t i = 1; i < lines.size(); ++i)
        draw_text_wrapped(
            frame, lines[i],
            {.size = theme.text.quiet, .role = is_bad && lines[i].ends_with(": WORSE") ? Role::bad : Role::text});
    ImGui::Dummy({0, theme.px(4)});
}

void draw_baseline_buttons(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    SuiteDecision& decision = parts.view.decision;
    if (button(frame, decision.baseline ? "Another baseline…" : "Compare with a baseline…", true,
               "An earlier report or session of this suite: what got better, what got worse"))
        parts.commands.add(ChooseFile{FileKind::baseline});
    if (!decision.baseline) return;
    flow(frame, button_width(frame, "Without baseline"));
    if (button(frame, "Without baseline")) decision.baseline.reset();
}

}  // namespace

void take_baseline(SuiteView& view, std::string name, session::Session session) {
    view.decision.baseline = std::make_shared<const session::Session>(std::move(session));
    view.decision.baseline_name = std::move(name);
    view.shows = SuiteView::Shows::decision;
}

void follow_decision(SuiteParts& parts) {
    SuiteView& view = parts.view;
    SuiteDecision& decision = view.decision;
    const engine::Snapshot& now = parts.frame.snapshot;
    if (!view.run) {
        decision.made.reset();
        return;
    }
    if (decision.stamp.session != now.session.id) decision.made.reset();
    const bool is_made = decision.made && decision.stamp == view.stamp && decision.labels == now.labels &&
                         decision.looks == now.session.looks && decision.made_against == decision.baseline;
    const bool is_soon = decision.made && engine::has_open_answers(now) &&
                         parts.frame.now < decision.made_at + kWhileRunning &&
                         decision.made_against == decision.baseline && decision.labels == now.labels;
    if (decision.is_deciding || is_made || is_soon) return;
    decision.is_deciding = true;
    parts.commands.add(
        InBackground{[session = now.session, labels = now.labels, baseline = decision.baseline, stamp = view.stamp,
                      at = parts.frame.now, &decision]() -> std::function<void(Commands&)> {
            const auto made = baseline ? decide::decision_of(session, *baseline) : decide::decision_of(session);
            auto shared = std::make_shared<const decide::Decision>(made.value_or(decide::Decision{}));
            auto lines = shared->baseline ? decide::baseline_lines(*shared->baseline) : std::vector<std::string>();
            return [=, looks = session.looks, &decision](Commands&) {
                decision = {.made = shared,
                            .baseline = decision.baseline,
                            .baseline_name = decision.baseline_name,
                            .baseline_lines = lines,
                            .stamp = stamp,
                            .looks = session.looks,
                            .labels = labels,
                            .made_against = baseline,
                            .made_at = at};
            };
        }});
}

void draw_suite_verdict(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    const SuiteDecision& decision = parts.view.decision;
    if (!decision.made || decision.made->verdict.empty()) return;
    draw_text_wrapped(frame, decision.made->verdict, {.size = frame.theme.text.row});
    const auto& baseline = decision.made->baseline;
    if (baseline && baseline->has_significant_regression())
        draw_text_wrapped(frame, fmt::format("Worse than {} beyond chance: see Decision.", decision.baseline_name),
                          {.size = frame.theme.text.row, .role = Role::bad});
    ImGui::Dummy({0, frame.theme.px(2)});
}

void draw_suite_decision(SuiteParts& parts, ImVec2 size) {
    const FrameView& frame = parts.frame;
    const SuiteDecision& decision = parts.view.decision;
    if (ImGui::BeginChild("decision", size, ImGuiChildFlags_NavFlattened)) {
        draw_baseline_buttons(parts);
        if (!decision.made || decision.made->prompts.empty()) {
            draw_text_wrapped(frame, "No check was judged yet.", {.role = Role::weak});
        } else {
            if (decision.made->baseline) draw_baseline(frame, decision);
            draw_groups(frame, *decision.made);
            if (!decision.made->pairs.empty()) draw_pairs(frame, *decision.made);
        }
    }
    ImGui::EndChild();
}

}  // namespace llmc::gui
