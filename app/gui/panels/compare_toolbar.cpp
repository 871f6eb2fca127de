// What is compared, and how: the line above the columns, which wraps in narrow windows.
#include <algorithm>
#include <array>

#include <imgui_internal.h>  // where the cursor is in the line

#include "gui/panels/compare_parts.h"
#include "gui/shortcuts.h"
#include "gui/widget_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

// Items one after the other; one that has no room goes to the next line.
class Flow {
public:
    explicit Flow(const FrameView& frame)
        : right_(ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x), gap_(frame.theme.px(8)) {}

    void before(float width, float extra = 0) {
        if (!is_first_ && ImGui::GetItemRectMax().x + gap_ + extra + width <= right_) ImGui::SameLine(0, gap_ + extra);
        is_first_ = false;
    }
    // What stands at the right end, on this line where it fits. False: it is too wide for any line.
    bool at_end(float width) {
        const float last = ImGui::GetItemRectMax().x;
        if (ImGui::GetCursorScreenPos().x + width > right_) return false;
        const bool fits = !is_first_ && last + 2 * gap_ + width <= right_;
        if (fits) ImGui::SameLine(0, gap_);
        const float x = std::max(right_ - width, ImGui::GetCursorScreenPos().x);
        ImGui::SetCursorScreenPos({x, ImGui::GetCursorScreenPos().y});
        return true;
    }

private:
    float right_, gap_;
    bool is_first_ = true;
};

struct Pill {
    std::string_view text;
    bool is_chosen = false;
    bool is_enabled = true;
    bool has_dot = false;
    std::optional<ImU32> dot;  // of its column; a ring where it has none
    std::string_view hint;
    float most = 0;          // width of the text; 0: any
    int arrow = 0;           // -1 ◀, +1 ▶ instead of a text, 2: ▾ behind it
    Role role = Role::weak;  // while it is not chosen
};

float pill_width(const FrameView& frame, const Pill& what) {
    const Theme& theme = frame.theme;
    if (what.arrow == 1 || what.arrow == -1) return theme.px(26);
    float text = measure(frame, what.text, {.size = theme.text.quiet}).x;
    if (what.most > 0) text = std::min(text, what.most);
    return text + theme.px(20) + (what.has_dot ? theme.px(13) : 0) + (what.arrow == 2 ? theme.px(14) : 0);
}

void paint_arrow(const FrameView& frame, ImVec2 middle, int which, ImU32 ink) {
    const float r = frame.theme.px(4);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (which == 2)
        list.AddTriangleFilled({middle.x - r, middle.y - r / 2}, {middle.x + r, middle.y - r / 2},
                               {middle.x, middle.y + r * 0.7F}, ink);
    else
        list.AddTriangleFilled({middle.x + static_cast<float>(which) * r, middle.y},
                               {middle.x - static_cast<float>(which) * r * 0.6F, middle.y - r},
                               {middle.x - static_cast<float>(which) * r * 0.6F, middle.y + r}, ink);
}

