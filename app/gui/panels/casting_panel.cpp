#include "gui/panels/casting_panel.h"

#include <algorithm>

#include <fmt/format.h>

#include "decide/cast_writer.h"
#include "gui/panels/casting_export.h"
#include "gui/panels/casting_roles.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

// Notices what has changed, and has the sheet made anew where something has.
void keep_up(const FrameView& frame, CastingView& view, Commands& commands) {
    const session::Session& session = frame.snapshot.session;
    if (frame.revision != view.seen_revision) {
        view.seen_revision = frame.revision;
        if (session.id != view.session_id) {
            // What was picked among the candidates of a session goes with it: the next one has its own picks.
            view.session_id = session.id;
            for (const std::string& role : view.of_session) view.picks.erase(role);
            view.of_session.clear();
            view.notes.clear();
            view.wants_sheet = true;
        }
        if (!engine::is_busy(frame.snapshot.activity) && view.watch.take(frame.snapshot)) view.wants_sheet = true;
    }
    if (!view.wants_sheet || view.is_making) return;
    view.wants_sheet = false;
    view.is_making = true;
    std::vector<CastingSource> sources = view.added;
    if (is_evidence(session)) sources.push_back({kThisSession, std::make_shared<const session::Session>(session)});
    commands.add(InBackground{[&view, sources, picks = view.picks] {
        auto made = std::make_shared<const ShownSheet>(shown_sheet(sheet_of(sources, picks), sources));
        return std::function<void(Commands&)>([&view, made](Commands&) {
            view.shown = made;
            view.is_making = false;
        });
    }});
}

void export_cast(const FrameView& frame, CastingView& view, Commands& commands) {
    view.is_writing = true;
    commands.add(InBackground{[&view, shown = view.shown, folder = frame.setup.in_force.report_folder,
                               servers = frame.setup.in_force.servers, now = frame.wall] {
        decide::CastSheet sheet = shown->sheet;
        std::vector<decide::CastSource> sources;
        for (const CastingSource& source : shown->sources) sources.push_back({source.name, source.session.get()});
        add_probes(sheet, sources, servers);
        const auto written =
            decide::write_cast(sheet, {decide::CastFormat::json, decide::CastFormat::yaml}, folder, now);
        Notify notice;
        if (written) {
            notice.folder = written->front().parent_path();
            notice.text = fmt::format("Cast written: {} and {}", written->front().filename().string(),
                                      written->back().extension().string());
        } else {
            notice.is_error = true;
            notice.text = written.error().message;
        }
        return std::function<void(Commands&)>([&view, notice](Commands& done) {
            view.is_writing = false;
            done.add(notice);
        });
    }});
}

void draw_buttons(const FrameView& frame, CastingView& view, Commands& commands) {
    const bool can_export = !view.shown->sheet.roles.empty() && !view.is_making && !view.is_writing;
    if (primary_button(frame, "Export cast…", can_export, "As JSON and YAML, into the folder of the reports"))
        export_cast(frame, view, commands);
    ImGui::SameLine();
    if (button(frame, "Add reports…", true, "Reports (JSON) and sessions of other runs, as further evidence"))
        commands.add(ChooseFile{FileKind::evidence});
}

void draw_sources(const FrameView& frame, CastingView& view, const ShownSheet& shown) {
    const Theme& theme = frame.theme;
    section_heading(frame, "Sources");
    const float remove_width = measure(frame, "Remove", {.size = theme.text.quiet}).x;
    std::optional<std::size_t> removed;
    for (std::size_t i = 0; i < shown.sources.size(); ++i) {
        const CastingSource& source = shown.sources[i];
        const auto file = std::find_if(view.added.begin(), view.added.end(),
                                       [&](const CastingSource& one) { return one.session == source.session; });
        ImGui::PushID(static_cast<int>(i));
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x, height = theme.text.quiet + theme.px(4);
        const float room = width - (file != view.added.end() ? remove_width + theme.px(14) : 0);
        ImGui::Dummy({std::max(room, 1.0F), height});
        const TextLook name{.size = theme.text.quiet}, quiet{.size = theme.text.quiet, .role = Role::weak};
        const std::string& words = shown.source_words[i];
        bool is_name_cut = false, is_cut = false;
        const float used = paint_text(frame, at, source.name, name, room * 0.5F, &is_name_cut) + theme.px(10);
        paint_text(frame, {at.x + used, at.y}, words, quiet, room - used, &is_cut);
        if (is_name_cut || is_cut) tooltip(frame, fmt::format("{}\n{}", source.name, words));
        if (file != view.added.end()) {
            ImGui::SameLine(0, 0);
            ImGui::SetCursorScreenPos({at.x + width - remove_width - theme.px(2), at.y});
            if (link_button(frame, "Remove", true, "From this sheet; the file stays"))
                removed = static_cast<std::size_t>(file - view.added.begin());
        }
        ImGui::PopID();
    }
    if (!removed) return;
    view.added.erase(view.added.begin() + static_cast<std::ptrdiff_t>(*removed));
    view.wants_sheet = true;
    frame.requests.next_frame();
}

