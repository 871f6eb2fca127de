#include "gui/panels/suite_panel.h"

#include <algorithm>

#include <fmt/format.h>

#include "gui/example_suites.h"
#include "gui/widgets.h"
#include "session/ending.h"

namespace llmc::gui {
namespace {

using Page = SuiteView::Page;

// --- What is derived

void show_suite(SuiteView& view, std::shared_ptr<const suite::Suite> suite, std::filesystem::path path, bool is_saved) {
    view.repeat = suite->repeat;
    view.repeat_text = std::to_string(view.repeat);
    view.repeat_trouble.clear();
    view.suite = std::move(suite);
    view.path = std::move(path);
    view.is_saved = is_saved;
}

// Another session, or one that has a suite now.
void follow_session(SuiteParts& parts) {
    SuiteView& view = parts.view;
    const auto& run = parts.frame.snapshot.session.suite;
    if (run == view.run) return;
    view.run = run;
    view.run_suite.reset();
    view.run_trouble.clear();
    view.run_words.clear();
    view.model.reset();
    view.chosen.reset();
    view.check_texts_of.clear();
    view.first_column = 0;
    view.shows = SuiteView::Shows::grid;
    view.grid.reset();
    Page& page = view.page == Page::form ? view.before_form : view.page;
    page = run ? Page::results : Page::opened;
    if (!run) return;
    view.repeat = run->repeat;
    view.repeat_text = std::to_string(view.repeat);
    view.repeat_trouble.clear();
    parts.commands.add(InBackground{[run, &view]() -> std::function<void(Commands&)> {
        auto verdict = std::make_shared<FormVerdict>(check_form(run->source));
        return [run, verdict, &view](Commands&) {
            if (view.run != run) return;
            view.run_suite = verdict->suite;
            view.run_trouble = verdict->trouble;
        };
    }});
}

void follow_results(SuiteParts& parts) {
    SuiteView& view = parts.view;
    const session::Session& session = parts.frame.snapshot.session;
    if (!view.run) return;
    if (view.seen_revision != parts.frame.revision) {
        view.stamp = stamp_of(session);
        view.has_ended = session::has_ended(session);
        view.seen_revision = parts.frame.revision;
    }
    if (view.model && view.model->stamp.session != session.id) {
        view.model.reset();
        view.grid.reset();
    }
    if (view.is_deriving || (view.model && view.model->stamp == view.stamp)) return;
    view.is_deriving = true;
    parts.commands.add(InBackground{[session, &view]() -> std::function<void(Commands&)> {
        auto made = std::make_shared<const SuiteModel>(make_suite_model(session));
        auto grid = std::make_shared<const GridModel>(make_grid_model(session));
        return [made, grid, &view](Commands&) {
            view.is_deriving = false;
            view.model = made;
            view.grid.model = grid;
        };
    }});
}

// --- The suite that was opened

void describe_prompts(SuiteView& view) {
    if (view.prompt_lines_of == view.suite.get()) return;
    view.prompt_lines.clear();
    for (const suite::SuitePrompt& prompt : view.suite->prompts)
        view.prompt_lines.push_back(counted(prompt.checks.size(), "check", "checks"));
    view.prompt_lines_of = view.suite.get();
}

void draw_opened(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    SuiteView& view = parts.view;
    const Theme& theme = frame.theme;
    const suite::Suite& suite = *view.suite;
    describe_prompts(view);
    const std::size_t cases = std::max<std::size_t>(suite.cases.size(), 1);
    std::string about = suite.role.empty() ? std::string("no role") : "role " + suite.role;
    about += " · " + counted(suite.prompts.size(), "prompt", "prompts");
    if (!suite.cases.empty()) about += " · " + counted(suite.cases.size(), "case", "cases");
    about += " · " + counted(suite.prompts.size() * cases * static_cast<std::size_t>(view.repeat), "round", "rounds");
    if (view.path.empty())
        about += " · in no file yet";
    else
        about += " · " + view.path.filename().string() + (view.is_saved ? "" : ", changed");
    draw_suite_title(frame, suite.name, about);

    const std::string_view why_not = why_not_run_suite(frame, view);
    if (primary_button(frame, "Run", why_not.empty(), why_not)) parts.commands.add(StartSuite{view.suite, view.repeat});
    flow(frame, button_width(frame, "Edit…"));
    if (button(frame, "Edit…")) edit_suite(view, suite.source, view.path);
    flow(frame, button_width(frame, "Save as…"));
    if (button(frame, "Save as…")) save_suite(parts, view.suite, {});
    draw_other_suites(parts);
    draw_suite_repeats(parts, view.suite.get());
    draw_import(parts);
    if (view.run && link_button(frame, fmt::format("Back to the results of {}###results", view.run->name).c_str())) {
        view.page = Page::results;
        view.repeat = view.run->repeat;
        view.repeat_text = std::to_string(view.repeat);
    }
    if (suite.system_prompt && !suite.system_prompt->empty()) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float room = ImGui::GetContentRegionAvail().x;
        paint_text(frame, at, *suite.system_prompt, {.size = theme.text.quiet, .role = Role::weak}, room);
        ImGui::Dummy({room, theme.text.quiet + theme.px(2)});
        tooltip(frame, *suite.system_prompt);
    }
    if (ImGui::BeginChild("prompts", {0, 0}, ImGuiChildFlags_NavFlattened)) {
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(suite.prompts.size()), theme.row_height + ImGui::GetStyle().ItemSpacing.y);
        while (clipper.Step())
            for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
                const suite::SuitePrompt& prompt = suite.prompts[static_cast<std::size_t>(i)];
                ImGui::PushID(i);
                if (row(frame, "prompt",
                        {.title = prompt.id,
                         .second = prompt.prompt,
                         .right = view.prompt_lines[static_cast<std::size_t>(i)]}))
                    edit_suite(view, suite.source, view.path, i);
                ImGui::PopID();
            }
    }
    ImGui::EndChild();
}

