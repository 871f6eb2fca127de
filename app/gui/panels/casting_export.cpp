#include "gui/panels/casting_export.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "config/config.h"
#include "gui/panels/casting_panel.h"
#include "gui/widgets.h"
#include "interop/cast_export.h"
#include "probe/store.h"

namespace llmc::gui {
namespace {

const interop::ExportFormat* chosen_format(int choice) {
    return choice > 0 ? &interop::export_formats()[static_cast<std::size_t>(choice - 1)] : nullptr;
}

// All that a preview and a write need of the window.
struct ExportJob {
    std::shared_ptr<const ShownSheet> sheet;
    const interop::ExportFormat* format = nullptr;
    std::string file;
    std::filesystem::path folder;
    std::vector<interop::ServerState> servers;
    base::WallTime now{};
};

ExportJob export_job_of(const FrameView& frame, const CastingView& view) {
    const CastingExport& chosen = view.other_program;
    ExportJob job{.sheet = view.shown, .format = chosen_format(chosen.choice), .now = frame.wall};
    if (job.format && job.format->edit) job.file = chosen.file;
    job.folder = frame.setup.in_force.report_folder;
    for (const engine::ServerStatus& status : frame.snapshot.servers)
        job.servers.push_back({status.server, status.manifest, status.error});
    return job;
}

Result<interop::ExportDone> run_export(const ExportJob& job, bool is_dry_run) {
    std::vector<decide::CastSource> sources;
    for (const CastingSource& source : job.sheet->sources) sources.push_back({source.name, source.session.get()});
    std::vector<session::Server> configured;
    for (const interop::ServerState& state : job.servers) configured.push_back(state.server);
    decide::CastSheet sheet = job.sheet->sheet;
    add_probes(sheet, sources, configured);
    interop::CastExport cast = interop::export_of(sheet, sources, configured);
    interop::look_at_servers(cast, job.servers);
    interop::ExportOrder order{.format = job.format, .folder = job.folder, .is_dry_run = is_dry_run};
    if (!job.file.empty()) order.into = config::expand_home(job.file, config::system_environment());
    return interop::write_export(cast, order, job.now);
}

std::shared_ptr<const CastingExport::Preview> export_preview_of(const ExportJob& job) {
    auto preview = std::make_shared<CastingExport::Preview>();
    auto done = run_export(job, true);
    if (!done) {
        preview->error = done.error().message;
        return preview;
    }
    const std::string_view difference = done->difference;
    for (std::size_t begin = 0; begin < difference.size();) {
        const std::size_t end = std::min(difference.find('\n', begin), difference.size());
        preview->lines.push_back(base::for_terminal_line(difference.substr(begin, end - begin)));
        begin = end + 1;
    }
    // Of a new file the head says nothing.
    if (job.file.empty() && preview->lines.size() > 3)
        preview->lines.erase(preview->lines.begin(), preview->lines.begin() + 3);
    preview->notes = std::move(done->notes);
    preview->environment = std::move(done->environment);
    return preview;
}

void keep_up_preview(const FrameView& frame, CastingView& view, Commands& commands) {
    CastingExport& chosen = view.other_program;
    CastingExport::Wanted wanted{.sheet = view.shown, .choice = chosen.choice, .file = chosen.file};
    for (const engine::ServerStatus& status : frame.snapshot.servers) wanted.manifests.push_back(status.manifest);
    wanted.writes = chosen.writes;
    if (chosen.is_making || wanted == chosen.made_of) return;
    chosen.made_of = std::move(wanted);
    chosen.is_making = true;
    commands.add(InBackground{[&view, job = export_job_of(frame, view)] {
        return std::function<void(Commands&)>([&view, preview = export_preview_of(job)](Commands&) {
            view.other_program.preview = preview;
            view.other_program.is_making = false;
        });
    }});
}

Notify export_notice_of(const ExportJob& job, const Result<interop::ExportDone>& done) {
    if (!done) return {.text = done.error().message, .is_error = true};
    if (done->written.empty()) return {.text = fmt::format("{} says all this already", job.file)};
    Notify notice{.folder = done->written.front().parent_path()};
    notice.text = fmt::format("{} written", done->written.front().filename().string());
    if (done->old_file) notice.text += fmt::format(", the old one kept as {}", done->old_file->filename().string());
    if (done->written.size() > 1) notice.text += fmt::format("; {}", done->written.back().filename().string());
    return notice;
}

void write_for_program(const FrameView& frame, CastingView& view, Commands& commands) {
    view.other_program.is_writing = true;
    commands.add(InBackground{[&view, job = export_job_of(frame, view)] {
        return std::function<void(Commands&)>(
            [&view, notice = export_notice_of(job, run_export(job, false))](Commands& done) {
                view.other_program.is_writing = false;
                ++view.other_program.writes;
                done.add(notice);
            });
    }});
}

void draw_target_file(const FrameView& frame, CastingExport& chosen, Commands& commands) {
    const Theme& theme = frame.theme;
    const float button_width = measure(frame, "Choose…", {}).x + theme.px(26);
    ImGui::SetNextItemWidth(std::max(ImGui::GetContentRegionAvail().x - button_width, theme.px(60)));
    text_field(frame, "##into", chosen.file, "your settings file, to be edited; empty: a new file");
    ImGui::SameLine();
    if (button(frame, "Choose…", true, "The file that the cast is put into; all else in it stays as it is"))
        commands.add(ChooseFile{FileKind::cast_target});
}

void draw_export_notes(const FrameView& frame, const CastingExport::Preview& preview) {
    const Theme& theme = frame.theme;
    const auto note = [&](const std::string& text, Dot dot, Role role) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        paint_dot(frame, {at.x + theme.px(5), at.y + theme.text.quiet * 0.6F}, dot);
        ImGui::Indent(theme.px(17));
        draw_text_wrapped(frame, text, {.size = theme.text.quiet, .role = role});
        ImGui::Unindent(theme.px(17));
    };
    if (!preview.error.empty()) note(preview.error, Dot::bad, Role::bad);
    for (const std::string& text : preview.notes) note(text, Dot::warn, Role::text);
}

Role role_of_line(std::string_view line) {
    if (line.starts_with("+++ ") || line.starts_with("--- ")) return Role::weak;
    if (line.starts_with("@@")) return Role::accent;
    return line.starts_with('+') ? Role::good : line.starts_with('-') ? Role::bad : Role::weak;
}

// As code: monospaced, on a ground of its own.
void draw_export_difference(const FrameView& frame, const CastingExport::Preview& preview) {
    if (preview.lines.empty()) return;
    const Theme& theme = frame.theme;
    const float height = theme.text.figure + theme.px(5), pad = theme.px(8);
    const float width = std::max(ImGui::GetContentRegionAvail().x, 1.0F);
    ImGui::Dummy({0, theme.px(2)});
    const ImVec2 begin = ImGui::GetCursorScreenPos();
    const float all = height * static_cast<float>(preview.lines.size()) + 2 * pad;
    ImGui::GetWindowDrawList()->AddRectFilled(begin, {begin.x + width, begin.y + all}, theme[Role::bg0], theme.px(4));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ImGui::GetStyle().ItemSpacing.x, 0});
    ImGui::Dummy({0, pad});
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(preview.lines.size()), height);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const std::string& line = preview.lines[static_cast<std::size_t>(i)];
            const TextLook look{.face = Face::mono, .size = theme.text.figure, .role = role_of_line(line)};
            const ImVec2 at = ImGui::GetCursorScreenPos();
            ImGui::Dummy({width, height});
            bool is_cut = false;
            paint_text(frame, {at.x + pad, at.y + theme.px(2)}, line, look, std::max(width - 2 * pad, 1.0F), &is_cut);
            if (is_cut) tooltip(frame, line);
        }
    ImGui::Dummy({0, pad});
    ImGui::PopStyleVar();
}

}  // namespace

