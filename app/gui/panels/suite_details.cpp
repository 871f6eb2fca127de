// What is behind a cell: the rounds of a candidate and a prompt, what each check says, the answer with the place that
// broke one.
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "gui/panels/suite_view.h"
#include "gui/widget_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

using session::Answer;
using session::CheckResult;
using session::Round;

const SuiteColumn* find_column(const SuiteModel& model, const std::string& id) {
    for (const SuiteColumn& column : model.columns)
        if (column.id == id) return &column;
    return nullptr;
}

// What the prompt's checks want, as the suite says it.
void describe_checks(SuiteView& view, const std::string& prompt) {
    if (view.check_texts_of == prompt) return;
    view.check_texts_of = prompt;
    view.check_texts.clear();
    const base::OrderedJson& source = view.run->source;
    if (!source.is_object() || !source.contains("prompts") || !source["prompts"].is_array()) return;
    const base::OrderedJson& prompts = source["prompts"];
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        if (prompt_id(prompts[i], i) != prompt || !prompts[i].is_object() || !prompts[i].contains("checks")) continue;
        for (const base::OrderedJson& check : prompts[i]["checks"]) view.check_texts.push_back(check_words(check));
    }
}

int passed_of(const Answer& answer) {
    return static_cast<int>(
        std::count_if(answer.checks.begin(), answer.checks.end(), [](const CheckResult& one) { return one.passed; }));
}

void mark(SuiteView& view, const Answer& answer, std::optional<std::size_t> check) {
    view.chosen->check = check;
    view.text.mark.reset();
    if (!check || *check >= answer.checks.size() || !answer.checks[*check].at_char) return;
    view.text.mark = marked_range(answer.text(), *answer.checks[*check].at_char);
    view.text.scrolls_to_mark = true;
}

// The first failed check that has a place, else the first failed one.
std::optional<std::size_t> first_failed(const Answer& answer) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < answer.checks.size(); ++i) {
        const CheckResult& check = answer.checks[i];
        if (check.passed) continue;
        if (check.at_char) return i;
        if (!found) found = i;
    }
    return found;
}

std::string round_words(const Round& round, int repeats) {
    std::string words = case_words(round.case_values);
    if (repeats > 1) words += fmt::format("{}repeat {}", words.empty() ? "" : " · ", round.repeat);
    return words.empty() ? fmt::format("round {}", round.number) : words;
}

// A line that is chosen by mouse or key.
bool choice_line(const FrameView& frame, const char* id, bool is_chosen, Dot dot, std::string_view words,
                 std::string_view right, Role right_role) {
    const Theme& theme = frame.theme;
    const float width = std::max(ImGui::GetContentRegionAvail().x, theme.px(60)), height = theme.px(26);
    const Hit hit = hit_area(id, {width, height}, theme.px(4));
    if (!hit.is_visible) return hit.is_pressed;
    if (is_chosen || hit.is_hovered)
        ImGui::GetWindowDrawList()->AddRectFilled(
            hit.min, hit.max, ImGui::GetColorU32(theme[is_chosen ? Role::bg3 : Role::bg2]), theme.px(4));
    ImGui::RenderNavCursor({hit.min, hit.max}, ImGui::GetItemID(), ImGuiNavRenderCursorFlags_Compact, theme.px(4));
    paint_dot(frame, {hit.min.x + theme.px(13), (hit.min.y + hit.max.y) / 2}, dot);
    const TextLook figure{.face = Face::mono, .size = theme.text.figure, .role = is_chosen ? Role::text : right_role};
    const float wide = measure(frame, right, figure).x;
    paint_text(frame, {hit.max.x - theme.px(9) - wide, hit.min.y + (height - figure.size) / 2}, right, figure,
               wide + 1);
    bool was_cut = false;
    paint_text(frame, {hit.min.x + theme.px(25), hit.min.y + (height - theme.text.quiet) / 2 - theme.px(1)}, words,
               {.size = theme.text.quiet}, width - theme.px(46) - wide, &was_cut);
    if (was_cut) tooltip(frame, words);
    return hit.is_pressed;
}