bool pill(const FrameView& frame, const char* id, const Pill& what) {
    const Theme& theme = frame.theme;
    const TextLook look{.size = theme.text.quiet};
    const float pad = theme.px(10), height = look.size + 2 * theme.px(4);
    ImGui::BeginDisabled(!what.is_enabled);
    const Hit hit = hit_area(id, {pill_width(frame, what), height}, height / 2, {}, theme.px(4));
    bool was_cut = false;
    if (hit.is_visible) {
        const ImU32 fill =
            what.is_chosen ? theme[Role::bg3] : blend(theme[Role::bg2], theme[Role::bg3], hit.is_hovered ? 0.6F : 0);
        ImGui::GetWindowDrawList()->AddRectFilled(hit.min, hit.max, ImGui::GetColorU32(fill), height / 2);
        ImGui::RenderNavCursor({hit.min, hit.max}, ImGui::GetItemID(), ImGuiNavRenderCursorFlags_Compact, height / 2);
        const Role role = what.is_chosen && !what.has_dot    ? Role::accent
                          : what.is_chosen || hit.is_hovered ? Role::text
                                                             : what.role;
        const ImU32 ink = ImGui::GetColorU32(theme[role]);
        const float middle = (hit.min.y + hit.max.y) / 2;
        float x = hit.min.x + pad;
        if (what.has_dot) {
            const ImVec2 center{x + theme.px(3), middle};
            ImDrawList& list = *ImGui::GetWindowDrawList();
            if (what.dot)
                list.AddCircleFilled(center, theme.px(3.5F), ImGui::GetColorU32(*what.dot));
            else
                list.AddCircle(center, theme.px(3), ImGui::GetColorU32(theme[Role::weak]));
            x += theme.px(13);
        }
        if (what.arrow == 1 || what.arrow == -1) {
            paint_arrow(frame, {(hit.min.x + hit.max.x) / 2, middle}, what.arrow, ink);
        } else {
            const float room = hit.max.x - pad - (what.arrow == 2 ? theme.px(14) : 0) - x;
            paint_text(frame, {x, hit.min.y + theme.px(4)}, what.text,
                       {.size = look.size, .role = role, .keeps_end = true}, room + 1, &was_cut);
            if (what.arrow == 2) paint_arrow(frame, {hit.max.x - theme.px(13), middle}, 2, ink);
        }
    }
    ImGui::EndDisabled();
    if (!what.hint.empty())
        tooltip(frame, what.hint);
    else if (was_cut)
        tooltip(frame, what.text);
    return hit.is_pressed && what.is_enabled;
}

// A line of a list that opens: what it is, and a quiet word about it.
bool list_row(const FrameView& frame, const char* id, std::string_view title, std::string_view detail, bool is_chosen,
              bool is_enabled, bool closes) {
    const Theme& theme = frame.theme;
    const float height = theme.px(24), width = theme.px(380);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::BeginDisabled(!is_enabled);
    const bool is_pressed =
        ImGui::Selectable(id, is_chosen, closes ? 0 : ImGuiSelectableFlags_NoAutoClosePopups, {width, height});
    if (ImGui::IsItemVisible()) {
        const float y = at.y + (height - theme.text.quiet) / 2 - theme.px(1);
        const float used = paint_text(frame, {at.x + theme.px(6), y}, title, {.size = theme.text.quiet}, width * 0.55F);
        paint_text(frame, {at.x + theme.px(6) + used + theme.px(12), y}, detail,
                   {.size = theme.text.quiet, .role = is_chosen ? Role::text : Role::weak},
                   width - used - theme.px(28));
    }
    ImGui::EndDisabled();
    return is_pressed && is_enabled;
}

bool begin_list(const FrameView& frame, const char* id, std::size_t rows) {
    const float height = std::min(static_cast<float>(rows), 14.0F) * frame.theme.px(28) + frame.theme.px(24);
    ImGui::SetNextWindowSizeConstraints({frame.theme.px(400), 0}, {FLT_MAX, std::max(height, frame.theme.px(80))});
    return ImGui::BeginPopup(id);
}

void draw_round_list(const FrameView& frame, CompareView& view) {
    const auto& rounds = view.choice.rounds();
    if (!begin_list(frame, "rounds", rounds.size())) return;
    std::optional<RoundPlace> wanted;
    for (std::size_t i = rounds.size(); i-- > 0;) {
        const session::Round* round = view.choice.find_round(rounds[i]);
        if (!round) continue;
        ImGui::PushID(static_cast<int>(i));
        const bool is_chosen = rounds[i] == view.choice.round();
        if (list_row(frame, "##round", view.choice.round_name(rounds[i]), round->prompt, is_chosen, true, true))
            wanted = rounds[i];
        ImGui::PopID();
    }
    ImGui::EndPopup();
    if (!wanted) return;
    view.choice.show_round(*wanted);
    view.needs_update = true;
}

