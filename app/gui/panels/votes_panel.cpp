#include "gui/panels/votes_panel.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <imgui_internal.h>  // the frame around what has the focus

#include "gui/panels/votes_board.h"
#include "gui/shortcuts.h"
#include "gui/widget_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr std::size_t kMostPills = 15;  // more pairs than these are a list only

struct Choice {
    Winner winner;
    Action action;
    const char* id;
};
constexpr std::array kChoices{
    Choice{Winner::a, Action::vote_a, "first is better"}, Choice{Winner::b, Action::vote_b, "second is better"},
    Choice{Winner::tie, Action::vote_tie, "tie"}, Choice{Winner::both_bad, Action::vote_both_bad, "both bad"}};

// What the panel was asked for; done after all is drawn.
struct Wish {
    std::optional<Winner> vote;
    std::optional<Pair> pair;
    std::optional<bool> step;  // to the later round?
    bool reads = false;        // the two answers, in their windows
};

bool vote_button(const FrameView& frame, const Choice& choice, std::string_view words, float width, bool is_given) {
    const Theme& theme = frame.theme;
    const TextLook look{.face = is_given ? Face::semibold : Face::regular, .size = theme.text.row, .keeps_end = true};
    const TextLook key{.size = theme.text.small, .role = is_given ? Role::text : Role::weak};
    const float height = theme.px(30), pad = theme.px(10);
    const Hit hit = hit_area(choice.id, {width, height}, theme.px(5));
    if (!hit.is_visible) return hit.is_pressed;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float hover = hit.is_held ? 0.8F : hit.is_hovered ? 0.5F : 0;
    list.AddRectFilled(hit.min, hit.max, is_given ? theme[Role::bg3] : blend(theme[Role::bg2], theme[Role::bg3], hover),
                       theme.px(5));
    if (is_given) list.AddRectFilled(hit.min, {hit.min.x + theme.px(3), hit.max.y}, theme[Role::accent], theme.px(2));
    ImGui::RenderNavCursor({hit.min, hit.max}, ImGui::GetItemID(), ImGuiNavRenderCursorFlags_Compact, theme.px(5));
    // The keys stand at the right where there is room for both.
    const std::string_view keys = frame.shortcuts.text(choice.action);
    const float y = hit.min.y + std::floor((height - look.size) / 2) - theme.px(1);
    const float words_width = measure(frame, words, look).x, keys_width = measure(frame, keys, key).x;
    const bool has_keys = !keys.empty() && words_width + keys_width + 2 * pad + theme.px(14) <= width;
    bool was_cut = false;
    paint_text(frame, {hit.min.x + pad, y}, words, look, width - 2 * pad, &was_cut);
    if (has_keys) paint_text(frame, {hit.max.x - pad - keys_width, y + theme.px(1)}, keys, key, keys_width + 1);
    if (hit.is_hovered && (was_cut || !has_keys))
        tooltip(frame, keys.empty() ? std::string(words) : fmt::format("{}  ({})", words, keys));
    return hit.is_pressed;
}

void draw_head(const FrameView& frame, const VotesModel& model, Wish& wish) {
    const Theme& theme = frame.theme;
    const float right = ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x;
    const session::Round& round = *model.round();
    draw_text(frame, model.words().round, {.face = Face::semibold});
    ImGui::SameLine(0, theme.px(10));
    draw_text(frame, model.words().progress, {.size = theme.text.quiet, .role = Role::weak});
    const float links = measure(frame, "PreviousNext", {.size = theme.text.quiet}).x + theme.px(14) + theme.px(2);
    ImGui::SameLine(std::max(right - links, ImGui::GetCursorPosX()), 0);
    if (link_button(frame, "Previous", model.can_step(false), "The round before")) wish.step = false;
    ImGui::SameLine(0, theme.px(14));
    if (link_button(frame, "Next", model.can_step(true), "The round after")) wish.step = true;

    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float room = ImGui::GetContentRegionAvail().x;
    const TextLook quiet{.size = theme.text.quiet, .role = Role::weak};
    ImGui::Dummy({std::max(room, 1.0F), quiet.size + theme.px(3)});
    bool was_cut = false;
    paint_text(frame, at, round.prompt, quiet, room, &was_cut);
    if (was_cut) tooltip(frame, round.prompt);
}