void draw_rounds(SuiteParts& parts, const SuiteColumn& column, std::uint32_t chosen, bool is_low) {
    const FrameView& frame = parts.frame;
    SuiteView& view = parts.view;
    const Theme& theme = frame.theme;
    if (column.rounds.size() < 2) return;
    const float line = theme.px(26), gap = theme.px(2);
    const float height = (line + gap) * static_cast<float>(std::min<std::size_t>(column.rounds.size(), is_low ? 2 : 5));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, gap});
    if (ImGui::BeginChild("rounds", {0, height}, ImGuiChildFlags_NavFlattened)) {
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(column.rounds.size()), line + gap);
        while (clipper.Step())
            for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
                const std::uint32_t index = column.rounds[static_cast<std::size_t>(i)];
                if (index >= frame.snapshot.session.rounds.size()) continue;
                const Round& round = *frame.snapshot.session.rounds[index];
                const Answer* answer = round.find(view.chosen->candidate);
                std::string words = round_words(round, view.run->repeat);
                if (answer && answer->state != session::AnswerState::complete)
                    words += fmt::format(" · {}", words_of(answer->state));
                std::string figure;
                bool has_failed = false;
                if (answer && !answer->checks.empty()) {
                    const int passed = passed_of(*answer), all = static_cast<int>(answer->checks.size());
                    figure = fmt::format("{}/{}", passed, all);
                    has_failed = passed < all;
                }
                const Dot dot = !answer ? Dot::ring : has_failed ? Dot::bad : dot_of(answer->state);
                ImGui::PushID(static_cast<int>(index));
                if (choice_line(frame, "round", index == chosen, dot, words, figure,
                                has_failed ? Role::bad : Role::weak)) {
                    view.chosen->round = round.number;
                    view.text = {};
                    if (answer) mark(view, *answer, first_failed(*answer));
                }
                ImGui::PopID();
            }
    }
    ImGui::EndChild();
    ImGui::PopStyleVar();
}

void draw_check(SuiteParts& parts, const Answer& answer, std::size_t index) {
    const FrameView& frame = parts.frame;
    SuiteView& view = parts.view;
    const Theme& theme = frame.theme;
    const CheckResult& check = answer.checks[index];
    const std::string_view words =
        index < view.check_texts.size() ? std::string_view(view.check_texts[index]) : std::string_view(check.type);
    std::string right = check.passed ? "passed" : "failed";
    if (check.at_char) right += fmt::format(" at character {}", *check.at_char);
    ImGui::PushID(static_cast<int>(index));
    if (choice_line(frame, "check", view.chosen->check == index, check.passed ? Dot::good : Dot::bad, words, right,
                    check.passed ? Role::weak : Role::bad))
        mark(view, answer, index);
    if (!check.detail.empty()) {
        ImGui::Indent(theme.px(25));
        draw_text_wrapped(frame, check.detail,
                          {.size = theme.text.small, .role = check.passed ? Role::weak : Role::text});
        ImGui::Unindent(theme.px(25));
    }
    ImGui::PopID();
}

void draw_tool_calls(const FrameView& frame, const Answer& answer) {
    const Theme& theme = frame.theme;
    for (const openai::ToolCall& call : answer.tool_calls) {
        const EdgeBox box(frame, Role::accent, Role::bg2);
        draw_text(frame, "calls " + (call.name.empty() ? std::string("a tool without a name") : call.name),
                  {.face = Face::semibold, .size = theme.text.quiet});
        constexpr std::size_t kMost = 4000;
        draw_text_wrapped(frame, std::string_view(call.arguments).substr(0, kMost),
                          {.face = Face::mono, .size = theme.text.figure, .role = Role::weak});
        if (call.arguments.size() > kMost)
            draw_text(frame, "… (all of it in the conversation)", {.size = theme.text.small, .role = Role::weak});
    }
}

