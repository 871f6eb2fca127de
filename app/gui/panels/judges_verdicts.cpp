// The verdicts of a judge, a line each, beside what votes and checks say of the same.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "gui/panels/judges_parts.h"
#include "gui/widget_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

using Word = session::Verdict::Word;

struct Columns {
    float round = 0, answers = 0, verdict = 0, known = 0, reason = 0;  // left edges
    float width = 0, gap = 0;
    bool has_reason = false;  // else it is in the tooltip alone

    Columns(const Theme& theme, float room) : width(room), gap(theme.px(12)) {
        answers = theme.px(52);
        has_reason = room >= theme.px(640);
        const float rest = room - answers;
        const float name = std::floor(rest * (has_reason ? 0.26F : 0.36F));
        verdict = answers + name;
        known = verdict + std::floor(rest * (has_reason ? 0.19F : 0.30F));
        reason = has_reason ? known + std::floor(rest * 0.20F) : room;
    }
};

// Words, and a label behind them where there is one: put together on the screen, so that no line makes a text.
struct Said {
    std::string_view before, label;
};

Said said_of(const VerdictLine& line) {
    const Word word = line.verdict->word;
    if (word == Word::a || word == Word::b) return {"", word == Word::a ? line.a : line.b};
    return {words_of(word), ""};
}

Said known_words(const VerdictLine& line) {
    switch (line.known) {
        case Known::vote_a: return {"You: ", line.a};
        case Known::vote_b: return {"You: ", line.b};
        case Known::vote_tie: return {"You: tie", ""};
        case Known::vote_both_bad: return {"You: both bad", ""};
        case Known::checks_a: return {"Checks: ", line.a};
        case Known::checks_b: return {"Checks: ", line.b};
        case Known::passed: return {"Checks: passed", ""};
        case Known::failed: return {"Checks: failed", ""};
        case Known::nothing: break;
    }
    return {"–", ""};
}

void paint_said(const FrameView& frame, ImVec2 at, const Said& said, const TextLook& look, float room, bool& was_cut) {
    bool is_cut = false;
    const float used = paint_text(frame, at, said.before, look, room, &is_cut);
    was_cut = was_cut || is_cut;
    if (said.label.empty() || used >= room) return;
    TextLook label = look;
    label.keeps_end = true;
    paint_text(frame, {at.x + used, at.y}, said.label, label, room - used, &is_cut);
    was_cut = was_cut || is_cut;
}

std::string whole(const VerdictLine& line) {
    const Said judge = said_of(line), known = known_words(line);
    std::string text = line.b.empty() ? fmt::format("Round {}, {}", line.verdict->round, line.a)
                                      : fmt::format("Round {}, {} and {}", line.verdict->round, line.a, line.b);
    text += fmt::format("\nJudge: {}{}", judge.before, judge.label);
    if (line.known != Known::nothing) text += fmt::format("\n{}{}", known.before, known.label);
    if (!line.verdict->reason.empty()) text += "\n" + line.verdict->reason;
    return text;
}

void draw_heads(const FrameView& frame, const Columns& columns) {
    const Theme& theme = frame.theme;
    const TextLook look{.face = Face::semibold, .size = theme.text.small, .role = Role::weak};
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::Dummy({columns.width, theme.text.small + theme.px(5)});
    paint_text(frame, {at.x + theme.px(7), at.y}, "Round", look, columns.answers - theme.px(7));
    paint_text(frame, {at.x + columns.answers, at.y}, "Answers", look, columns.verdict - columns.answers);
    paint_text(frame, {at.x + columns.verdict, at.y}, "Judge", look, columns.known - columns.verdict);
    paint_text(frame, {at.x + columns.known, at.y}, "Votes and checks", look,
               columns.reason - columns.known - columns.gap);
    if (columns.has_reason)
        paint_text(frame, {at.x + columns.reason, at.y}, "Its reason", look, columns.width - columns.reason);
}