void draw_pills(const FrameView& frame, const VotesModel& model, Wish& wish) {
    if (model.pairs().size() < 2 || model.pairs().size() > kMostPills) return;
    std::array<const char*, kMostPills> names{};
    int current = -1;
    for (std::size_t i = 0; i < model.pairs().size(); ++i) {
        names[i] = model.pairs()[i].words.c_str();
        if (model.pairs()[i].pair == model.place()->pair) current = static_cast<int>(i);
    }
    if (pills(frame, "pairs", std::span(names).first(model.pairs().size()), current))
        wish.pair = model.pairs()[static_cast<std::size_t>(current)].pair;
}

void draw_choices(const FrameView& frame, const VotesModel& model, Wish& wish) {
    const float gap = frame.theme.px(8);
    const float width = std::floor((ImGui::GetContentRegionAvail().x - gap) / 2);
    for (std::size_t i = 0; i < kChoices.size(); ++i) {
        const Choice& choice = kChoices[i];
        if (i % 2 == 1) ImGui::SameLine(0, gap);
        const std::string& words = model.words().choices[static_cast<std::size_t>(choice.winner)];
        if (vote_button(frame, choice, words, width, model.winner() == choice.winner)) wish.vote = choice.winner;
    }
}

// A pair that has its vote, or with many pairs each one: a click goes back to it.
void draw_given(const FrameView& frame, const VotesModel& model, Wish& wish) {
    const Theme& theme = frame.theme;
    const bool lists_all = model.pairs().size() > kMostPills;
    if (!lists_all && model.given_in_round() == 0) return;
    section_heading(frame, lists_all ? "Pairs of this round" : "Votes in this round");
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {theme.px(8), theme.px(2)});
    const TextLook look{.size = theme.text.quiet}, quiet{.size = theme.text.quiet, .role = Role::weak};
    for (const VotesModel::Given& given : model.pairs()) {
        if (!given.winner && !lists_all) continue;
        const float width = std::max(ImGui::GetContentRegionAvail().x, theme.px(60)), height = theme.px(24);
        ImGui::PushID(given.pair.a.c_str());
        const Hit hit = hit_area(given.pair.b.c_str(), {width, height}, theme.px(4));
        ImGui::PopID();
        if (hit.is_pressed) wish.pair = given.pair;
        if (!hit.is_visible) continue;
        const bool is_current = given.pair == model.place()->pair;
        if (is_current || hit.is_hovered)
            ImGui::GetWindowDrawList()->AddRectFilled(hit.min, hit.max, theme[is_current ? Role::bg3 : Role::bg2],
                                                      theme.px(4));
        const float y = hit.min.y + std::floor((height - look.size) / 2) - theme.px(1);
        const float half = std::floor(width / 2) - theme.px(10);
        bool is_name_cut = false, is_vote_cut = false;
        paint_text(frame, {hit.min.x + theme.px(7), y}, given.words, is_current ? look : quiet, half, &is_name_cut);
        paint_text(frame, {hit.min.x + half + theme.px(16), y}, given.vote, given.winner || is_current ? look : quiet,
                   half - theme.px(6), &is_vote_cut);
        if (hit.is_hovered)
            tooltip(frame, is_name_cut || is_vote_cut ? fmt::format("{}\n{}", given.words, given.vote) : "Vote again");
    }
    ImGui::PopStyleVar();
}

