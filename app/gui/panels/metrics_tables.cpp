#include "gui/panels/metrics_tables.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

using metrics::AnswerMetrics;
using session::Answer;

constexpr const char* kNothing = metrics::kNoFigure.data();

struct Cell {
    std::string text;
    Role role = Role::text;
    Face face = Face::mono;
};

std::string marked(bool is_estimated, std::string text) {
    return is_estimated ? "~" + text : text;
}
std::string seconds_or(const std::optional<double>& value) {
    return value ? seconds_text(*value) : kNothing;
}
// Loads are known to about a second.
std::string load_text(double seconds) {
    return seconds > 0 ? fmt::format("{:.1f} s", seconds) : "0 s";
}

void setup_text(const FrameView& frame) {
    ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {frame.theme.px(7), frame.theme.px(3)});
    ImGui::PushStyleColor(ImGuiCol_HeaderHovered, frame.theme[Role::bg3]);
}
void end_text() {
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
}

// A figure's name stands over its figures, at the right; where the table is sorted by it, before the arrow.
void header_cell(const FrameView& frame, const char* name, std::string_view help, bool is_figure) {
    const FontScope font(frame, Face::semibold, frame.theme.text.small);
    ImGui::PushStyleColor(ImGuiCol_Text, frame.theme[Role::weak]);
    if (is_figure) {
        const bool is_sorted = (ImGui::TableGetColumnFlags() & ImGuiTableColumnFlags_IsSorted) != 0;
        const float arrow = is_sorted ? std::floor(ImGui::GetFontSize() * 0.65F + ImGui::GetStyle().FramePadding.x) : 0;
        const float left = ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize(name).x - arrow;
        if (left > 0) ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::floor(left));
    }
    ImGui::TableHeader(name);
    ImGui::PopStyleColor();
    tooltip(frame, help);
}

// `is_figure`: at the right end, so that figures stand below each other.
void draw_cell(const FrameView& frame, const Cell& cell, bool is_figure) {
    const Theme& theme = frame.theme;
    const float size = cell.face == Face::mono ? theme.text.figure : theme.text.quiet;
    const TextLook look{.face = cell.face, .size = size, .role = cell.role, .keeps_end = cell.face == Face::semibold};
    ImVec2 at = ImGui::GetCursorScreenPos();
    bool was_cut = false;
    const float room = ImGui::GetContentRegionAvail().x;
    if (is_figure) at.x += std::floor(std::max(room - measure(frame, cell.text, look).x, 0.0F));
    const float width = paint_text(frame, at, cell.text, look, room, &was_cut);
    ImGui::Dummy({std::max(width, 1.0F), theme.text.quiet});
    if (was_cut) tooltip(frame, cell.text);
}

// ---- sums

struct SumColumn {
    const char *name, *help;
    float width;
};
constexpr SumColumn kSumColumns[] = {
    {"Answers", "Complete answers: all figures are of these", 64},
    {"TTFT p50", "Time to first token, median; without answers of a cold model, which may hold a model load", 76},
    {"p95", "Time to first token, 95th percentile", 72},
    {"Decode tok/s", "Output tokens per second after the first one, median; ~ where the tokens are an estimate", 92},
    {"Gap p99", "99th percentile of the gaps between chunks, median over the answers", 70},
    {"Reasoning", "Reasoning tokens, share of the output tokens", 76},
    {"Load", "Time that the server took to load the model, in all; ± 1 s per load", 60},
    {"State", "Whether the model was loaded when it was asked. Cold: not known to be", 70},
};

Cell sum_cell(const SumRow& row, int column) {
    const metrics::Summary& sum = row.sum;
    switch (column) {
        case 0: return {fmt::format("{}", sum.answers)};
        case 1: return {seconds_or(sum.median_time_to_first_token_s)};
        case 2: return {seconds_or(row.ttft_p95_s)};
        case 3:
            if (!sum.median_decode_tokens_per_s && sum.burst_answers > 0) return {std::string(metrics::kBuffered)};
            return {metrics::rate_cell(sum.median_decode_tokens_per_s, sum.tokens_estimated)};
        case 4: return {seconds_or(row.gap_p99_s)};
        case 5:
            if (!row.reasoning_share) return {kNothing};
            return {marked(row.reasoning_estimated, fmt::format("{:.0f} %", *row.reasoning_share * 100))};
        case 6:
            return {sum.total_model_load_s > 0 || (sum.answers > 0 && sum.cold_answers == 0)
                        ? load_text(sum.total_model_load_s)
                        : kNothing};
        default:
            if (sum.cold_answers > 0) return {fmt::format("{} cold", sum.cold_answers), Role::warn, Face::regular};
            return {row.is_warm ? "warm" : kNothing, Role::weak, Face::regular};
    }
}

