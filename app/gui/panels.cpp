#include "gui/panels.h"

#include <algorithm>
#include <array>

#include "gui/blind_notice.h"
#include "gui/panels/candidate_panel.h"
#include "gui/panels/votes_panel.h"
#include "gui/panels/welcome_panel.h"
#include "gui/tab_title.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr std::string_view kWindowPrefix = "###candidate:";  // of a candidate's window
// A window that appears does not take the keyboard from where somebody types: who asks for one sets the focus.
constexpr ImGuiWindowFlags kWindowFlags = ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoFocusOnAppearing;
constexpr ImGuiWindowFlags kCandidateFlags =
    kWindowFlags | ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;

}  // namespace

Panels::Panels(const WindowState& remembered) : open_(remembered.open) {
    layout_.restore(remembered.arrangement, remembered.is_arranged_by_hand);
}

Panels::~Panels() = default;

void Panels::remember(WindowState& state) const {
    state.open = open_;
    state.arrangement = layout_.arrangement();
    state.is_arranged_by_hand = layout_.is_custom();
}

bool Panels::needs_frame() const {
    return wants_focus_ || wants_candidate_focus_ || layout_.is_settling();
}

void Panels::show(Panel panel) {
    open_.insert(panel);
    wants_focus_ = panel;
    if (row_of(panel).place == PanelPlace::review) layout_.open_review_row();
}

void Panels::add(Panel panel, bool is_behind) {
    if (!open_.insert(panel).second) return;
    if (is_behind)
        layout_.bring_forward(row_of(Panel::prompt).dock_name());
    else
        wants_focus_ = panel;
}

void Panels::reset() {
    layout_.reset();
    open_ = first_panels();
    hidden_.clear();
}

std::span<const WindowEntry> Panels::candidates(const engine::Snapshot& now) {
    entries_.clear();
    for (std::size_t i = 0; i < now.session.candidates.size(); ++i) {
        const session::CandidateId& id = now.session.candidates[i].id;
        entries_.push_back({id, now.labels[i], !hidden_.contains(id)});
    }
    return entries_;
}

void Panels::show_candidate(const session::CandidateId& id, bool is_shown) {
    if (is_shown) {
        hidden_.erase(id);
        wants_candidate_focus_ = id;
    } else {
        hidden_.insert(id);
    }
}

void Panels::show_round(int round, const std::vector<session::CandidateId>& candidates) {
    for (const session::CandidateId& id : candidates) view_of(id).conversation.show_round(round);
}

void Panels::find_in_focused(const session::Session& session) {
    const auto& all = session.candidates;
    if (std::ranges::find(all, focused_candidate_, &session::Candidate::id) == all.end() && !all.empty())
        focused_candidate_ = all.front().id;
    if (focused_candidate_.empty()) return;
    show_candidate(focused_candidate_, true);
    open_find(view_of(focused_candidate_));
}

CandidateView& Panels::view_of(const session::CandidateId& id) {
    auto& view = candidates_[id];
    if (!view) view = std::make_unique<CandidateView>();
    return *view;
}

void Panels::draw(const PanelFrame& frame) {
    choose_candidates(frame.frame.snapshot.session);
    layout_.prepare(frame.frame.theme, shown_names_);
    const auto is_first = [](const PanelRow& row) {
        return row.place == PanelPlace::side || row.place == PanelPlace::foot;
    };
    for (const PanelRow& row : panel_rows())
        if (is_first(row)) draw_panel(row, frame);
    draw_candidates(frame);
    for (const PanelRow& row : panel_rows())
        if (!is_first(row)) draw_panel(row, frame);
}