void draw_warnings(const FrameView& frame, const decide::CastSheet& sheet) {
    const Theme& theme = frame.theme;
    for (const std::string& warning : sheet.warnings) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        paint_dot(frame, {at.x + theme.px(5), at.y + theme.text.quiet * 0.6F}, Dot::warn);
        ImGui::Indent(theme.px(17));
        draw_text_wrapped(frame, warning, {.size = theme.text.quiet, .role = Role::warn});
        ImGui::Unindent(theme.px(17));
    }
}

}  // namespace

ShownSheet shown_sheet(decide::CastSheet sheet, std::vector<CastingSource> sources) {
    ShownSheet shown;
    shown.head = head_line(sheet, sources);
    for (const CastingSource& source : sources) shown.source_words.push_back(words_of(*source.session));
    for (const decide::CastRole& role : sheet.roles) {
        ShownSheet::Role& words = shown.roles.emplace_back();
        words.reason = short_reason(role);
        for (const decide::Contender& contender : role.contenders) words.lines.push_back(evidence_lines(contender));
    }
    shown.sheet = std::move(sheet);
    shown.sources = std::move(sources);
    return shown;
}

void draw_casting(const FrameView& frame, CastingView& view, Commands& commands) {
    const Theme& theme = frame.theme;
    keep_up(frame, view, commands);
    if (!view.shown || view.shown->sources.empty()) {
        empty_state(frame, "No evidence yet",
                    "Run a suite, or add reports of suites that were run: for each role the candidates stand here, "
                    "with how many checks they passed.");
        const float width = measure(frame, "Add reports…", {}).x + theme.px(18);
        ImGui::SetCursorPosX(std::max((ImGui::GetWindowWidth() - width) / 2, ImGui::GetStyle().WindowPadding.x));
        if (button(frame, "Add reports…")) commands.add(ChooseFile{FileKind::evidence});
        return;
    }
    // Drawn from a copy of the pointer: a pick makes another sheet.
    const std::shared_ptr<const ShownSheet> shown = view.shown;
    draw_text_wrapped(frame, shown->head, {.size = theme.text.quiet, .role = Role::weak});
    ImGui::Dummy({0, theme.px(1)});
    if (shown->sheet.roles.empty())
        draw_text_wrapped(frame, "None of the sources has run a suite: there is no role to cast.",
                          {.size = theme.text.row});
    for (std::size_t i = 0; i < shown->roles.size(); ++i)
        draw_role(frame, view, shown->sheet.roles[i], shown->roles[i], commands);
    draw_warnings(frame, shown->sheet);
    draw_buttons(frame, view, commands);
    draw_sources(frame, view, *shown);
    if (!shown->sheet.roles.empty()) draw_casting_export(frame, view, commands);
}

void add_evidence(CastingView& view, std::string name, session::Session session) {
    auto shared = std::make_shared<const session::Session>(std::move(session));
    std::erase_if(view.added, [&](const CastingSource& one) {
        return one.name == name && one.session->id == shared->id;  // opened again, as when it was written anew
    });
    view.added.push_back({std::move(name), std::move(shared)});
    view.wants_sheet = true;
}

void pick_for_role(const FrameView& frame, CastingView& view, const std::string& role, const CastingPick& pick,
                   Commands& commands) {
    view.picks[role] = pick;
    view.notes.erase(role);
    if (view.shown) {
        decide::CastSheet changed = view.shown->sheet;
        if (decide::CastRole* found = changed.find(role)) apply_pick(*found, pick);
        view.shown = std::make_shared<const ShownSheet>(shown_sheet(std::move(changed), view.shown->sources));
        view.wants_sheet = true;  // what the sources' own picks had to say of it does not count any more
    }
    const session::Session& session = frame.snapshot.session;
    const bool is_source = is_evidence(session);
    session::RolePick asked{.role = role, .candidate = {}, .note = pick.note};
    for (std::size_t i = 0; is_source && i < session.candidates.size() && i < frame.snapshot.labels.size(); ++i)
        if (!pick.label.empty() && frame.snapshot.labels[i] == pick.label) asked.candidate = session.candidates[i].id;
    const bool was_picked = std::any_of(session.casting.begin(), session.casting.end(),
                                        [&](const session::RolePick& one) { return one.role == role; });
    if (!asked.candidate.empty() || was_picked) {
        view.of_session.insert(role);
        commands.engine(engine::PickForRole{std::move(asked)});
    }
    frame.requests.next_frame();
}

}  // namespace llmc::gui
