// The form in which a suite is written: what is about the whole suite, and one prompt after the other.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gui/panels/suite_form_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

using base::OrderedJson;

constexpr std::array kContexts{"Each prompt by itself", "One conversation"};

void follow_form(SuiteParts& parts) {
    SuiteForm& form = parts.view.form;
    if (form.is_checking || form.checked == form.revision) return;
    form.is_checking = true;
    SuiteView& view = parts.view;
    parts.commands.add(
        InBackground{[document = form.document, revision = form.revision, &view]() -> std::function<void(Commands&)> {
            auto verdict = std::make_shared<FormVerdict>(check_form(document));
            return [verdict, revision, &view](Commands&) {
                view.form.is_checking = false;
                view.form.checked = revision;
                view.form.verdict = std::move(*verdict);
            };
        }});
}

void close(SuiteView& view) {
    view.form.asks_to_discard = false;
    view.form.is_changed = false;
    view.page = view.before_form;
}

void draw_actions(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    SuiteView& view = parts.view;
    SuiteForm& form = view.form;
    const Theme& theme = frame.theme;
    if (form.asks_to_discard) {
        ImGui::AlignTextToFramePadding();
        draw_text(frame, "Discard what was changed?", {.face = Face::semibold});
        flow(frame, button_width(frame, "Discard"));
        if (button(frame, "Discard")) return close(view);
        flow(frame, button_width(frame, "Keep editing"));
        if (primary_button(frame, "Keep editing")) form.asks_to_discard = false;
        return;
    }
    const bool is_right = form.is_right();
    const bool has_file = !form.path.empty();
    if (primary_button(frame, has_file ? "Save###save" : "Save…###save", is_right,
                       has_file ? form.path.string() : std::string("To a file of your own")))
        save_suite(parts, form.verdict.suite, form.path);
    if (has_file) {
        flow(frame, button_width(frame, "Save as…"));
        if (button(frame, "Save as…", is_right)) save_suite(parts, form.verdict.suite, {});
    }
    flow(frame, button_width(frame, "Use unsaved"));
    if (button(frame, "Use unsaved", is_right, "It can be run as it is; the file stays as it was")) {
        view.suite = form.verdict.suite;
        view.is_saved = !form.is_changed;
        view.path = form.path;
        view.repeat = view.suite->repeat;
        view.repeat_text = std::to_string(view.repeat);
        view.repeat_trouble.clear();
        form.is_changed = false;
        view.page = SuiteView::Page::opened;
        return;
    }
    flow(frame, button_width(frame, "Cancel"));
    if (button(frame, "Cancel")) {
        if (!form.is_changed) return close(view);
        form.asks_to_discard = true;
    }
    const TextLook look{.size = theme.text.quiet, .role = is_right ? Role::weak : Role::bad};
    const std::string_view words = form.checked != form.revision ? std::string_view()
                                   : is_right                    ? std::string_view("can be run")
                                                                 : std::string_view(form.verdict.trouble);
    flow(frame, std::min(measure(frame, words, look).x, theme.px(220)));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float room = ImGui::GetContentRegionAvail().x;
    bool was_cut = false;
    paint_text(frame, {at.x, at.y + ImGui::GetStyle().FramePadding.y}, words, look, room, &was_cut);
    ImGui::Dummy({room, ImGui::GetFrameHeight()});
    if (was_cut) tooltip(frame, words);
}

void draw_suite_fields(FormFields& fields, SuiteForm& form) {
    OrderedJson& suite = form.document;
    fields.text("Name", suite, "name", "my-suite");
    fields.text("Role", suite, "role", "for the casting sheet: planner, critic …");
    fields.number("Repeats", suite, "repeat", "1");
    int context = shown_member(suite, "context") == "continued" ? 1 : 0;
    fields.label("Context");
    if (pills(fields.frame(), "context", kContexts, context)) {
        suite["context"] = context == 1 ? "continued" : "fresh";
        form.touch();
    }
    fields.lines("System prompt", suite, "system_prompt", 4);

    fields.heading("Settings");
    OrderedJson settings = suite.contains("settings") ? suite["settings"] : OrderedJson::object();
    if (!settings.is_object()) settings = OrderedJson::object();
    bool has_changed = false;
    for (const session::Setting& setting : session::all_settings()) {
        if (!setting.is_own()) continue;
        const auto kind = setting.kind();
        const bool is_set = kind == session::Setting::Kind::words
                                ? fields.json(setting.title, settings, setting.key, "as configured, or [\"END\"]")
                            : kind == session::Setting::Kind::choice
                                ? fields.text(setting.title, settings, setting.key, "as configured")
                                : fields.number(setting.title, settings, setting.key, "as configured; null: not sent");
        has_changed = is_set || has_changed;
    }
    if (has_changed && settings.empty()) suite.erase("settings");
    if (has_changed && !settings.empty()) suite["settings"] = std::move(settings);

    fields.heading("Tools and loop");
    draw_loop_fields(fields, form, suite);
    fields.heading("Cases");
    const bool has_cases = suite.contains("cases") && suite["cases"].is_array();
    fields.json("Cases", suite, "cases", "[{\"city\": \"Paris\"}]: {{city}} stands for it");
    if (has_cases) fields.note(fmt::format("Every prompt is asked {} times, once per case.", suite["cases"].size()));
}