void Panels::draw_panel(const PanelRow& row, const PanelFrame& frame) {
    if (!open_.contains(row.panel)) return;
    const Theme& theme = frame.frame.theme;
    if (row.place == PanelPlace::review) {
        layout_.place_review();
    } else if (row.place == PanelPlace::free) {
        const ImGuiViewport& viewport = *ImGui::GetMainViewport();
        ImGui::SetNextWindowSize({theme.px(row.size.x), theme.px(row.size.y)}, ImGuiCond_FirstUseEver);
        ImGui::SetNextWindowPos(viewport.GetCenter(), ImGuiCond_FirstUseEver, {0.5F, 0.5F});
    }
    ImGui::SetNextWindowSizeConstraints({theme.px(180), theme.px(90)}, {FLT_MAX, FLT_MAX});
    if (wants_focus_ == row.panel) {
        ImGui::SetNextWindowFocus();
        wants_focus_.reset();
    }
    bool is_open = true;
    if (ImGui::Begin(row.window, &is_open, kWindowFlags)) {
        if (frame.frame.is_blind && row.reveals)
            draw_blind_notice(frame.frame, frame.commands);
        else
            row.draw(views_.all(), frame);
    }
    ImGui::End();
    if (!is_open) open_.erase(row.panel);
}

void Panels::choose_candidates(const session::Session& session) {
    shown_.clear();
    for (std::size_t i = 0; i < session.candidates.size(); ++i)
        if (!hidden_.contains(session.candidates[i].id)) shown_.push_back(i);
    shown_names_.resize(shown_.size());
    for (std::size_t i = 0; i < shown_.size(); ++i)  // into the memory it has
        shown_names_[i].assign(kWindowPrefix).append(session.candidates[shown_[i]].id);
}

void Panels::draw_candidates(const PanelFrame& frame) {
    if (frame.frame.snapshot.session.candidates.empty()) {
        if (ImGui::Begin("Start###welcome", nullptr, kWindowFlags))
            draw_welcome(frame.frame, welcome_, frame.setup, frame.commands);
        ImGui::End();
        return;
    }
    for (std::size_t i = 0; i < shown_.size(); ++i) draw_candidate_window(frame, shown_[i], shown_names_[i]);
}

void Panels::draw_candidate_window(const PanelFrame& frame, std::size_t index, std::string_view name) {
    const session::Candidate& candidate = frame.frame.snapshot.session.candidates[index];
    std::array<char, 400> title{};
    const std::size_t size =
        write_tab_title(frame.frame, index, name, std::span(title).first(title.size() - name.size() - 1));
    *std::ranges::copy(name, title.begin() + static_cast<std::ptrdiff_t>(size)).out = '\0';
    layout_.place_candidate(name);
    ImGui::SetNextWindowSizeConstraints({frame.frame.theme.px(160), frame.frame.theme.px(120)}, {FLT_MAX, FLT_MAX});
    if (wants_candidate_focus_ == candidate.id) {
        ImGui::SetNextWindowFocus();
        wants_candidate_focus_.reset();
    }
    bool is_open = true;
    if (ImGui::Begin(title.data(), &is_open, kCandidateFlags)) {
        if (ImGui::IsWindowFocused(ImGuiFocusedFlags_RootAndChildWindows)) focused_candidate_ = candidate.id;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        draw_candidate(frame.frame, candidate, view_of(candidate.id), frame.commands);
        if (const Pair* pair = pair_in_view(views_.votes()))
            draw_vote_mark(frame.frame, at, candidate.id == pair->a || candidate.id == pair->b);
    }
    ImGui::End();
    if (!is_open) hidden_.insert(candidate.id);
}

// The label where it fits into the tab; else what tells it from those beside it.
std::size_t Panels::write_tab_title(const FrameView& frame, std::size_t index, std::string_view window,
                                    std::span<char> out) {
    const std::string& label = frame.snapshot.labels[index];
    const float padding = 2 * ImGui::GetStyle().FramePadding.x + frame.theme.px(4);
    const float room = std::min(layout_.tab_width(window).value_or(FLT_MAX) - padding, frame.theme.px(600));
    if (measure(frame, label, {}).x <= room) return cut_middle(frame, label, {}, room, out);
    beside_.clear();
    for (std::size_t i = 0; i < shown_.size(); ++i)
        if (layout_.are_beside(shown_names_[i], window)) beside_.push_back(&frame.snapshot.labels[shown_[i]]);
    const std::size_t skipped = common_beginning(beside_);
    if (skipped == 0) return cut_middle(frame, label, {}, room, out);
    // Narrower than this a tab says nothing: Dear ImGui scrolls the row instead.
    return cut_middle(frame, std::string_view(label).substr(skipped), {}, std::max(room, frame.theme.px(60)), out);
}

}  // namespace llmc::gui
