// What is done in the grid: filters, order, and what is compared, looked into and run again.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gui/panels/compare_choice.h"
#include "gui/panels/suite_grid_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

// The round that a line shows of a candidate: its own; of a row the first that failed, else the first.
int round_of(const GridModel& model, const GridLine& line, std::size_t column) {
    if (line.round > 0) return line.round;
    const GridRow& row = model.rows[line.row];
    for (const GridRun& run : row.cells[column].runs)
        if (run.state == RunState::failed) return run.round;
    return row.rounds.empty() ? 0 : row.rounds.front();
}

// The same where the candidate has an answer in it; 0: it has none.
int answered_round(const SuiteParts& parts, const GridLine& line, std::size_t column) {
    const GridModel& model = *parts.view.grid.model;
    const int number = round_of(model, line, column);
    const auto& rounds = parts.frame.snapshot.session.rounds;
    if (number < 1 || static_cast<std::size_t>(number) > rounds.size()) return 0;
    const session::Answer* answer =
        rounds[static_cast<std::size_t>(number) - 1]->counted(model.columns[column].candidate);
    return answer && session::is_final(answer->state) ? number : 0;
}

// A list that opens; true while it is open.
bool begin_choice(const FrameView& frame, const char* id, const char* now, float width) {
    flow(frame, width);
    ImGui::SetNextItemWidth(width);
    return ImGui::BeginCombo(id, now);
}

void draw_categories(SuiteParts& parts) {
    GridView& grid = parts.view.grid;
    const FrameView& frame = parts.frame;
    const FontScope font(frame, Face::regular, frame.theme.text.quiet);
    std::string& category = grid.filter.category;
    constexpr const char* kEvery = "every category";
    if (!grid.model->categories.empty() &&
        begin_choice(frame, "##category", category.empty() ? kEvery : category.c_str(), frame.theme.px(150))) {
        if (ImGui::Selectable(kEvery, category.empty())) category.clear();
        for (const std::string& one : grid.model->categories)
            if (ImGui::Selectable(one.c_str(), one == category)) category = one;
        ImGui::EndCombo();
    }
    if (!grid.model->has_warnings) return;
    using session::Severity;
    static constexpr std::array<std::pair<const char*, std::optional<Severity>>, 3> kGridSeverities{
        {{"every severity", std::nullopt}, {"critical", Severity::critical}, {"warning", Severity::warning}}};
    const auto* now =
        std::ranges::find(kGridSeverities, grid.filter.severity, [](const auto& one) { return one.second; });
    if (!begin_choice(frame, "##severity", now->first, frame.theme.px(130))) return;
    for (const auto& [words, severity] : kGridSeverities)
        if (ImGui::Selectable(words, severity == grid.filter.severity)) grid.filter.severity = severity;
    ImGui::EndCombo();
}

}  // namespace

void compare_cell(SuiteParts& parts, const GridLine& line, std::size_t column) {
    const GridModel& model = *parts.view.grid.model;
    const int number = round_of(model, line, column);
    const auto& rounds = parts.frame.snapshot.session.rounds;
    if (number < 1 || static_cast<std::size_t>(number) > rounds.size()) return;
    const session::CandidateId& chosen = model.columns[column].candidate;
    if (line.attempt > 0) return parts.commands.add(CompareAnswers{number, {chosen}, line.attempt});
    // As many as fit beside each other: its own, then those that came out otherwise.
    const auto state_of = [&](std::size_t c) {
        const GridRun* run = model.rows[line.row].cells[c].run_in(number);
        return run ? std::optional(run->state) : std::nullopt;
    };
    std::vector<session::CandidateId> shown;
    if (state_of(column)) shown.push_back(chosen);
    const auto take = [&](bool is_alike) {
        for (std::size_t c = 0; c < model.columns.size() && shown.size() < kMostCompared; ++c)
            if (c != column && state_of(c) && (state_of(c) == state_of(column)) == is_alike)
                shown.push_back(model.columns[c].candidate);
    };
    take(false);
    take(true);
    if (!shown.empty()) parts.commands.add(CompareAnswers{.round = number, .candidates = std::move(shown)});
}

void show_cell_checks(SuiteParts& parts, const GridLine& line, std::size_t column) {
    const GridModel& model = *parts.view.grid.model;
    const int number = round_of(model, line, column);
    parts.view.chosen = SuiteView::Choice{model.columns[column].candidate, model.rows[line.row].id,
                                          number > 0 ? std::optional(number) : std::nullopt, std::nullopt};
    parts.view.text = {};
}

void open_conversation(SuiteParts& parts, const GridLine& line, std::size_t column) {
    const int number = answered_round(parts, line, column);
    if (number > 0) parts.commands.add(OpenConversation{number, parts.view.grid.model->columns[column].candidate});
}

void run_again(SuiteParts& parts, const GridPart& part) {
    auto places = complete_places(*parts.view.grid.model, parts.view.grid.lines, part);
    if (places.empty())
        return parts.commands.add(
            Notify{"Nothing here can be run again: only complete answers can. What failed or is "
                   "missing is filled by Run the missing."});
    parts.commands.engine(engine::RunAgain{std::move(places)});
}

void run_missing(SuiteParts& parts) {
    parts.commands.engine(engine::RunMissing{gap_places(*parts.view.grid.model)});
}

