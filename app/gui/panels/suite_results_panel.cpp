// What came out of the session's suite, and what is still running of it.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gui/panels/suite_view.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

using engine::Activity;

constexpr std::array kShows{"Grid", "Decision", "Checks", "Only failures", "By category"};

bool is_opened_run(SuiteView& view) {
    if (view.compared_suite != view.suite.get() || view.compared_run != view.run.get()) {
        view.compared_suite = view.suite.get();
        view.compared_run = view.run.get();
        view.is_opened_run = view.suite && view.suite->source == view.run->source;
    }
    return view.is_opened_run;
}

void run_only_failed(SuiteParts& parts) {
    parts.commands.add(InBackground{
        [session = parts.frame.snapshot.session, repeat = parts.view.repeat]() -> std::function<void(Commands&)> {
            const auto source = failed_only(session);
            if (!source) return [](Commands& commands) { commands.add(Notify{"No check has failed."}); };
            const FormVerdict verdict = check_form(*source);
            return [verdict, repeat](Commands& commands) {
                if (verdict.suite)
                    commands.add(StartSuite{verdict.suite, repeat});
                else
                    commands.add(Notify{verdict.trouble, true});
            };
        }});
}

void draw_result_actions(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    SuiteView& view = parts.view;
    const std::string_view why_not =
        view.run_suite ? why_not_run_suite(frame, view) : std::string_view(view.run_trouble);
    const bool can_run = view.run_suite && why_not.empty();
    const bool runs = is_busy(frame.snapshot.activity);
    const bool runs_again =
        runs ? button(frame, "Run again", can_run, why_not) : primary_button(frame, "Run again", can_run, why_not);
    if (runs_again) parts.commands.add(StartSuite{view.run_suite, view.repeat});
    const std::size_t failures = view.model ? view.model->failures.size() : 0;
    flow(frame, button_width(frame, "Run only the failed"));
    if (button(frame, "Run only the failed", can_run && failures > 0,
               failures > 0 ? std::string_view("The prompts of which a check failed, as a new session")
                            : std::string_view("No check has failed")))
        run_only_failed(parts);
    flow(frame, button_width(frame, "Edit…"));
    if (button(frame, "Edit…"))
        edit_suite(view, view.run->source, is_opened_run(view) ? view.path : std::filesystem::path());
    flow(frame, button_width(frame, "Save as…"));
    if (button(frame, "Save as…", view.run_suite != nullptr)) save_suite(parts, view.run_suite, {});
    draw_other_suites(parts);
    draw_suite_repeats(parts, view.run_suite.get());
}

void draw_progress(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    const Theme& theme = frame.theme;
    const engine::Snapshot& now = frame.snapshot;
    if (now.activity == Activity::halted) {
        const EdgeBox box(frame, Role::bad, Role::bg2);
        draw_text_wrapped(frame, engine::why_halted(now), {.size = theme.text.quiet});
        if (link_button(frame, "Resume", true, "Tries the answers that failed again, then goes on"))
            parts.commands.engine(engine::Retry{});
        return;
    }
    if (now.activity == Activity::idle && now.session.queue.empty()) return;
    const engine::Progress progress = engine::progress_of(now);
    std::string words = engine::words(progress);
    if (!is_busy(now.activity)) words += ", paused";
    const float text = measure(frame, words, {.size = theme.text.small}).x;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float bar = std::min(ImGui::GetContentRegionAvail().x - text - theme.px(80), theme.px(320));
    const float line = theme.text.small + theme.px(4);
    if (bar > theme.px(40)) {
        ImGui::SetCursorScreenPos({at.x, at.y + (line - theme.px(4)) / 2});
        progress_bar(frame, progress.fraction(), bar);
    }
    const float left = bar > theme.px(40) ? bar + theme.px(10) : 0;
    ImGui::SetCursorScreenPos({at.x + left, at.y});
    draw_text(frame, words, {.size = theme.text.small, .role = Role::weak});
    if (!is_busy(now.activity)) {
        ImGui::SameLine(0, theme.px(10));
        if (link_button(frame, "Go on")) parts.commands.engine(engine::Continue{});
    }
}

