#include "gui/panels/compare_panel.h"

#include <algorithm>

#include <fmt/format.h>
#include <imgui_internal.h>  // whether a dialog is open

#include "base/utf8.h"
#include "gui/panels/compare_parts.h"
#include "gui/shortcuts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

std::string figures_of(const session::Answer& answer) {
    const metrics::AnswerMetrics& metrics = answer.metrics;
    std::string text = metrics.output_tokens ? metrics::tokens_text(metrics) : std::string();
    const std::string speed = metrics::decode_text(metrics);
    return text + (text.empty() || speed.empty() ? "" : " · ") + speed;
}

// Why there is no text to compare; empty where there is one.
std::string state_of(const session::Answer& answer) {
    if (!session::is_final(answer.state))
        return fmt::format("Still {}. It is compared as soon as it has ended.", words_of(answer.state));
    if (!answer.text().empty()) return {};
    std::string text = "No text: ";
    text += words_of(answer.state);
    text += '.';
    if (answer.failure) text += "\n" + answer.failure->message;
    if (!answer.reasoning().empty()) text += "\nThere is reasoning, which is not compared.";
    if (!answer.tool_calls.empty()) text += answer.tool_calls.size() == 1 ? "\nTool call:" : "\nTool calls:";
    return text;
}

std::string tool_calls_of(const session::Answer& answer) {
    constexpr std::size_t kMost = 2000;
    std::string text;
    for (const openai::ToolCall& call : answer.tool_calls)
        text += fmt::format("{} {}\n", call.name, call.arguments.substr(0, base::utf8_cut(call.arguments, kMost)));
    return text;
}

// The columns are those of the chosen answers; one whose text is still there stays as it is.
void update_columns(const FrameView& frame, CompareView& view) {
    std::vector<std::unique_ptr<CompareView::Column>> old = std::move(view.columns);
    view.columns.clear();
    view.wanted.mode = static_cast<CompareMode>(view.mode);
    view.wanted.texts.clear();
    for (const Choosable& one : view.choice.chosen()) {
        const session::Answer& answer = *one.answer;
        const auto same = std::ranges::find_if(
            old, [&](const auto& column) { return column && column->text.stream() == answer.stream; });
        auto column = same != old.end() ? std::move(*same) : std::make_unique<CompareView::Column>();
        column->state = state_of(answer);
        column->tool_calls = column->state.empty() ? std::string() : tool_calls_of(answer);
        column->figures = frame.is_blind ? std::string() : figures_of(answer);
        column->number.reset();
        if (column->state.empty()) {
            column->text.show(answer.stream);
            column->number = view.wanted.texts.size();
            view.wanted.texts.emplace_back(answer.stream, column->text.text().size());
        }
        view.columns.push_back(std::move(column));
    }
    if (view.compared != view.wanted) view.current.reset();
}

void update(const FrameView& frame, CompareView& view) {
    if (!view.needs_update && view.seen_revision == frame.revision) return;
    view.needs_update = false;
    view.seen_revision = frame.revision;
    view.choice.update(frame.snapshot, frame.is_blind);
    update_columns(frame, view);
}

void update_summary(CompareView& view) {
    if (const Comparison* comparison = view.comparison())
        view.summary = comparison_summary(*comparison, view.current ? *view.current + 1 : 0);
}

// One comparison at a time: what was asked for last is compared next.
void compare_in_background(CompareView& view, Commands& commands) {
    if (view.is_comparing || view.wanted.texts.size() < 2 || view.compared == view.wanted) return;
    view.is_comparing = true;
    commands.add(InBackground{[&view, what = view.wanted]() -> std::function<void(Commands&)> {
        std::vector<std::string_view> texts;
        for (const auto& [stream, size] : what.texts) texts.push_back(stream->text().substr(0, size));
        auto made = std::make_shared<const Comparison>(compare_texts(texts, what.mode));
        return [&view, what, made](Commands&) {
            view.is_comparing = false;
            view.compared = what;
            view.result = made;
            view.current.reset();
            update_summary(view);
        };
    }});
}

void draw_nothing(const FrameView& frame, Commands& commands) {
    empty_state(frame, "Nothing to compare yet",
                "Two answers of a round are shown beside each other as soon as they have ended: what they agree on is "
                "quiet, what differs is marked.");
    if (frame.is_blind) return;
    const float width = measure(frame, "Add a session…", {}).x + frame.theme.px(18);
    ImGui::SetCursorPosX(std::max((ImGui::GetWindowWidth() - width) / 2, ImGui::GetStyle().WindowPadding.x));
    if (button(frame, "Add a session…", true, "Answers of a saved session or a report"))
        commands.add(ChooseFile{FileKind::other_session});
}

}  // namespace

void look_at_difference(CompareView& view, std::size_t difference) {
    view.current = difference;
    view.scrolls_to_current = true;
    update_summary(view);
}

void step_difference(CompareView& view, int by) {
    const Comparison* comparison = view.comparison();
    if (!comparison || comparison->differences.empty()) return;
    const std::size_t count = comparison->differences.size();
    if (!view.current) return look_at_difference(view, by > 0 ? 0 : count - 1);
    look_at_difference(view, (*view.current + count + (by > 0 ? 1 : count - 1)) % count);
}

ImU32 compare_color(const Theme& theme, std::size_t column) {
    // Neighbours are far apart, and the red of failures is not among them.
    constexpr int kColors[kMostCompared] = {0, 2, 1, 4, 5, 6};
    return plot_color(theme, kColors[column % kMostCompared]);
}

void draw_compare(const FrameView& frame, CompareView& view, Commands& commands) {
    update(frame, view);
    compare_in_background(view, commands);
    if (view.choice.rounds().empty()) return draw_nothing(frame, commands);
    if (ImGui::GetTopMostPopupModal() == nullptr) {
        const auto pressed = [&frame](Action action) {
            return ImGui::Shortcut(frame.shortcuts.of(action).chord,
                                   ImGuiInputFlags_RouteGlobal | ImGuiInputFlags_Repeat);
        };
        if (pressed(Action::next_difference)) step_difference(view, 1);
        if (pressed(Action::previous_difference)) step_difference(view, -1);
    }
    draw_compare_toolbar(frame, view, commands);
    if (view.columns.empty())
        empty_state(frame, "No answer is chosen", "Choose two to six above: they are shown beside each other.");
    else
        draw_compare_columns(frame, view, commands);
    if (view.needs_update) frame.requests.next_frame();
}

void compare_answers(CompareView& view, const CompareAnswers& what) {
    if (what.attempt > 0 && what.candidates.size() == 1)
        view.choice.show_attempt(what.round, what.candidates.front(), what.attempt);
    else
        view.choice.show(what.round, what.candidates);
    view.needs_update = true;
}

void add_compared_session(CompareView& view, std::string name, session::Session session) {
    view.choice.add_session(std::move(name), std::move(session));
    view.needs_update = true;
}

}  // namespace llmc::gui