void draw_prompt_list(SuiteParts& parts, ImVec2 size) {
    const FrameView& frame = parts.frame;
    SuiteForm& form = parts.view.form;
    const Theme& theme = frame.theme;
    const std::size_t count = prompt_count(form.document);
    const OrderedJson& prompts = form.document["prompts"];
    if (ImGui::BeginChild("list", size, ImGuiChildFlags_NavFlattened)) {
        const auto line = [&](const char* id, bool is_chosen, std::string_view title, std::string_view second,
                              std::string_view right) {
            return row(frame, id, {.title = title, .second = second, .right = right, .is_chosen = is_chosen});
        };
        if (line("suite", form.chosen < 0, "Suite", "name, role, settings, loop, tools, cases", {})) form.chosen = -1;
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(count), theme.row_height + ImGui::GetStyle().ItemSpacing.y);
        if (form.chosen >= 0) clipper.IncludeItemByIndex(form.chosen);
        while (clipper.Step())
            for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
                const OrderedJson& prompt = prompts[static_cast<std::size_t>(i)];
                const std::size_t checks = check_count(prompt);
                std::array<char, 32> right{};
                const auto end =
                    fmt::format_to_n(right.data(), right.size(), "{} check{}", checks, checks == 1 ? "" : "s");
                ImGui::PushID(i);
                if (line("prompt", form.chosen == i, prompt_id(prompt, static_cast<std::size_t>(i)),
                         shown_member(prompt, "prompt"), {right.data(), std::min(end.size, right.size())}))
                    form.chosen = i;
                ImGui::PopID();
            }
    }
    ImGui::EndChild();
}

void draw_list_actions(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    SuiteForm& form = parts.view.form;
    OrderedJson& suite = form.document;
    const std::size_t count = prompt_count(suite);
    const bool has_chosen = form.chosen >= 0 && form.chosen < static_cast<int>(count);
    const auto chosen = static_cast<std::size_t>(std::max(form.chosen, 0));
    const float gap = frame.theme.px(12);
    const auto link = [&](const char* label, bool is_enabled, bool is_first = false) {
        const float width = measure(frame, label, {.size = frame.theme.text.quiet}).x;
        if (!is_first &&
            ImGui::GetItemRectMax().x + gap + width <= ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x)
            ImGui::SameLine(0, gap);
        return link_button(frame, label, is_enabled);
    };
    const auto go_to = [&](std::size_t index) {
        form.chosen = static_cast<int>(index);
        form.touch();
    };
    if (link("+ Prompt", true, true)) go_to(add_prompt(suite, has_chosen ? chosen : count));
    if (link("Copy", has_chosen)) go_to(copy_prompt(suite, chosen));
    if (link("Up", has_chosen && chosen > 0)) go_to(move_prompt(suite, chosen, -1));
    if (link("Down", has_chosen && chosen + 1 < count)) go_to(move_prompt(suite, chosen, 1));
    if (link("Remove", has_chosen && count > 1)) {
        remove_prompt(suite, chosen);
        go_to(std::min(chosen, prompt_count(suite) - 1));
    }
}

void draw_fields(SuiteParts& parts, ImVec2 size) {
    SuiteForm& form = parts.view.form;
    if (ImGui::BeginChild("fields", size, ImGuiChildFlags_NavFlattened)) {
        FormFields fields(parts.frame, form);
        ImGui::PushID(form.chosen);  // another prompt's fields are other fields
        if (form.chosen < 0)
            draw_suite_fields(fields, form);
        else
            draw_prompt_fields(fields, form);
        ImGui::PopID();
    }
    ImGui::EndChild();
}

}  // namespace

void draw_suite_form(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    SuiteForm& form = parts.view.form;
    const Theme& theme = frame.theme;
    follow_form(parts);
    form.chosen = std::min(form.chosen, static_cast<int>(prompt_count(form.document)) - 1);
    draw_actions(parts);
    if (parts.view.page != SuiteView::Page::form) return;
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float links = theme.text.quiet + theme.px(10), gap = theme.px(14);
    if (room.x > theme.px(660)) {
        const float list = std::clamp(room.x * 0.3F, theme.px(210), theme.px(300));
        ImGui::BeginChild("left", {list, room.y}, ImGuiChildFlags_NavFlattened);
        draw_list_actions(parts);
        draw_prompt_list(parts, {0, 0});
        ImGui::EndChild();
        ImGui::SameLine(0, gap);
        draw_fields(parts, {0, room.y});
    } else {
        draw_list_actions(parts);
        draw_prompt_list(parts, {0, std::clamp(room.y * 0.3F, theme.row_height * 2, theme.row_height * 4)});
        draw_fields(parts, {0, std::max(ImGui::GetContentRegionAvail().y, links)});
    }
}

}  // namespace llmc::gui