void draw_answer(SuiteParts& parts, const Round& round, const Answer& answer, float bottom) {
    const FrameView& frame = parts.frame;
    SuiteView& view = parts.view;
    const Theme& theme = frame.theme;
    if (answer.failure) {
        const EdgeBox box(frame, Role::bad, Role::bg2);
        draw_text_wrapped(frame, answer.failure->message, {.size = theme.text.quiet});
    }
    if (!session::is_final(answer.state))
        draw_text(frame, "The checks are judged when the answer has ended.",
                  {.size = theme.text.quiet, .role = Role::weak});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {theme.px(8), theme.px(2)});
    for (std::size_t i = 0; i < answer.checks.size(); ++i) draw_check(parts, answer, i);
    ImGui::PopStyleVar();
    draw_tool_calls(frame, answer);
    {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float room = ImGui::GetContentRegionAvail().x;
        const std::string prompt = "Asked: " + round.prompt;
        bool was_cut = false;
        paint_text(frame, at, prompt, {.size = theme.text.small, .role = Role::weak}, room, &was_cut);
        ImGui::Dummy({room, theme.text.small + theme.px(2)});
        if (was_cut) tooltip(frame, round.prompt);
    }
    const float rest = bottom - ImGui::GetCursorPosY();
    if (!answer.text().empty() || answer.tool_calls.empty())
        draw_marked_text(frame, view.text, answer.text(), {0, std::max(rest, theme.px(150))});
}

}  // namespace

void draw_suite_details(SuiteParts& parts, ImVec2 size) {
    const FrameView& frame = parts.frame;
    SuiteView& view = parts.view;
    const Theme& theme = frame.theme;
    const session::Session& session = frame.snapshot.session;
    const SuiteColumn* column = find_column(*view.model, view.chosen->prompt);
    if (!column) return view.chosen.reset();
    describe_checks(view, column->id);
    bool closes = false;
    if (ImGui::BeginChild("details", size, ImGuiChildFlags_NavFlattened)) {
        const float bottom = ImGui::GetContentRegionAvail().y;
        const std::string title = fmt::format("{} · {}", label_of(frame.snapshot, view.chosen->candidate), column->id);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float room = ImGui::GetContentRegionAvail().x;
        const float close = measure(frame, "Close", {.size = theme.text.quiet}).x;
        bool was_cut = false;
        paint_text(frame, at, title, {.face = Face::semibold, .size = theme.text.row}, room - close - theme.px(16),
                   &was_cut);
        ImGui::Dummy({room - close - theme.px(8), theme.text.row + theme.px(3)});
        if (was_cut) tooltip(frame, title);
        ImGui::SameLine(room - close - theme.px(2), 0);
        closes = link_button(frame, "Close");

        std::optional<std::uint32_t> index = first_failed_round(session, *column, view.chosen->candidate);
        if (view.chosen->round)
            for (const std::uint32_t one : column->rounds)
                if (one < session.rounds.size() && session.rounds[one]->number == *view.chosen->round) index = one;
        const Round* round = index && *index < session.rounds.size() ? session.rounds[*index].get() : nullptr;
        const Answer* answer = round ? round->find(view.chosen->candidate) : nullptr;
        if (answer) {
            if (link_button(frame, "Show in conversation")) parts.commands.add(ShowCandidate{view.chosen->candidate});
            ImGui::SameLine(0, theme.px(14));
            if (link_button(frame, "Compare", round->answers.size() > 1, "The answers of all candidates in this round"))
                parts.commands.add(CompareAnswers{.round = round->number});
            ImGui::SameLine(0, theme.px(14));
            if (link_button(frame, "Copy answer", !answer->text().empty()))
                parts.commands.add(CopyText{std::string(answer->text()), "answer"});
        }
        if (index) draw_rounds(parts, *column, *index, size.y < theme.px(420));
        ImGui::Dummy({0, theme.px(2)});
        if (!round) {
            draw_text(frame, "This prompt was not sent yet.", {.size = theme.text.quiet, .role = Role::weak});
        } else if (!answer) {
            draw_text(frame, "The candidate was not asked in this round.",
                      {.size = theme.text.quiet, .role = Role::weak});
        } else {
            // Of a cell that was just chosen, or an answer that has just ended.
            if (view.chosen->round != round->number ||
                (!view.chosen->check && session::is_final(answer->state) && first_failed(*answer))) {
                view.chosen->round = round->number;
                mark(view, *answer, first_failed(*answer));
            }
            draw_answer(parts, *round, *answer, bottom);
        }
    }
    ImGui::EndChild();
    if (closes) view.chosen.reset();
}

}  // namespace llmc::gui