constexpr int kSumColumnCount = static_cast<int>(std::size(kSumColumns));

bool is_sum_figure(int column) {
    return column < kSumColumnCount - 1;
}

std::optional<double> sum_key(const SumRow& row, int column) {
    switch (column) {
        case 0: return static_cast<double>(row.sum.answers);
        case 1: return row.sum.median_time_to_first_token_s;
        case 2: return row.ttft_p95_s;
        case 3: return row.sum.median_decode_tokens_per_s;
        case 4: return row.gap_p99_s;
        case 5: return row.reasoning_share;
        case 6: return row.sum.total_model_load_s;
        default: return static_cast<double>(row.sum.cold_answers);
    }
}

// ---- answers

struct AnswerRow {
    const session::Round& round;
    const Answer& answer;
    std::string_view label;
    const AnswerMetrics& figures;
};

struct AnswerColumn {
    const char *name, *help;
    float width;
};
enum AnswerColumnId {
    kRound,
    kLabel,
    kServer,
    kState,
    kTokens,
    kTtft,
    kTtfo,
    kItl,
    kDecode,
    kEndToEnd,
    kQueue,
    kLoad,
    kWarmth,
    kInFlight
};
constexpr AnswerColumn kAnswerColumns[] = {
    {"Round", "", 46},
    {"Candidate", "", 130},
    {"Server", "", 90},
    {"State", "", 92},
    {"Tokens", "Output tokens; ~ where they are an estimate", 60},
    {"TTFT", "Time to first token: from the request to the first content, reasoning or tool call", 66},
    {"TTFO", "Time to first output: from the request to the first content that is not reasoning", 66},
    {"ITL", "Inter-token latency: mean time between two tokens that streamed", 66},
    {"Decode tok/s", "1 / inter-token latency. Buffered: tokens were held back on their way, no speed was seen", 88},
    {"End to end", "From the request to the last token", 76},
    {"Queue", "Waited for a free server", 66},
    {"Load", "The server loaded the model: not part of TTFT; ± 1 s", 60},
    {"Model", "What was known of the model when it was asked: warm, loaded for this, cold (unknown)", 60},
    {"In flight", "Requests on that server when this one was sent, itself included", 62},
};
constexpr int kAnswerColumnCount = static_cast<int>(std::size(kAnswerColumns));

bool is_answer_figure(int column) {
    return column != kLabel && column != kServer && column != kState && column != kWarmth;
}

AnswerRow row_at(const engine::Snapshot& snapshot, const AnswerPlace& place) {
    const session::Round& round = *snapshot.session.rounds[place.round];
    const Answer& answer = round.answers[place.answer];
    std::string_view label = answer.candidate;
    for (std::size_t i = 0; i < snapshot.session.candidates.size() && i < snapshot.labels.size(); ++i)
        if (snapshot.session.candidates[i].id == answer.candidate) label = snapshot.labels[i];
    return {round, answer, label, metrics_now(answer)};
}

Cell answer_cell(const AnswerRow& row, int column) {
    const AnswerMetrics& figures = row.figures;
    const bool is_estimated = figures.tokens_estimated;
    const bool is_buffered = figures.speed_note == metrics::SpeedNote::burst;
    switch (column) {
        case kRound: return {fmt::format("{}", row.round.number)};
        case kLabel: return {std::string(row.label), Role::text, Face::semibold};
        case kServer: return {row.answer.server.empty() ? kNothing : row.answer.server, Role::text, Face::regular};
        case kState: return {std::string(words_of(row.answer.state)), role_of(row.answer.state), Face::regular};
        case kTokens: return {figures.output_tokens ? count_text(*figures.output_tokens, is_estimated) : kNothing};
        case kTtft: return {seconds_or(figures.time_to_first_token_s)};
        case kTtfo: return {seconds_or(figures.time_to_first_output_s)};
        case kItl:
            if (!figures.inter_token_latency_s) return {is_buffered ? std::string(metrics::kBuffered) : kNothing};
            return {marked(is_estimated, seconds_text(*figures.inter_token_latency_s))};
        case kDecode:
            if (is_buffered) return {std::string(metrics::kBuffered)};
            return {metrics::rate_cell(figures.decode_tokens_per_s, is_estimated)};
        case kEndToEnd: return {seconds_or(figures.end_to_end_latency_s)};
        case kQueue: return {seconds_or(figures.queue_wait_s)};
        case kLoad: return {figures.model_load_s ? load_text(*figures.model_load_s) : kNothing};
        case kWarmth: {
            if (!figures.model_warmth) return {kNothing, Role::weak, Face::regular};
            const bool is_cold = *figures.model_warmth == metrics::ModelWarmth::cold;
            return {std::string(metrics::model_warmth_name(*figures.model_warmth)), is_cold ? Role::warn : Role::weak,
                    Face::regular};
        }
        default: return {figures.requests_in_flight ? fmt::format("{}", *figures.requests_in_flight) : kNothing};
    }
}