// The answers of all rounds and sessions, to be put beside those that are there.
void draw_answer_list(const FrameView& frame, CompareView& view, Commands& commands) {
    const auto& rounds = view.choice.rounds();
    if (!begin_list(frame, "answers", rounds.size() * 4 + 2)) return;
    if (!frame.is_blind && button(frame, "Add a session…", true, "Answers of a saved session or a report")) {
        commands.add(ChooseFile{FileKind::other_session});
        ImGui::CloseCurrentPopup();
    }
    std::optional<AnswerPick> wanted;
    for (std::size_t i = rounds.size(); i-- > 0;) {
        const session::Round* round = view.choice.find_round(rounds[i]);
        if (!round) continue;
        ImGui::PushID(static_cast<int>(i));
        section_heading(frame, view.choice.round_name(rounds[i]));
        const auto list = [&](const Choosable& one) {
            const bool is_chosen = view.choice.is_chosen(one.pick);
            ImGui::PushID(one.id.c_str());
            if (list_row(frame, "##answer", one.label, words_of(one.answer->state), is_chosen,
                         is_chosen || !view.choice.is_full(), false))
                wanted = one.pick;
            ImGui::PopID();
        };
        std::ranges::for_each(view.choice.answers_of(rounds[i]), list);
        std::ranges::for_each(view.choice.attempts_of(rounds[i]), list);
        ImGui::PopID();
    }
    ImGui::EndPopup();
    if (!wanted) return;
    view.choice.toggle(*wanted);
    view.needs_update = true;
}

void draw_answer_pills(const FrameView& frame, CompareView& view, Flow& flow) {
    const Theme& theme = frame.theme;
    const auto color_of = [&](const AnswerPick& pick) -> std::optional<ImU32> {
        const auto& chosen = view.choice.chosen();
        const auto at = std::ranges::find(chosen, pick, &Choosable::pick);
        if (at == chosen.end()) return std::nullopt;
        return compare_color(theme, static_cast<std::size_t>(at - chosen.begin()));
    };
    std::optional<AnswerPick> wanted;
    const auto draw = [&](const Choosable& one) {
        Pill what{.text = one.label, .has_dot = true, .dot = color_of(one.pick), .most = theme.px(170)};
        what.is_chosen = what.dot.has_value();
        if (!one.has_ended()) what.hint = "Still running: it is compared as soon as it has ended";
        if (!what.is_chosen && view.choice.is_full()) {
            what.is_enabled = false;
            what.hint = "Six answers can be compared";
        }
        flow.before(pill_width(frame, what));
        if (pill(frame, one.id.c_str(), what)) wanted = one.pick;
    };
    ImGui::PushID("answers");
    for (const Choosable& one : view.choice.of_round()) draw(one);
    for (const Choosable& one : view.choice.chosen())
        if (one.pick.place != view.choice.round() || one.pick.attempt > 0) draw(one);
    ImGui::PopID();
    if (!wanted) return;
    view.choice.toggle(*wanted);
    view.needs_update = true;
}

void copy_differences(const CompareView& view, Commands& commands) {
    const Comparison* comparison = view.comparison();
    if (!comparison) return;
    std::vector<std::string_view> texts;
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < view.columns.size(); ++i) {
        if (!view.columns[i]->number) continue;
        texts.push_back(view.columns[i]->text.text());
        labels.push_back(view.choice.chosen()[i].label);
    }
    commands.add(CopyText{differences_text(*comparison, texts, labels), "differences"});
}