void add_probes(decide::CastSheet& sheet, std::span<const decide::CastSource> sources,
                std::span<const session::Server> configured) {
    const auto file = config::folders(config::system_environment()).state / probe::kProbesFile;
    if (const auto probes = probe::load_probes(file)) interop::take_probes(sheet, sources, configured, *probes);
}

void draw_casting_export(const FrameView& frame, CastingView& view, Commands& commands) {
    CastingExport& chosen = view.other_program;
    section_heading(frame, "For another program");
    std::vector<const char*> names{"None"};
    for (const interop::ExportFormat& format : interop::export_formats()) names.push_back(format.title.data());
    pills(frame, "##program", names, chosen.choice);
    const interop::ExportFormat* format = chosen_format(chosen.choice);
    if (!format) return;
    if (format->edit) draw_target_file(frame, chosen, commands);
    keep_up_preview(frame, view, commands);
    const std::shared_ptr<const CastingExport::Preview> preview = chosen.preview;
    if (!preview) return;
    const bool can_write = preview->error.empty() && !preview->lines.empty() && !chosen.is_making && !chosen.is_writing;
    const char* what = format->edit && !chosen.file.empty() ? "The old file is kept beside it, as .bak"
                                                            : "A new file in the folder of the reports";
    if (button(frame, "Write", can_write, what)) write_for_program(frame, view, commands);
    if (preview->error.empty() && preview->lines.empty())
        draw_text_wrapped(frame, "The file says all this already.",
                          {.size = frame.theme.text.quiet, .role = Role::weak});
    draw_export_notes(frame, *preview);
    draw_export_difference(frame, *preview);
}

}  // namespace llmc::gui
