// What a cell of the grid looks like and says. A state is a form and a word, in a colour that says the same.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "gui/panels/suite_grid_parts.h"
#include "gui/widget_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

GridMark mark_of(RunState state) {
    switch (state) {
        case RunState::waits: return GridMark::waits;
        case RunState::missing: return GridMark::missing;
        case RunState::infrastructure: return GridMark::infrastructure;
        case RunState::failed: return GridMark::failed;
        case RunState::passed: return GridMark::passed;
        case RunState::answered: return GridMark::answered;
    }
    return GridMark::none;
}

Role role_of_mark(GridMark mark) {
    switch (mark) {
        case GridMark::infrastructure:
        case GridMark::mixed: return Role::warn;
        case GridMark::failed: return Role::bad;
        case GridMark::passed: return Role::text;
        default: return Role::weak;
    }
}

std::string_view word_of(GridMark mark) {
    switch (mark) {
        case GridMark::waits: return "waits";
        case GridMark::missing: return "missing";
        case GridMark::infrastructure: return "server";
        case GridMark::failed: return "failed";
        case GridMark::passed: return "passed";
        case GridMark::answered: return "no check";
        default: return {};
    }
}

// What its answer is at in this frame: a model knows of beginnings and ends only.
bool runs_now(const FrameView& frame, const GridRun& run, const session::CandidateId& candidate) {
    const auto& rounds = frame.snapshot.session.rounds;
    const auto at = static_cast<std::size_t>(run.round - 1);
    const session::Answer* answer = at < rounds.size() ? rounds[at]->find(candidate) : nullptr;
    return answer && !session::is_final(answer->state) &&
           (answer->state != session::AnswerState::queued || !answer->server.empty());
}

GridFace face_of(GridMark mark, std::string_view word = {}) {
    return {.mark = mark, .word = word.empty() ? word_of(mark) : word, .role = role_of_mark(mark)};
}

GridFace run_face(const FrameView& frame, const GridRun& run, const session::CandidateId& candidate) {
    GridFace face = face_of(mark_of(run.state));
    if (run.is_running && runs_now(frame, run, candidate))
        face.word = "running";
    else if (run.is_running)
        face.word = "waits";
    face.others = static_cast<int>(run.others.size());
    return face;
}

GridFace cell_face(const FrameView& frame, const GridCell& cell, const session::CandidateId& candidate) {
    if (cell.runs.size() == 1 && cell.waits <= 1) return run_face(frame, cell.runs.front(), candidate);
    if (cell.judged == 0) {
        const bool is_running =
            std::ranges::any_of(cell.runs, [&](const GridRun& run) { return runs_now(frame, run, candidate); });
        if (is_running) return face_of(GridMark::waits, "running");
        if (cell.waits > 0) return face_of(GridMark::waits);
        if (cell.infrastructure > 0) return face_of(GridMark::infrastructure);
        if (cell.runs.empty()) return {};
        return face_of(cell.missing > 0 ? GridMark::missing : GridMark::answered);
    }
    const GridMark mark = cell.passed == cell.judged ? GridMark::passed
                          : cell.passed == 0         ? GridMark::failed
                                                     : GridMark::mixed;
    return {.mark = mark,
            .passed = cell.passed,
            .judged = cell.judged,
            .infrastructure = cell.infrastructure,
            .others = cell.others,
            .role = role_of_mark(mark)};
}

std::string_view sentence(RunState state) {
    switch (state) {
        case RunState::waits: return "waits or runs";
        case RunState::missing: return "missing: no answer was given here";
        case RunState::infrastructure: return "failed by its server: a gap that counts for nothing";
        case RunState::failed: return "failed";
        case RunState::passed: return "passed";
        case RunState::answered: return "answered, nothing is checked";
    }
    return {};
}

// Why the attempt that counts did not pass.
std::string why(const FrameView& frame, const GridRun& run, const session::CandidateId& candidate) {
    const auto& rounds = frame.snapshot.session.rounds;
    const auto at = static_cast<std::size_t>(run.round - 1);
    const session::Answer* answer = at < rounds.size() ? rounds[at]->counted(candidate) : nullptr;
    if (!answer) return {};
    if (answer->failure) return answer->failure->message;
    std::string words;
    for (const session::CheckResult& check : answer->checks)
        if (!check.passed) words += fmt::format("{}{}: {}", words.empty() ? "" : "; ", check.type, check.detail);
    return words;
}

}  // namespace

GridSizes::GridSizes(const Theme& theme, float room, std::size_t columns) {
    pad = theme.px(1.5F);
    first = std::clamp(std::floor(room * 0.24F), theme.px(150), theme.px(300));
    const float rest = room - first - theme.px(18);
    cell = std::clamp(std::floor(rest / static_cast<float>(std::max<std::size_t>(columns, 1))) - 2 * pad, theme.px(66),
                      theme.px(120));
    line = theme.text.quiet + theme.px(11);
    head = (theme.text.small + theme.px(2)) * 4 + theme.px(10);
}