void draw_voting(const FrameView& frame, const VotesModel& model, Wish& wish, Commands& commands) {
    const Theme& theme = frame.theme;
    draw_head(frame, model, wish);
    draw_pills(frame, model, wish);
    draw_choices(frame, model, wish);
    if (button(frame, "Compare", true, "The two answers beside each other")) {
        const Pair& pair = model.place()->pair;
        commands.add(CompareAnswers{.round = model.place()->round, .candidates = {pair.a, pair.b}});
    }
    if (model.has_vote()) {
        ImGui::SameLine(0, theme.px(12));
        ImGui::AlignTextToFramePadding();
        draw_text(frame, "Another vote takes the place of yours.", {.size = theme.text.quiet, .role = Role::weak});
    }
    draw_given(frame, model, wish);
}

void blind_button(const FrameView& frame, Commands& commands) {
    if (button(frame, "Blind mode", true, "Hides and shuffles whose answers are whose, until you reveal it"))
        commands.add(SetBlind{true});
}

void draw_outcome(const FrameView& frame, const VotesModel& model, Commands& commands) {
    const Theme& theme = frame.theme;
    if (frame.is_blind) {
        draw_text_wrapped(frame, model.given_words(), {.size = theme.text.row});
        ImGui::Dummy({0, theme.px(1)});
        if (primary_button(frame, "Reveal who is who", true, frame.shortcuts.text(Action::blind)))
            commands.add(SetBlind{false});
        return;
    }
    if (model.given() == 0)
        draw_text_wrapped(frame, "The board of your votes will stand here. In blind mode names do not sway them.",
                          {.size = theme.text.quiet, .role = Role::weak});
    else
        draw_board(frame, model);
    ImGui::Dummy({0, theme.px(1)});
    blind_button(frame, commands);
}

}  // namespace

bool can_vote(const VotesView& view) {
    return view.model.place() && ImGui::GetFrameCount() - view.drawn_frame <= 1;
}

const Pair* pair_in_view(const VotesView& view) {
    return view.in_view ? &view.in_view->pair : nullptr;
}

void draw_vote_mark(const FrameView& frame, VotesView& view, ImVec2 at, const session::CandidateId& candidate) {
    const Pair* pair = pair_in_view(view);
    if (!pair) return;
    const bool is_of_pair = candidate == pair->a || candidate == pair->b;
    if (is_of_pair) view.drawn_frame = ImGui::GetFrameCount();
    if (!is_of_pair && ImGui::IsMouseClicked(ImGuiMouseButton_Left) &&
        ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows | ImGuiHoveredFlags_AllowWhenBlockedByActiveItem)) {
        frame.requests.next_frame();
        return view.in_view.reset();
    }
    const ImVec2 padding = ImGui::GetStyle().WindowPadding, corner = ImGui::GetWindowPos(),
                 size = ImGui::GetWindowSize();
    const ImVec2 from{corner.x, at.y - padding.y}, to{corner.x + size.x, corner.y + size.y};
    ImGui::SetCursorScreenPos(from);
    // A child of its own, since the conversation is one and would be drawn over it.
    if (ImGui::BeginChild("vote mark", {to.x - from.x, to.y - from.y}, ImGuiChildFlags_None,
                          ImGuiWindowFlags_NoInputs | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoScrollbar)) {
        ImDrawList& list = *ImGui::GetWindowDrawList();
        const Theme& theme = frame.theme;
        const float line = theme.px(2);
        if (is_of_pair)
            list.AddRect({from.x + line / 2, from.y + line / 2}, {to.x - line / 2, to.y - line / 2},
                         theme[Role::accent], 0, line);
        else
            list.AddRectFilled(from, to, (theme[Role::bg1] & ~IM_COL32_A_MASK) | (ImU32{160} << IM_COL32_A_SHIFT));
    }
    ImGui::EndChild();
}

void give_vote(VotesView& view, Winner winner, Commands& commands) {
    if (!view.model.place()) return;
    const VotesModel::Place place = *view.model.place();
    commands.engine(engine::GiveVote{place.round, {place.pair.a, place.pair.b, winner}});
    view.model.on_voted(winner);
}

