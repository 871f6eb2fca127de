#include "gui/panels/suite_import.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "gui/panels/suite_panel.h"
#include "gui/panels/suite_view.h"
#include "gui/widgets.h"
#include "interop/import.h"

namespace llmc::gui {
namespace {

constexpr std::size_t kMostLinesInView = 6;

std::string things(std::size_t count) {
    return fmt::format("{} not taken over", counted(count, "thing was", "things were"));
}

void draw_lines(const FrameView& frame, const std::vector<std::string>& lines) {
    const Theme& theme = frame.theme;
    const TextLook look{.size = theme.text.quiet, .role = Role::weak};
    const float height = theme.text.quiet + theme.px(7), pad = theme.px(8);
    const auto in_view = static_cast<float>(std::min(lines.size(), kMostLinesInView));
    ImGui::PushStyleColor(ImGuiCol_ChildBg, theme[Role::bg2]);
    const bool is_seen = ImGui::BeginChild("not taken over", {0, in_view * height + pad}, ImGuiChildFlags_NavFlattened);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    if (is_seen) {
        ImGui::Dummy({0, pad / 2});
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(lines.size()), height);
        while (clipper.Step())
            for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
                const std::string& line = lines[static_cast<std::size_t>(i)];
                const ImVec2 at = ImGui::GetCursorScreenPos();
                const float room = ImGui::GetContentRegionAvail().x;
                bool was_cut = false;
                paint_text(frame, {at.x + pad, at.y + theme.px(2)}, line, look, room - 2 * pad, &was_cut);
                ImGui::Dummy({room, height});
                if (was_cut) tooltip(frame, line);
            }
    }
    ImGui::PopStyleVar();
    ImGui::EndChild();
    ImGui::PopStyleColor();
}

}  // namespace

Result<ImportedSuites> read_import(const std::vector<std::filesystem::path>& paths) {
    auto import = interop::import_paths(paths);
    if (!import) return import.error();
    ImportedSuites made;
    made.source = paths.front().filename().string();
    if (paths.size() > 1) made.source += fmt::format(" and {} more", paths.size() - 1);
    for (const interop::ImportedSuite& one : import->suites) {
        auto suite = suite::suite_from_json(one.document);
        if (!suite) return suite.error();
        made.names.push_back(fmt::format("{}###{}", one.file_stem, made.suites.size()));
        made.suites.push_back(std::make_shared<const suite::Suite>(*std::move(suite)));
    }
    for (const interop::NotTaken& note : import->notes) {
        std::string at = note.place;
        if (paths.size() > 1 || at.empty()) {
            const std::string file = std::filesystem::path(note.file).filename().string();
            at = at.empty() ? file : fmt::format("{}, {}", file, at);
        }
        made.lines.push_back(base::for_terminal_line(fmt::format("{}: {}", at, note.what)));
    }
    made.notes = std::move(import->notes);
    return made;
}

std::string summary_of(const ImportedSuites& imported) {
    std::size_t prompts = 0;
    for (const auto& suite : imported.suites) prompts += suite->prompts.size();
    std::string summary = "Imported " + counted(prompts, "prompt", "prompts");
    if (imported.suites.size() > 1) summary += " in " + counted(imported.suites.size(), "suite", "suites");
    summary += " from " + imported.source;
    if (!imported.notes.empty()) summary += "; " + things(imported.notes.size());
    return summary;
}

void take_import(SuiteView& view, std::shared_ptr<const ImportedSuites> imported) {
    take_suite(view, imported->suites.front(), {});
    view.imported = std::move(imported);
    view.imported_choice = 0;
    view.lists_not_taken = false;
}

void draw_import(SuiteParts& parts) {
    const FrameView& frame = parts.frame;
    SuiteView& view = parts.view;
    const auto imported = view.imported;
    if (!imported) return;
    if (imported->suites.size() > 1) {
        std::vector<const char*> names;
        for (const std::string& name : imported->names) names.push_back(name.c_str());
        int choice = view.imported_choice;
        if (pills(frame, "imported", names, choice)) {
            take_suite(view, imported->suites[static_cast<std::size_t>(choice)], {});
            view.imported = imported;
            view.imported_choice = choice;
        }
    }
    if (imported->notes.empty()) return;
    const char* what = view.lists_not_taken ? "hide them" : "which";
    const TextLook look{.size = frame.theme.text.quiet, .role = Role::warn};
    draw_text(frame, fmt::format("{}: {}", imported->source, things(imported->notes.size())), look);
    flow(frame, measure(frame, what, {.size = frame.theme.text.quiet}).x);
    if (link_button(frame, fmt::format("{}###not_taken", what).c_str(), true, "The Log has them too"))
        view.lists_not_taken = !view.lists_not_taken;
    if (view.lists_not_taken) draw_lines(frame, imported->lines);
}

}  // namespace llmc::gui