void paint_grid_mark(const FrameView& frame, ImVec2 at, float side, GridMark mark) {
    const Theme& theme = frame.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const auto color = [&](Role role) { return ImGui::GetColorU32(theme[role]); };
    const ImVec2 end{at.x + side, at.y + side}, half{std::floor(at.x + side / 2), std::floor(at.y + side / 2)};
    const float line = theme.px(1.5F), round = theme.px(1.5F);
    switch (mark) {
        case GridMark::none: break;
        case GridMark::passed: list.AddRectFilled(at, end, color(Role::good), round); break;
        case GridMark::failed:
            list.AddLine(at, end, color(Role::bad), line * 1.3F);
            list.AddLine({at.x, end.y}, {end.x, at.y}, color(Role::bad), line * 1.3F);
            break;
        case GridMark::mixed:
            list.AddRectFilled({at.x, half.y}, end, color(Role::warn));
            list.AddRect({at.x + line / 2, at.y + line / 2}, {end.x - line / 2, end.y - line / 2}, color(Role::warn),
                         round, line);
            break;
        case GridMark::infrastructure:
            list.AddTriangle({half.x, at.y}, {end.x, end.y - line / 2}, {at.x, end.y - line / 2}, color(Role::warn),
                             line);
            break;
        case GridMark::missing: list.AddLine({at.x, half.y}, {end.x, half.y}, color(Role::weak), line); break;
        case GridMark::waits: list.AddCircle({half.x, half.y}, side / 2 - line / 2, color(Role::weak), 0, line); break;
        case GridMark::answered: list.AddCircleFilled({half.x, half.y}, side / 3, color(Role::weak)); break;
    }
}

GridFace grid_face(const SuiteParts& parts, const GridLine& line, std::size_t column) {
    const GridModel& model = *parts.view.grid.model;
    const GridCell& cell = model.rows[line.row].cells[column];
    const session::CandidateId& candidate = model.columns[column].candidate;
    if (line.round == 0) return cell_face(parts.frame, cell, candidate);
    const GridRun* run = cell.run_in(line.round);
    if (!run) return {};
    if (line.attempt == 0) return run_face(parts.frame, *run, candidate);
    for (const GridAttempt& other : run->others)
        if (other.number == line.attempt) return face_of(mark_of(other.state));
    return {};
}

void paint_grid_face(const FrameView& frame, ImVec2 min, ImVec2 max, const GridFace& face) {
    const Theme& theme = frame.theme;
    const float side = theme.px(9), middle = (min.y + max.y) / 2;
    paint_grid_mark(frame, {min.x + theme.px(7), std::floor(middle - side / 2)}, side, face.mark);
    const float left = min.x + theme.px(7) + side + theme.px(6), right = max.x - theme.px(4);
    std::array<char, 24> figure{};
    const auto text = [&figure](const char* format, auto... values) {
        const auto end = fmt::format_to_n(figure.data(), figure.size(), fmt::runtime(format), values...);
        return std::string_view(figure.data(), std::min(end.size, figure.size()));
    };
    float x = left;
    if (face.judged > 0) {
        const TextLook look{.face = Face::mono, .size = theme.text.figure, .role = face.role};
        x += paint_text(frame, {x, middle - look.size / 2 - theme.px(1)}, text("{}/{}", face.passed, face.judged), look,
                        right - left);
    } else {
        const TextLook look{.size = theme.text.small, .role = face.role};
        x += paint_text(frame, {x, middle - look.size / 2 - theme.px(1)}, face.word, look, right - left);
    }
    const TextLook small{.face = Face::mono, .size = theme.text.small, .role = Role::weak};
    const float y = middle - small.size / 2 - theme.px(1);
    if (face.infrastructure > 0 && right - x > theme.px(24)) {
        paint_grid_mark(frame, {x + theme.px(6), std::floor(middle - side / 2)}, side, GridMark::infrastructure);
        x += theme.px(6) + side + theme.px(2);
        x += paint_text(frame, {x, y}, text("{}", face.infrastructure), small, right - x);
    }
    if (face.others == 0) return;
    const float corner = theme.px(6);  // further attempts, in figures where there is room
    ImGui::GetWindowDrawList()->AddTriangleFilled({max.x - corner, min.y}, {max.x, min.y}, {max.x, min.y + corner},
                                                  ImGui::GetColorU32(theme[Role::accent]));
    const std::string_view more = text("+{}", face.others);
    const float wide = measure(frame, more, small).x + theme.px(2);
    if (right - x > wide + theme.px(4)) paint_text(frame, {right - wide, y}, more, small, wide + 1);
}

std::string grid_words(const SuiteParts& parts, const GridLine& line, std::size_t column) {
    const FrameView& frame = parts.frame;
    const GridModel& model = *parts.view.grid.model;
    const GridRow& row = model.rows[line.row];
    const GridCell& cell = row.cells[column];
    const session::CandidateId& candidate = model.columns[column].candidate;
    std::string words = fmt::format("{} · {}{}{}", label_of(frame.snapshot, candidate), row.id,
                                    row.about.empty() ? "" : " · ", row.about);
    for (const GridRun& run : cell.runs) {
        if (line.round > 0 && run.round != line.round) continue;
        if (line.attempt > 0) {
            for (const GridAttempt& other : run.others)
                if (other.number == line.attempt)
                    words += fmt::format("\nattempt {}: {}; shown, not counted", other.number, sentence(other.state));
            continue;
        }
        words += cell.runs.size() > 1 ? fmt::format("\nrepeat {}: ", run.repeat) : std::string("\n");
        words += sentence(run.state);
        if (run.state == RunState::failed || run.state == RunState::infrastructure)
            if (const std::string reason = why(frame, run, candidate); !reason.empty()) words += ": " + reason;
        if (!run.others.empty())
            words += fmt::format(" · {} beside it", counted(run.others.size(), "attempt", "attempts"));
        if (run.is_running && run.state != RunState::waits) words += " · another one is on its way";
    }
    if (cell.runs.empty()) words += cell.waits > 0 ? "\nit waits" : "\nit took no part";
    return words;
}

}  // namespace llmc::gui