namespace {

void draw_pair(const FrameView& frame, const VotesModel& model, Wish& wish, Commands& commands) {
    draw_voting(frame, model, wish, commands);
    if (!link_button(frame, "Read both answers", true, "In their windows, framed; the keys vote there too")) return;
    wish.reads = true;
    commands.add(ShowPanel{Panel::answers});
}

// The candidates' windows show what is voted on, once somebody has chosen here.
void follow_choice(const FrameView& frame, VotesView& view, bool was_chosen, Commands& commands) {
    const std::size_t rounds = frame.snapshot.session.rounds.size();
    if (rounds != view.rounds_then) view.in_view.reset();
    view.rounds_then = rounds;
    const auto& place = view.model.place();
    if (!place || (!was_chosen && !view.in_view) || view.in_view == place) return;
    view.in_view = place;
    commands.add(ShowRound{place->round, {place->pair.a, place->pair.b}});
}

}  // namespace

void follow_votes(const FrameView& frame, VotesView& view, bool is_open, Commands& commands) {
    if (!is_open) view.in_view.reset();
    if (!view.in_view) return;
    view.model.update(frame.snapshot, frame.revision, frame.is_blind);
    if (!view.model.place()) return view.in_view.reset();
    follow_choice(frame, view, false, commands);
}

void draw_votes(const FrameView& frame, VotesView& view, Commands& commands) {
    const Theme& theme = frame.theme;
    VotesModel& model = view.model;
    model.update(frame.snapshot, frame.revision, frame.is_blind);
    if (!model.place()) {
        empty_state(frame, "Nothing to vote on yet",
                    "When two candidates have answered a prompt, say here which answer is better: by a click, or by "
                    "Alt and an arrow key.");
        const char* words = frame.is_blind ? "Reveal who is who" : "Blind mode";
        const float width = measure(frame, words, {}).x + theme.px(18);
        ImGui::SetCursorPosX(std::max((ImGui::GetWindowWidth() - width) / 2, ImGui::GetStyle().WindowPadding.x));
        if (!frame.is_blind)
            blind_button(frame, commands);
        else if (button(frame, words, true, frame.shortcuts.text(Action::blind)))
            commands.add(SetBlind{false});
        return;
    }
    view.drawn_frame = ImGui::GetFrameCount();
    Wish wish;
    const ImVec2 room = ImGui::GetContentRegionAvail();
    if (room.x < theme.px(720)) {
        draw_pair(frame, model, wish, commands);
        section_heading(frame, "Board");
        draw_outcome(frame, model, commands);
    } else {
        // Beside each other: the window lies below the conversations, wide and low.
        const float gap = theme.px(28), left = std::floor(std::min((room.x - gap) * 0.46F, theme.px(560)));
        if (ImGui::BeginChild("pair", {left, 0}, ImGuiChildFlags_NavFlattened)) draw_pair(frame, model, wish, commands);
        ImGui::EndChild();
        ImGui::SameLine(0, gap);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float line = at.x - std::floor(gap / 2);
        ImGui::GetWindowDrawList()->AddLine({line, at.y}, {line, at.y + room.y}, theme[Role::line]);
        const float width = std::min(ImGui::GetContentRegionAvail().x, theme.px(760));
        if (ImGui::BeginChild("board", {width, 0}, ImGuiChildFlags_NavFlattened)) draw_outcome(frame, model, commands);
        ImGui::EndChild();
    }
    if (wish.step) model.step(*wish.step);
    if (wish.pair) model.choose(*wish.pair);
    if (wish.vote) give_vote(view, *wish.vote, commands);
    const bool has_wish = wish.step || wish.pair || wish.vote || wish.reads;
    if (has_wish) frame.requests.next_frame();
    follow_choice(frame, view, has_wish, commands);
}

}  // namespace llmc::gui