void draw_grid_menu(SuiteParts& parts, const GridPart& part) {
    const FrameView& frame = parts.frame;
    const GridView& grid = parts.view.grid;
    const GridModel& model = *grid.model;
    const auto answers = [&](const GridPart& of) { return complete_places(model, grid.lines, of).size(); };
    const bool can_run = frame.snapshot.activity != engine::Activity::stopping;
    const Theme& theme = frame.theme;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {theme.px(8), theme.px(7)});  // the table's lines have none
    const auto again = [&](const GridPart& of, const std::string& what, const char* id, const char* key) {
        const std::size_t count = answers(of);
        if (ImGui::MenuItem(
                fmt::format("Run again: {} ({})###{}", what, counted(count, "answer", "answers"), id).c_str(), key,
                false, can_run && count > 0))
            run_again(parts, of);
    };
    if (part.line && part.column) {
        const bool was_asked = round_of(model, *part.line, *part.column) > 0;
        if (ImGui::MenuItem("Compare answers###compare", "Enter", false, was_asked))
            compare_cell(parts, *part.line, *part.column);
        if (ImGui::MenuItem("Show its checks###checks", nullptr, false, was_asked && part.line->attempt == 0))
            show_cell_checks(parts, *part.line, *part.column);
        if (ImGui::MenuItem("Open as a conversation###conversation", nullptr, false,
                            can_run && !frame.is_blind && answered_round(parts, *part.line, *part.column) > 0))
            open_conversation(parts, *part.line, *part.column);
        ImGui::Separator();
        again(part, "this cell", "again", "R");
    }
    if (part.line) again({part.line, std::nullopt}, "this prompt, all candidates", "again row", nullptr);
    if (part.column)
        again({std::nullopt, part.column},
              fmt::format("all prompts shown of {}", label_of(frame.snapshot, model.columns[*part.column].candidate)),
              "again column", nullptr);
    ImGui::Separator();
    if (ImGui::MenuItem(fmt::format("Run the missing ({})###missing", model.gaps).c_str(), nullptr, false,
                        can_run && model.gaps > 0))
        run_missing(parts);
    ImGui::PopStyleVar();
}

void draw_grid_bar(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    GridView& grid = parts.view.grid;
    const Theme& theme = frame.theme;
    static constexpr std::array kShow{"All", "Differing", "Failed"};
    static constexpr std::array kOrder{"Suite order", "By separation"};
    int show = static_cast<int>(grid.filter.show), order = grid.filter.by_separation ? 1 : 0;
    if (pills(frame, "show", kShow, show)) grid.filter.show = static_cast<GridFilter::Show>(show);
    draw_categories(parts);
    flow(frame, theme.px(190));
    if (pills(frame, "order", kOrder, order)) grid.filter.by_separation = order == 1;
    const bool can_run = frame.snapshot.activity != engine::Activity::stopping;
    flow(frame, button_width(frame, "Run cells again…"));
    if (button(frame, "Run cells again…", can_run && grid.chosen_line(),
               "Further attempts of complete answers, of the chosen cell, its row or its column: shown, not counted"))
        ImGui::OpenPopup("again");
    if (ImGui::BeginPopup("again")) {
        if (const GridLine* line = grid.chosen_line()) draw_grid_menu(parts, {*line, grid.column});
        ImGui::EndPopup();
    }
    if (grid.model->gaps == 0) return;
    std::array<char, 64> missing{};
    *fmt::format_to_n(missing.data(), missing.size() - 1, "Run the missing ({})###run missing", grid.model->gaps).out =
        '\0';
    flow(frame, button_width(frame, missing.data()));
    if (button(frame, missing.data(), can_run,
               "Answers that a server failed, or that a candidate never gave: these attempts count"))
        run_missing(parts);
}

void draw_grid_foot(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    GridView& grid = parts.view.grid;
    const Theme& theme = frame.theme;
    const GridLine* line = grid.chosen_line();
    if (!line || grid.model->columns.empty()) return;
    const auto shows = std::tuple(frame.revision, *line, grid.column);
    if (grid.words_of != shows) {
        grid.words_of = shows;
        grid.words = grid_words(parts, *line, grid.column);
        for (std::size_t at = 0, next = 0; (next = grid.words.find('\n', at)) != std::string::npos; at = next)
            grid.words.replace(next, 1, at == 0 ? ": " : "; ");
    }
    const std::string& words = grid.words;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float room = ImGui::GetContentRegionAvail().x;
    bool was_cut = false;
    paint_text(frame, at, words, {.size = theme.text.small, .role = Role::weak}, room, &was_cut);
    ImGui::Dummy({room, theme.text.small + theme.px(3)});
    if (was_cut) tooltip(frame, words);
    if (link_button(frame, "Compare answers", round_of(*grid.model, *line, grid.column) > 0,
                    "Enter, or a double click on the cell"))
        compare_cell(parts, *line, grid.column);
    ImGui::SameLine(0, theme.px(14));
    if (link_button(frame, "Show its checks", line->attempt == 0)) show_cell_checks(parts, *line, grid.column);
    ImGui::SameLine(0, theme.px(14));
    if (link_button(frame, "Open as a conversation", !frame.is_blind && answered_round(parts, *line, grid.column) > 0,
                    "A session of its own, of this candidate alone, that goes on from this answer"))
        open_conversation(parts, *line, grid.column);
    ImGui::SameLine(0, theme.px(14));
    draw_text(frame, "Arrows go from cell to cell, Space opens a row, R runs a cell again",
              {.size = theme.text.small, .role = Role::weak});
}

}  // namespace llmc::gui
