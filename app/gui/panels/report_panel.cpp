#include "gui/panels/report_panel.h"

#include <algorithm>

#include <fmt/format.h>

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

// Up to this size a text is laid out again while the window is being resized, larger ones afterwards.
constexpr std::size_t kQuickSize = std::size_t{2} << 20;

// Columns that a character takes, by its first byte: 0 for bytes that continue one.
int columns_of(unsigned char byte) {
    if (byte < 0x80) return 1;
    if (byte < 0xC0) return 0;
    return byte >= 0xE3 ? 2 : 1;
}

void update_rows(const FrameView& frame, ReportView& view, int columns) {
    const std::string& text = frame.preview.text;
    const bool is_other = text.data() != view.seen_data || text.size() != view.seen_size ||
                          (view.was_pending && !frame.preview.is_pending);
    view.was_pending = frame.preview.is_pending;
    const bool is_resized = columns != view.seen_columns;
    if (!is_other && (!is_resized || (text.size() > kQuickSize && ImGui::IsMouseDown(ImGuiMouseButton_Left)))) return;
    view.seen_data = text.data();
    view.seen_size = text.size();
    view.seen_columns = columns;
    view.starts = row_starts(text, columns);
}

void draw_text_rows(const FrameView& frame, ReportView& view) {
    const Theme& theme = frame.theme;
    ImFont* font = frame.fonts[Face::mono];
    const float size = theme.text.figure, line = std::max(theme.px(17), size);
    const ImVec2 padding{theme.px(10), theme.px(8)};
    ImGui::PushStyleColor(ImGuiCol_ChildBg, theme[Role::bg0]);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
    if (ImGui::BeginChild("text", {0, 0}, ImGuiChildFlags_AlwaysUseWindowPadding,
                          ImGuiWindowFlags_AlwaysVerticalScrollbar)) {
        const float advance = std::max(font->CalcTextSizeA(size, FLT_MAX, 0, "0").x, 1.0F);
        update_rows(frame, view, std::max(static_cast<int>(ImGui::GetContentRegionAvail().x / advance), 20));
        const std::string_view text = frame.preview.text;
        ImDrawList& list = *ImGui::GetWindowDrawList();
        const ImU32 color = ImGui::GetColorU32(theme[Role::text]);
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(view.starts.size()), line);
        while (clipper.Step()) {
            for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
                const auto row = static_cast<std::size_t>(i);
                const ImVec2 at = ImGui::GetCursorScreenPos();
                const std::size_t from = view.starts[row];
                std::size_t to = row + 1 < view.starts.size() ? view.starts[row + 1] : text.size();
                while (to > from && (text[to - 1] == '\n' || text[to - 1] == '\r')) --to;
                if (to > from) list.AddText(font, size, at, color, text.data() + from, text.data() + to);
                ImGui::Dummy({1, line});
            }
        }
        ImGui::PopStyleVar();
    }
    ImGui::EndChild();
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
}

}  // namespace

std::vector<std::size_t> row_starts(std::string_view text, int columns) {
    std::vector<std::size_t> starts;
    if (text.empty()) return starts;
    starts.push_back(0);
    int used = 0;
    std::size_t after_blank = 0;  // where this row could be cut
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') {
            if (i + 1 < text.size()) starts.push_back(i + 1);
            used = 0;
            after_blank = 0;
            continue;
        }
        const int wide = columns_of(static_cast<unsigned char>(c));
        if (wide > 0 && used + wide > columns && used > 0) {
            const std::size_t cut = after_blank > starts.back() ? after_blank : i;
            starts.push_back(cut);
            used = 0;
            for (std::size_t k = cut; k < i; ++k) used += columns_of(static_cast<unsigned char>(text[k]));
            after_blank = 0;
        }
        used += wide;
        if (c == ' ') after_blank = i + 1;
    }
    return starts;
}

void draw_report(const FrameView& frame, ReportView& view, Commands& commands) {
    const Theme& theme = frame.theme;
    if (frame.snapshot.session.rounds.empty() && frame.preview.text.empty()) {
        empty_state(frame, "No report yet",
                    "After the first round the report stands here as it would be written, in each of its formats.");
        view.was_shown = false;
        return;
    }
    const engine::Activity activity = frame.snapshot.activity;
    const bool has_ended = view.seen_activity != activity && activity != engine::Activity::running;
    view.seen_activity = activity;
    std::vector<const char*> titles;
    for (const report::FormatRow& row : report::formats()) titles.push_back(row.title);
    bool asks = pills(frame, "formats", titles, view.format);
    asks = asks || !view.was_shown || has_ended || ImGui::IsWindowAppearing();
    view.was_shown = true;

    const report::Format format = &report::formats()[static_cast<std::size_t>(view.format)];
    ImGui::Dummy({0, theme.px(1)});
    const std::string export_label = fmt::format("Export {}###export", format->title);
    if (primary_button(frame, export_label.c_str())) commands.add(ExportReports{{format}});
    ImGui::SameLine();
    asks = button(frame, "Refresh", !frame.preview.is_pending, "The text is as it was when it was made last") || asks;
    ImGui::SameLine();
    if (button(frame, "Copy", !frame.preview.text.empty())) commands.add(CopyText{frame.preview.text, "report"});
    if (frame.preview.is_pending) {
        ImGui::SameLine();
        ImGui::AlignTextToFramePadding();
        draw_text(frame, "being made…", {.size = theme.text.quiet, .role = Role::weak});
    }
    view.wants_text = view.wants_text || asks || frame.preview.format != format;
    if (view.wants_text && !frame.preview.is_pending) {
        commands.add(RefreshPreview{format});
        view.wants_text = false;
    }
    draw_text_rows(frame, view);
}

}  // namespace llmc::gui