std::string words_about(const SuiteModel& model) {
    if (model.checks.total == 0) return "no check was judged yet";
    std::string words =
        fmt::format("{} of {} checks passed", count_text(model.checks.passed), count_text(model.checks.total));
    if (!model.failures.empty())
        words += fmt::format(" · {} with a failure", counted(model.failures.size(), "prompt", "prompts"));
    return words;
}

std::string words_about(const session::SuiteRun& run) {
    return fmt::format("{} · {} · {}", run.role.empty() ? std::string("no role") : "role " + run.role,
                       run.repeat == 1 ? "asked once" : fmt::format("{} repeats", run.repeat),
                       run.is_fresh ? "each prompt by itself" : "one conversation");
}

void draw_filters(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    SuiteView& view = parts.view;
    const Theme& theme = frame.theme;
    const SuiteModel& model = *view.model;
    const std::span<const char* const> names(kShows.data(), model.categories.empty() ? 4 : 5);
    int shows = std::min(static_cast<int>(view.shows), static_cast<int>(names.size()) - 1);
    if (pills(frame, "filters", names, shows)) view.first_column = 0;
    view.shows = static_cast<SuiteView::Shows>(shows);
    if (view.words_of != view.model) {
        view.words_of = view.model;
        view.model_words = words_about(model);
    }
    const std::string& words = view.model_words;
    const float width = measure(frame, words, {.size = theme.text.small}).x;
    flow(frame, width + theme.px(8));
    draw_text(frame, words, {.size = theme.text.small, .role = Role::weak});
}

// Whoever looks before the end may stop when it suits him: it is counted, once each time that results come into view.
void note_look(SuiteParts& parts) {
    SuiteView& view = parts.view;
    if (view.has_ended || view.model->checks.total == 0) return;
    const int frame = ImGui::GetFrameCount();
    if (view.looked_at < 0 || view.looked_at + 1 < frame) parts.commands.engine(engine::NoteLook{});
    view.looked_at = frame;
}

}  // namespace

void draw_suite_results(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    SuiteView& view = parts.view;
    const Theme& theme = frame.theme;
    const session::SuiteRun& run = *view.run;
    if (view.run_words.empty()) view.run_words = words_about(run);
    draw_suite_title(frame, run.name, view.run_words);
    draw_result_actions(parts);
    if (view.suite && !is_opened_run(view))
        if (link_button(frame, fmt::format("To the opened suite: {}###opened", view.suite->name).c_str())) {
            view.page = SuiteView::Page::opened;
            view.repeat = view.suite->repeat;
            view.repeat_text = std::to_string(view.repeat);
        }
    draw_progress(parts);
    if (!view.model) return;
    note_look(parts);
    draw_suite_verdict(parts);
    draw_filters(parts);
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float gap = theme.px(10);
    if (view.shows == SuiteView::Shows::decision) return draw_suite_decision(parts, room);
    if (view.shows == SuiteView::Shows::categories) return draw_suite_categories(frame, *view.model);
    const auto draw_table = view.shows == SuiteView::Shows::grid ? draw_suite_grid : draw_suite_table;
    if (!view.chosen) {
        draw_table(parts, room);
    } else if (room.x > theme.px(980)) {
        const float details = std::max(theme.px(400), room.x * 0.4F);
        draw_table(parts, {room.x - details - gap, room.y});
        ImGui::SameLine(0, gap);
        draw_suite_details(parts, {details, room.y});
    } else {
        const float table = std::max(room.y * 0.42F, theme.px(110));
        draw_table(parts, {room.x, table});
        draw_suite_details(parts, {room.x, std::max(room.y - table - ImGui::GetStyle().ItemSpacing.y, theme.px(120))});
    }
}

}  // namespace llmc::gui