// "4 differences · 81 % agree  Copy differences  Previous  Next"
void draw_outcome(const FrameView& frame, CompareView& view, Flow& flow, Commands& commands) {
    const Theme& theme = frame.theme;
    const Comparison* comparison = view.comparison();
    const TextLook quiet{.size = theme.text.quiet, .role = Role::weak};
    const std::string_view words = comparison                     ? std::string_view(view.summary)
                                   : view.wanted.texts.size() < 2 ? "Two ended answers are needed"
                                                                  : "Comparing…";
    const bool has_steps = comparison && !comparison->differences.empty();
    const float gap = theme.px(14);
    float width = measure(frame, words, quiet).x;
    if (has_steps)
        for (const char* link : {"Copy differences", "Previous", "Next"}) width += gap + measure(frame, link, quiet).x;
    const bool fits = flow.at_end(width + theme.px(4));
    draw_text(frame, words, quiet);
    if (comparison && comparison->is_by_line)
        tooltip(frame, "These texts are too long to be compared word by word: whole lines are");
    else if (has_steps && comparison->is_in_any_order)
        tooltip(frame,
                "Quiet: all say it, in whatever order. Full colour: some say it. Marked: one says it alone. "
                "A difference is a paragraph or a block of code that has any of that.");
    if (!has_steps) return;
    const auto link = [&](const char* label, std::string_view hint) {
        if (fits)
            ImGui::SameLine(0, gap);
        else
            flow.before(measure(frame, label, quiet).x);
        return link_button(frame, label, true, hint);
    };
    if (link("Copy differences", "As plain text")) copy_differences(view, commands);
    if (link("Previous", frame.shortcuts.text(Action::previous_difference))) step_difference(view, -1);
    if (link("Next", frame.shortcuts.text(Action::next_difference))) step_difference(view, 1);
}

}  // namespace

void draw_compare_toolbar(const FrameView& frame, CompareView& view, Commands& commands) {
    const Theme& theme = frame.theme;
    CompareChoice& choice = view.choice;
    Flow flow(frame);
    const auto step = [&](const char* id, int by, std::string_view hint) {
        const Pill what{.is_enabled = choice.can_step(by), .hint = hint, .arrow = by};
        flow.before(pill_width(frame, what));
        if (!pill(frame, id, what)) return;
        choice.step(by);
        view.needs_update = true;
    };
    step("previous round", -1, "Round before");
    if (choice.round().round > 0) {
        const std::string name = choice.round_name(choice.round());
        const Pill what{.text = name, .most = theme.px(200), .arrow = 2, .role = Role::text};
        flow.before(pill_width(frame, what));
        if (pill(frame, "round", what)) ImGui::OpenPopup("rounds");
    }
    step("next round", 1, "Round after");
    draw_round_list(frame, view);
    draw_answer_pills(frame, view, flow);
    const Pill more{.text = "More…", .hint = "Earlier attempts, answers of other rounds and of other sessions"};
    flow.before(pill_width(frame, more));
    if (pill(frame, "more", more)) ImGui::OpenPopup("answers");
    draw_answer_list(frame, view, commands);

    constexpr std::array<const char*, 2> kModes{"Words", "Paragraphs"};
    constexpr std::array<const char*, 2> kHints{"Every word that differs is marked",
                                                "Whole paragraphs that not all say are marked, in whatever order"};
    // One choice: both stand on one line.
    flow.before(pill_width(frame, {.text = kModes[0]}) + theme.px(8) + pill_width(frame, {.text = kModes[1]}),
                theme.px(10));
    for (int i = 0; i < 2; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const Pill what{.text = kModes[at], .is_chosen = view.mode == i, .hint = kHints[at]};
        if (i > 0) flow.before(pill_width(frame, what));
        if (!pill(frame, kModes[at], what) || view.mode == i) continue;
        view.mode = i;
        view.needs_update = true;
    }
    const Pill together{.text = "Scroll together",
                        .is_chosen = view.scrolls_together,
                        .hint = "What corresponds stays beside each other"};
    flow.before(pill_width(frame, together), theme.px(10));
    if (pill(frame, "Scroll together", together)) view.scrolls_together = !view.scrolls_together;
    draw_outcome(frame, view, flow, commands);
    ImGui::Dummy({0, theme.px(1)});
}

}  // namespace llmc::gui
