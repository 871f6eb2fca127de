#include "gui/panels/doctor_panel.h"

#include <algorithm>

#include <fmt/format.h>

#include "gui/widgets.h"
#include "metrics/words.h"

#ifndef LLMC_VERSION
#define LLMC_VERSION ""
#endif

namespace llmc::gui {
namespace {

using engine::Diagnosis;
using Health = Diagnosis::Health;

// Servers are asked as ever, by the engine: what it knows of them is taken as it is.
void look(const FrameView& frame, DoctorView& view, Commands& commands) {
    view.is_looking = true;
    engine::Surroundings at;
    at.config_file = frame.setup.path;
    at.environment = config::system_environment();
    at.folders = config::folders(at.environment);
    at.version = LLMC_VERSION;
    at.display = frame.renderer.empty() ? std::string("this window's") : std::string(frame.renderer);
    at.missing_fonts = frame.fonts.missing();
    commands.add(
        InBackground{[at = std::move(at), servers = frame.snapshot.servers, &view]() -> std::function<void(Commands&)> {
            std::vector<Diagnosis> found = engine::diagnose(at, servers);
            return [found = std::move(found), &view](Commands&) mutable {
                view = {.found = std::move(found), .is_looking = false, .has_looked = true};
            };
        }});
}

Dot dot_of(Health health) {
    return health == Health::fine ? Dot::good : health == Health::note ? Dot::warn : Dot::bad;
}

std::string summary(const std::vector<Diagnosis>& found) {
    const auto count = [&](Health health) {
        return static_cast<std::size_t>(std::ranges::count(found, health, &Diagnosis::health));
    };
    const std::size_t problems = count(Health::problem), notes = count(Health::note);
    if (problems > 0) return fmt::format("{} to be mended.", metrics::counted(problems, "problem", "problems"));
    return notes > 0
               ? fmt::format("Nothing is wrong; {} good to know.", metrics::counted(notes, "thing is", "things are"))
               : std::string("Nothing is wrong.");
}

void draw_diagnosis(const FrameView& frame, const Diagnosis& one) {
    const Theme& theme = frame.theme;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    paint_dot(frame, {at.x + theme.px(6), at.y + theme.text.row * 0.62F}, dot_of(one.health));
    ImGui::Indent(theme.px(20));
    draw_text_wrapped(frame, one.what, {.size = theme.text.row});
    if (!one.advice.empty()) draw_text_wrapped(frame, one.advice, {.size = theme.text.quiet, .role = Role::weak});
    ImGui::Unindent(theme.px(20));
}

}  // namespace

void draw_doctor(const FrameView& frame, DoctorView& view, Commands& commands) {
    const Theme& theme = frame.theme;
    if (ImGui::IsWindowAppearing() && !view.is_looking) look(frame, view, commands);
    if (button(frame, "Check again", !view.is_looking)) look(frame, view, commands);
    ImGui::SameLine();
    if (button(frame, "Copy all", view.has_looked, "As text, without keys: for a question to somebody else"))
        commands.add(CopyText{fmt::format("{}", fmt::join(engine::lines(view.found), "\n")), "what was found"});
    ImGui::SameLine(0, theme.px(14));
    ImGui::AlignTextToFramePadding();
    draw_text(frame, view.has_looked ? summary(view.found) : std::string("Looking…"),
              {.size = theme.text.quiet, .role = Role::weak});
    // Problems first; all else by area.
    const std::string* area = nullptr;
    for (const bool problems : {true, false})
        for (const Diagnosis& one : view.found) {
            if ((one.health == Health::problem) != problems) continue;
            if (!area || *area != one.area) {
                std::string name = one.area;
                name.front() = static_cast<char>(name.front() - 'a' + 'A');
                section_heading(frame, name.c_str());
                area = &one.area;
            }
            draw_diagnosis(frame, one);
        }
}

}  // namespace llmc::gui
