// What stands above the results of a suite and above one that was opened: its name, how often it is asked, other
// suites.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "gui/panels/suite_view.h"
#include "gui/widgets.h"

namespace llmc::gui {

void draw_suite_title(const FrameView& frame, std::string_view name, std::string_view about) {
    const Theme& theme = frame.theme;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float room = ImGui::GetContentRegionAvail().x;
    bool was_cut = false;
    const float width = paint_text(frame, at, name, {.face = Face::semibold, .size = theme.text.prose}, room, &was_cut);
    const float left = width + theme.px(12);
    bool is_about_cut = false;
    if (room > left + theme.px(40))
        paint_text(frame, {at.x + left, at.y + theme.px(2)}, about, {.size = theme.text.quiet, .role = Role::weak},
                   room - left, &is_about_cut);
    ImGui::Dummy({room, theme.text.prose + theme.px(4)});
    if (was_cut || is_about_cut) tooltip(frame, fmt::format("{}\n{}", name, about));
}

std::string_view why_not_run_suite(const FrameView& frame, const SuiteView& view) {
    if (frame.setup.in_force.servers.empty()) return "Add a server first (Configuration).";
    if (frame.setup.in_force.candidates.empty()) return "Choose a model first (Configuration).";
    return view.repeat_trouble;
}

void draw_suite_repeats(SuiteParts& parts, const suite::Suite* suite) {
    const FrameView& frame = parts.frame;
    SuiteView& view = parts.view;
    const Theme& theme = frame.theme;
    const TextLook look{.size = theme.text.row, .role = Role::weak};
    const float words = measure(frame, "Repeats", look).x, field = theme.px(52);
    flow(frame, words + theme.px(6) + field);
    ImGui::AlignTextToFramePadding();
    draw_text(frame, "Repeats", look);
    ImGui::SameLine(0, theme.px(6));
    ImGui::SetNextItemWidth(field);
    if (text_field(frame, "##repeats", view.repeat_text, "", ImGuiInputTextFlags_CharsDecimal)) {
        const char* end = view.repeat_text.data() + view.repeat_text.size();
        std::int64_t repeat = 0;
        const auto read = std::from_chars(view.repeat_text.data(), end, repeat);
        const bool is_number = read.ec == std::errc{} && read.ptr == end;
        const auto allowed = suite ? suite::check_repeat(*suite, is_number ? repeat : 0) : Result<void>{};
        view.repeat_trouble = !is_number ? "Repeats: a whole number from 1." : allowed ? "" : allowed.error().message;
        if (view.repeat_trouble.empty() && repeat >= 1) view.repeat = static_cast<int>(repeat);
    }
    tooltip(frame, "How often every prompt is asked: how steady the answers are shows from 2 on");
    if (view.repeat_trouble.empty()) return;
    flow(frame, measure(frame, view.repeat_trouble, {.size = theme.text.quiet}).x);
    ImGui::AlignTextToFramePadding();
    draw_text(frame, view.repeat_trouble, {.size = theme.text.quiet, .role = Role::bad});
}

void draw_other_suites(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    flow(frame, button_width(frame, "Open…"));
    if (button(frame, "Open…", true, "Another suite; a file can also be dropped on the window"))
        parts.commands.add(ChooseFile{FileKind::suite});
    flow(frame, button_width(frame, "New"));
    if (button(frame, "New", true, "A suite of your own, written in a form")) edit_suite(parts.view, new_suite(), {});
}

void flow(const FrameView& frame, float width) {
    const float gap = frame.theme.px(8);
    const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
    if (ImGui::GetItemRectMax().x + gap + width <= right) ImGui::SameLine(0, gap);
}

float button_width(const FrameView& frame, std::string_view label) {
    return measure(frame, label, {.size = frame.theme.text.row}).x + 2 * ImGui::GetStyle().FramePadding.x;
}

void edit_suite(SuiteView& view, const base::OrderedJson& source, std::filesystem::path path, int prompt) {
    view.form.begin(source, std::move(path));
    view.form.chosen = prompt;
    if (view.page != SuiteView::Page::form) view.before_form = view.page;
    view.page = SuiteView::Page::form;
}

void save_suite(SuiteParts& parts, std::shared_ptr<const suite::Suite> suite, std::filesystem::path path) {
    parts.commands.add(SaveSuite{std::move(suite), std::move(path)});
}

}  // namespace llmc::gui