// What the rows are sorted by; texts by themselves.
std::optional<double> sort_key(const AnswerRow& row, int column) {
    const AnswerMetrics& figures = row.figures;
    const auto whole = [](const auto& value) {
        return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
    };
    switch (column) {
        case kRound: return row.round.number;
        case kState: return static_cast<double>(row.answer.state);
        case kTokens: return whole(figures.output_tokens);
        case kTtft: return figures.time_to_first_token_s;
        case kTtfo: return figures.time_to_first_output_s;
        case kItl: return figures.inter_token_latency_s;
        case kDecode: return figures.decode_tokens_per_s;
        case kEndToEnd: return figures.end_to_end_latency_s;
        case kQueue: return figures.queue_wait_s;
        case kLoad: return figures.model_load_s;
        case kWarmth:
            return whole(figures.model_warmth ? std::optional(static_cast<int>(*figures.model_warmth)) : std::nullopt);
        case kInFlight: return whole(figures.requests_in_flight);
        default: return std::nullopt;
    }
}

// Rows without a value stand last in both directions; equal ones keep the order of rounds.
void sort_rows(const FrameView& frame, MetricsView& view) {
    struct Key {
        std::optional<double> number;
        std::string_view text;
    };
    const std::vector<AnswerPlace>& places = view.model.answers;
    std::vector<Key> keys;
    keys.reserve(places.size());
    for (const AnswerPlace& place : places) {
        const AnswerRow row = row_at(frame.snapshot, place);
        keys.push_back({sort_key(row, view.sort_column), view.sort_column == kLabel ? row.label
                                                         : view.sort_column == kServer
                                                             ? std::string_view(row.answer.server)
                                                             : std::string_view{}});
    }
    view.order.resize(places.size());
    for (std::size_t i = 0; i < view.order.size(); ++i) view.order[i] = i;
    const bool is_text = view.sort_column == kLabel || view.sort_column == kServer;
    std::stable_sort(view.order.begin(), view.order.end(), [&](std::size_t a, std::size_t b) {
        const Key& first = keys[a];
        const Key& second = keys[b];
        if (is_text) return view.is_descending ? second.text < first.text : first.text < second.text;
        if (!first.number || !second.number) return first.number.has_value() && !second.number.has_value();
        return view.is_descending ? *second.number < *first.number : *first.number < *second.number;
    });
    view.order_revision = view.model.revision;
}

void take_sorting(const FrameView& frame, MetricsView& view) {
    ImGuiTableSortSpecs* specs = ImGui::TableGetSortSpecs();
    const bool is_changed = specs && specs->SpecsDirty;
    if (is_changed) {
        view.sort_column = 0;
        if (specs->SpecsCount > 0) view.sort_column = specs->Specs[0].ColumnIndex;
        view.is_descending = specs->SpecsCount > 0 && specs->Specs[0].SortDirection == ImGuiSortDirection_Descending;
        specs->SpecsDirty = false;
    }
    if (is_changed || view.order_revision != view.model.revision || view.order.size() != view.model.answers.size())
        sort_rows(frame, view);
}

// As its header says that was clicked last; else as they come.
std::vector<std::size_t> sorted_sums(const std::vector<SumRow>& rows) {
    const ImGuiTableSortSpecs* specs = ImGui::TableGetSortSpecs();
    if (!specs || specs->SpecsCount == 0) return order_of_sums(rows, -1, false);
    return order_of_sums(rows, specs->Specs[0].ColumnIndex,
                         specs->Specs[0].SortDirection == ImGuiSortDirection_Descending);
}

}  // namespace