void draw_line(JudgesParts& parts, const VerdictLine& line, int index, const Columns& columns) {
    const FrameView& frame = parts.frame;
    const Theme& theme = frame.theme;
    const float height = theme.px(24);
    ImGui::PushID(index);
    const Hit hit = hit_area("verdict", {columns.width, height}, theme.px(4));
    ImGui::PopID();
    if (hit.is_pressed) {
        CompareAnswers wanted{.round = line.verdict->round, .candidates = {line.verdict->a}};
        if (!line.verdict->b.empty()) wanted.candidates.push_back(line.verdict->b);
        parts.commands.add(std::move(wanted));
    }
    if (!hit.is_visible) return;
    if (hit.is_hovered) ImGui::GetWindowDrawList()->AddRectFilled(hit.min, hit.max, theme[Role::bg2], theme.px(4));
    const bool abstains = line.verdict->word == Word::abstains;
    const TextLook look{.size = theme.text.quiet}, quiet{.size = theme.text.quiet, .role = Role::weak};
    const TextLook verdict{.face = line.contradicts ? Face::semibold : Face::regular,
                           .size = theme.text.quiet,
                           .role = line.contradicts ? Role::warn
                                   : abstains       ? Role::weak
                                                    : Role::text};
    const float y = hit.min.y + std::floor((height - look.size) / 2) - theme.px(1);
    std::array<char, 16> number{};
    const auto end = fmt::format_to_n(number.data(), number.size(), "{}", line.verdict->round);
    bool was_cut = false;
    paint_text(frame, {hit.min.x + theme.px(7), y}, {number.data(), std::min(end.size, number.size())}, quiet,
               columns.answers - theme.px(10));
    const float half = (columns.verdict - columns.answers - columns.gap) / 2;
    if (line.b.empty()) {
        paint_said(frame, {hit.min.x + columns.answers, y}, {"", line.a}, look, 2 * half, was_cut);
    } else {
        paint_said(frame, {hit.min.x + columns.answers, y}, {"", line.a}, look, half - theme.px(4), was_cut);
        paint_said(frame, {hit.min.x + columns.answers + half, y}, {"– ", line.b}, look, half, was_cut);
    }
    paint_said(frame, {hit.min.x + columns.verdict, y}, said_of(line), verdict,
               columns.known - columns.verdict - columns.gap, was_cut);
    paint_said(frame, {hit.min.x + columns.known, y}, known_words(line), line.known == Known::nothing ? quiet : look,
               columns.reason - columns.known - columns.gap, was_cut);
    if (columns.has_reason)
        paint_said(frame, {hit.min.x + columns.reason, y}, {line.verdict->reason, ""}, quiet,
                   columns.width - columns.reason - theme.px(6), was_cut);
    if (hit.is_hovered) tooltip(frame, whole(line));
}

}  // namespace

void draw_verdicts(JudgesParts& parts) {
    const FrameView& frame = parts.frame;
    const Theme& theme = frame.theme;
    JudgesModel& model = parts.view.model;
    section_heading(frame, "Verdicts");
    constexpr std::array kFilters{"All", "Contradicting", "Abstained"};
    int current = static_cast<int>(model.filter());
    if (pills(frame, "filter", kFilters, current)) model.set_filter(static_cast<VerdictFilter>(current));
    ImGui::SameLine(0, theme.px(14));
    ImGui::AlignTextToFramePadding();
    draw_text(frame, model.sum(), {.size = theme.text.quiet, .role = Role::weak});
    const Columns columns(theme, std::max(ImGui::GetContentRegionAvail().x - theme.px(12), theme.px(200)));
    draw_heads(frame, columns);
    const float room = std::max(ImGui::GetContentRegionAvail().y, theme.px(120));
    if (ImGui::BeginChild("verdicts", {0, room}, ImGuiChildFlags_NavFlattened)) {
        if (model.lines().empty())
            draw_text(frame, model.verdicts() == 0 ? "It has found nothing to judge." : "None of its verdicts.",
                      {.size = theme.text.quiet, .role = Role::weak});
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {theme.px(8), theme.px(2)});
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(model.lines().size()));
        while (clipper.Step())
            for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
                draw_line(parts, model.lines()[static_cast<std::size_t>(i)], i, columns);
        ImGui::PopStyleVar();
    }
    ImGui::EndChild();
}

}  // namespace llmc::gui