void draw_nothing(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    const Theme& theme = frame.theme;
    empty_state(frame, "No suite yet",
                "A suite is a list of prompts with checks, for one role: what every answer must hold, its form, the "
                "tools it must call. All candidates are asked, as often as you like, and what failed is shown.");
    const float width = button_width(frame, "Open suite…") + theme.px(8) + button_width(frame, "New suite");
    const float left = (ImGui::GetContentRegionAvail().x - width) / 2;
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(left, 0.0F));
    if (primary_button(frame, "Open suite…")) parts.commands.add(ChooseFile{FileKind::suite});
    flow(frame, button_width(frame, "New suite"));
    if (button(frame, "New suite")) edit_suite(parts.view, new_suite(), {});
    ImGui::Dummy({0, theme.px(6)});
    float examples = measure(frame, "Examples:", {.size = theme.text.quiet}).x;
    for (const ExampleSuite& example : example_suites())
        examples += theme.px(8) + measure(frame, example.name, {.size = theme.text.quiet}).x;
    const float start = (ImGui::GetContentRegionAvail().x - examples) / 2;
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(start, 0.0F));
    draw_text(frame, "Examples:", {.size = theme.text.quiet, .role = Role::weak});
    for (const ExampleSuite& example : example_suites()) {
        flow(frame, measure(frame, example.name, {.size = theme.text.quiet}).x);
        if (link_button(frame, example.name)) open_example_suite(example, parts.commands);
    }
}

}  // namespace

void take_suite(SuiteView& view, std::shared_ptr<const suite::Suite> suite, std::filesystem::path path) {
    view.imported.reset();
    show_suite(view, std::move(suite), std::move(path), true);
    view.before_form = Page::opened;
    if (view.page != Page::form || !view.form.is_changed) view.page = Page::opened;
}

void take_saved_suite(SuiteView& view, std::shared_ptr<const suite::Suite> suite, std::filesystem::path path) {
    const bool is_of_form = view.page == Page::form && view.form.verdict.suite == suite;
    const bool shows_results = view.page == Page::results;
    if (view.page == Page::form && !is_of_form) return;
    const int repeat = view.repeat;
    show_suite(view, std::move(suite), std::move(path), true);
    if (is_of_form && view.form.is_right()) view.page = Page::opened;
    if (is_of_form) return;
    // Saved from where it is shown: what was chosen for the next run stays.
    view.repeat = repeat;
    view.repeat_text = std::to_string(repeat);
    view.page = shows_results ? Page::results : Page::opened;
}

void draw_suite(const FrameView& frame, SuiteView& view, Commands& commands) {
    SuiteParts parts{frame, view, commands};
    follow_session(parts);
    follow_results(parts);
    follow_decision(parts);
    if (view.page == Page::results && !view.run) view.page = Page::opened;
    if (view.page == Page::opened && !view.suite && view.run) view.page = Page::results;
    switch (view.page) {
        case Page::form: draw_suite_form(parts); break;
        case Page::results: draw_suite_results(parts); break;
        case Page::opened:
            if (view.suite)
                draw_opened(parts);
            else
                draw_nothing(parts);
            break;
    }
}

}  // namespace llmc::gui