std::vector<std::size_t> order_of_sums(const std::vector<SumRow>& rows, int column, bool is_descending) {
    std::vector<std::size_t> order(rows.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    if (column < 0) return order;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (column == 0) return is_descending ? rows[b].name < rows[a].name : rows[a].name < rows[b].name;
        const auto first = sum_key(rows[a], column - 1), second = sum_key(rows[b], column - 1);
        if (!first || !second) return first.has_value() && !second.has_value();
        return is_descending ? *second < *first : *first < *second;
    });
    return order;
}

void draw_sum_table(const FrameView& frame, const char* names_what, const std::vector<SumRow>& rows) {
    const Theme& theme = frame.theme;
    constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_SizingStretchProp |
                                       ImGuiTableFlags_Sortable | ImGuiTableFlags_SortTristate |
                                       ImGuiTableFlags_NoSavedSettings | ImGuiTableFlags_ScrollX |
                                       ImGuiTableFlags_NoHostExtendY;
    setup_text(frame);
    float inner = theme.px(150);
    for (const SumColumn& column : kSumColumns) inner += theme.px(column.width + 14);
    const float room = ImGui::GetContentRegionAvail().x;
    const float line = theme.text.quiet + 2 * theme.px(3) + theme.px(1);
    const float height =
        line * static_cast<float>(rows.size() + 1) + theme.px(4) + (inner > room ? ImGui::GetStyle().ScrollbarSize : 0);
    if (ImGui::BeginTable(names_what, kSumColumnCount + 1, kFlags, {0, height}, std::max(inner, room))) {
        ImGui::TableSetupScrollFreeze(1, 1);
        ImGui::TableSetupColumn(names_what, ImGuiTableColumnFlags_None, theme.px(150));
        for (const SumColumn& column : kSumColumns)
            ImGui::TableSetupColumn(column.name, ImGuiTableColumnFlags_None, theme.px(column.width));
        ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
        ImGui::TableSetColumnIndex(0);
        header_cell(frame, names_what, {}, false);
        for (int i = 0; i < kSumColumnCount; ++i) {
            ImGui::TableSetColumnIndex(i + 1);
            header_cell(frame, kSumColumns[i].name, kSumColumns[i].help, is_sum_figure(i));
        }
        for (const std::size_t at : sorted_sums(rows)) {
            const SumRow& row = rows[at];
            ImGui::TableNextRow();
            ImGui::TableSetColumnIndex(0);
            draw_cell(frame, {row.is_skipped ? row.name + " · skipped" : row.name, Role::text, Face::semibold}, false);
            for (int i = 0; i < kSumColumnCount; ++i) {
                ImGui::TableSetColumnIndex(i + 1);
                draw_cell(frame, sum_cell(row, i), is_sum_figure(i));
            }
        }
        ImGui::EndTable();
    }
    end_text();
}

void draw_answer_table(const FrameView& frame, MetricsView& view) {
    const Theme& theme = frame.theme;
    constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_SizingFixedFit |
                                       ImGuiTableFlags_Sortable | ImGuiTableFlags_ScrollX | ImGuiTableFlags_ScrollY |
                                       ImGuiTableFlags_Resizable | ImGuiTableFlags_NoBordersInBody |
                                       ImGuiTableFlags_Hideable | ImGuiTableFlags_NoSavedSettings;
    setup_text(frame);
    if (ImGui::BeginTable("answers", kAnswerColumnCount, kFlags, {0, 0})) {
        ImGui::TableSetupScrollFreeze(2, 1);
        for (const AnswerColumn& column : kAnswerColumns)
            ImGui::TableSetupColumn(
                column.name,
                &column == &kAnswerColumns[0] ? ImGuiTableColumnFlags_DefaultSort : ImGuiTableColumnFlags_None,
                theme.px(column.width));
        take_sorting(frame, view);
        ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
        for (int i = 0; i < kAnswerColumnCount; ++i) {
            if (!ImGui::TableSetColumnIndex(i)) continue;
            header_cell(frame, kAnswerColumns[i].name, kAnswerColumns[i].help, is_answer_figure(i));
        }
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(view.order.size()));
        while (clipper.Step()) {
            for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
                const AnswerPlace& place = view.model.answers[view.order[static_cast<std::size_t>(i)]];
                const AnswerRow row = row_at(frame.snapshot, place);
                ImGui::TableNextRow();
                for (int column = 0; column < kAnswerColumnCount; ++column)
                    if (ImGui::TableSetColumnIndex(column))
                        draw_cell(frame, answer_cell(row, column), is_answer_figure(column));
            }
        }
        ImGui::EndTable();
    }
    end_text();
}

}  // namespace llmc::gui
