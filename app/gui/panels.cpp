#include "gui/panels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "gui/blind_notice.h"
#include "gui/candidate_state.h"
#include "gui/dock_nodes.h"
#include "gui/panels/candidate_panel.h"
#include "gui/panels/prompt_panel.h"
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

// Esc in the window that is being drawn, where nothing within it takes the key.
bool is_left_by_key() {
    return ImGui::IsWindowFocused(ImGuiFocusedFlags_RootAndChildWindows) && !ImGui::IsAnyItemActive() &&
           ImGui::IsKeyPressed(ImGuiKey_Escape, false);
}

}  // namespace

Panels::Panels(const WindowState& remembered) : open_(remembered.open), layout_(remembered) {
    rounds_.is_in_step = remembered.is_in_step;
}

Panels::~Panels() = default;

void Panels::remember(WindowState& state) const {
    state.open = open_;
    state.is_in_step = rounds_.is_in_step;
    layout_.remember(state);
}

bool Panels::needs_frame() const {
    return wants_focus_ || wants_candidate_focus_ || layout_.is_settling();
}

void Panels::show(Panel panel) {
    open_.insert(panel);
    const auto earlier = std::exchange(wants_focus_, panel);
    if (row_of(panel).place == PanelPlace::stage) {
        layout_.end_zoom();
        layout_.forget_forward();  // it comes to the front by the keyboard, whoever was to be there
    } else if (earlier && *earlier != panel && row_of(*earlier).place == PanelPlace::stage) {
        layout_.bring_forward(row_of(*earlier).dock_name());  // shown in the same picture, without the keyboard
    }
}

void Panels::add(Panel panel, bool is_behind) {
    if (!open_.insert(panel).second) return;
    if (!is_behind) return show(panel);
    for (std::string& name : in_front()) layout_.bring_forward(std::move(name));
}

void Panels::leave_what_reveals() {
    const auto is_meant = [](const PanelRow& row) {
        const ImGuiWindow* window = window_of(row.dock_name());
        return row.reveals && row.place == PanelPlace::stage && window && window->WasActive && window->DockIsActive &&
               window->DockTabIsVisible;
    };
    if (std::ranges::none_of(panel_rows(), is_meant)) return;
    layout_.end_zoom();
    layout_.bring_forward(row_of(Panel::answers).dock_name());
}

void Panels::hide(Panel panel) {
    if (!row_of(panel).is_always_there) open_.erase(panel);
}

void Panels::toggle(Panel panel, bool by_key) {
    const PanelRow& row = row_of(panel);
    const ImGuiWindow* window = window_of(row.dock_name());
    const bool is_there = open_.contains(panel) && window && window->WasActive;
    const bool has_keyboard = is_there && ImGui::GetCurrentContext()->NavWindow &&
                              ImGui::GetCurrentContext()->NavWindow->RootWindow == window;
    const bool is_in_front = is_there && (!window->DockIsActive || window->DockTabIsVisible);
    if (is_in_front && (has_keyboard || !by_key))
        hide(panel);
    else
        show(panel);
}

void Panels::reset() {
    layout_.reset();
    open_ = first_panels();
    hidden_.clear();
}

// Windows of which the tab is seen.
std::vector<std::string> Panels::in_front() const {
    std::vector<std::string> names;
    const auto add = [&](std::string_view name) {
        const ImGuiWindow* window = window_of(name);
        if (window && window->WasActive && window->DockIsActive && window->DockTabIsVisible) names.emplace_back(name);
    };
    for (const PanelRow& row : panel_rows()) add(row.dock_name());
    for (const std::string& name : shown_names_) add(name);
    return names;
}

// The window of the candidate that was used last, else the first; null: none is shown.
const std::string* Panels::used_candidate() const {
    for (const std::string& name : shown_names_)
        if (std::string_view(name).substr(kWindowPrefix.size()) == focused_candidate_) return &name;
    return shown_names_.empty() ? nullptr : &shown_names_.front();
}

// What has the keyboard. That is the prompt most of the time, or a menu: then what is in front.
std::string_view Panels::zoom_target() const {
    std::string_view front;
    int seen = 0;
    for (const PanelRow& row : panel_rows()) {
        const ImGuiWindow* window = window_of(row.dock_name());
        if (row.place != PanelPlace::stage || !window || !window->WasActive || !window->DockTabIsVisible) continue;
        if (front.empty()) front = row.dock_name();
        ++seen;
    }
    const std::string_view answers = row_of(Panel::answers).dock_name();
    const bool has_only_answers = seen == 1 && front == answers;
    const ImGuiWindow* used = ImGui::GetCurrentContext()->NavWindow;
    const char* name = used ? std::strstr(used->RootWindow->Name, "###") : nullptr;
    if (name && name != answers) {
        const bool is_candidate = std::ranges::find(shown_names_, name) != shown_names_.end();
        const bool is_alone = has_only_answers && shown_names_.size() == 1 && layout_.is_among_answers(name);
        const auto is_panel = [name](const PanelRow& row) {
            return row.place == PanelPlace::stage && std::string_view(row.dock_name()) == name;
        };
        if (is_candidate) return is_alone ? std::string_view() : name;
        if (std::ranges::any_of(panel_rows(), is_panel)) return name;
    }
    if (!has_only_answers) return front;
    return shown_names_.size() > 1 ? std::string_view(*used_candidate()) : std::string_view();
}

void Panels::zoom() {
    if (layout_.is_zoomed()) return layout_.end_zoom();
    if (const std::string_view name = zoom_target(); !name.empty()) zoom(name);
}

void Panels::zoom(std::string_view name) {
    layout_.zoom(name, in_front());
}

void Panels::zoom_by_double_click() {
    if (!ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) return;
    const auto is_meant = [](std::string_view name) {
        const ImGuiWindow* window = window_of(name);
        if (!window || !window->WasActive) return false;
        const ImGuiWindow* under = ImGui::GetCurrentContext()->HoveredWindow;
        if (!window->DockIsActive) return under == window && window->TitleBarRect().Contains(ImGui::GetMousePos());
        return (window->DC.DockTabItemStatusFlags & ImGuiItemStatusFlags_HoveredRect) && window->DockNode &&
               window->DockNode->HostWindow &&
               ImGui::IsMouseHoveringRect(window->DC.DockTabItemRect.Min, window->DC.DockTabItemRect.Max, false) &&
               under == window->DockNode->HostWindow;
    };
    const auto take = [&](std::string_view name) {
        if (!is_meant(name)) return false;
        if (layout_.is_zoomed())
            layout_.end_zoom();
        else
            zoom(name);
        return true;
    };
    for (const PanelRow& row : panel_rows())
        if (row.place == PanelPlace::stage && open_.contains(row.panel) && take(row.dock_name())) return;
    for (const std::string& name : shown_names_)
        if (take(name)) return;
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
        layout_.end_zoom();
        layout_.forget_forward();
        layout_.bring_forward(row_of(Panel::answers).dock_name());
    } else {
        hidden_.insert(id);
    }
}

void Panels::show_round(const ShowRound& what) {
    for (const session::CandidateId& id : what.candidates)
        view_of(id).conversation.show({.round = what.round, .step = what.step});
}

void Panels::find_in_focused(const session::Session& session) {
    const auto& all = session.candidates;
    if (std::ranges::find(all, focused_candidate_, &session::Candidate::id) == all.end() && !all.empty())
        focused_candidate_ = all.front().id;
    if (focused_candidate_.empty()) return;
    show_candidate(focused_candidate_, true);
    open_find(view_of(focused_candidate_));
}

void Panels::find_in_all(const session::Session& session) {
    for (const session::Candidate& candidate : session.candidates)
        if (!hidden_.contains(candidate.id)) view_of(candidate.id).is_finding = true;
    find_in_focused(session);
}

void Panels::end_find() {
    for (auto& [id, view] : candidates_) gui::end_find(*view);
}

CandidateView& Panels::view_of(const session::CandidateId& id) {
    auto& view = candidates_[id];
    if (!view) view = std::make_unique<CandidateView>();
    return *view;
}

void Panels::draw(const PanelFrame& frame) {
    choose_candidates(frame.frame.snapshot.session);
    layout_.prepare(frame.frame.theme, views_.prompt().height);
    follow_votes(frame.frame, views_.votes(), open_.contains(Panel::votes), frame.commands);
    const auto draw_all = [&](const auto& is_meant) {
        for (const PanelRow& row : panel_rows())
            if (is_meant(row.place)) draw_panel(row, frame);
    };
    draw_all([](PanelPlace place) { return place == PanelPlace::side || place == PanelPlace::foot; });
    draw_answers(frame);
    draw_all([](PanelPlace place) { return place == PanelPlace::stage || place == PanelPlace::free; });
    zoom_by_double_click();
}

bool Panels::takes_focus(Panel panel) {
    if (wants_focus_ != panel) return false;
    wants_focus_.reset();
    return true;
}

void Panels::draw_panel(const PanelRow& row, const PanelFrame& frame) {
    if (!row.draw || !open_.contains(row.panel)) return;
    if (row.place == PanelPlace::stage && layout_.is_put_aside(row.dock_name())) return;
    const Theme& theme = frame.frame.theme;
    if (row.place == PanelPlace::stage) {
        layout_.place_in_stage();
    } else if (row.place == PanelPlace::free) {
        const ImGuiViewport& viewport = *ImGui::GetMainViewport();
        ImGui::SetNextWindowSize({theme.px(row.size.x), theme.px(row.size.y)}, ImGuiCond_FirstUseEver);
        ImGui::SetNextWindowPos(viewport.GetCenter(), ImGuiCond_FirstUseEver, {0.5F, 0.5F});
    }
    ImGui::SetNextWindowSizeConstraints({theme.px(180), theme.px(90)}, {FLT_MAX, FLT_MAX});
    if (takes_focus(row.panel)) ImGui::SetNextWindowFocus();
    bool is_open = true;
    const ImGuiWindowFlags flags =
        row.place == PanelPlace::foot ? kWindowFlags | ImGuiWindowFlags_NoMove : kWindowFlags;
    if (ImGui::Begin(row.window, row.is_always_there ? nullptr : &is_open, flags)) {
        if (frame.frame.is_blind && row.reveals)
            draw_blind_notice(frame.frame, frame.commands);
        else
            row.draw(views_.all(), frame);
        if (row.place == PanelPlace::free && is_left_by_key()) is_open = false;
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

bool Panels::draw_welcome_window(const PanelFrame& frame) {
    if (!frame.frame.snapshot.session.candidates.empty()) return false;
    (void)takes_focus(Panel::answers);
    layout_.place_in_stage();
    if (ImGui::Begin("Start###welcome", nullptr, kWindowFlags))
        draw_welcome(frame.frame, welcome_, frame.setup, frame.commands);
    ImGui::End();
    return true;
}

void Panels::draw_answers(const PanelFrame& frame) {
    if (draw_welcome_window(frame)) return;
    const PanelRow& row = row_of(Panel::answers);
    bool is_seen = false;
    if (!layout_.is_put_aside(row.dock_name())) {
        layout_.place_in_stage();
        if (takes_focus(row.panel)) ImGui::SetNextWindowFocus();
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        is_seen = ImGui::Begin(row.window, nullptr, kCandidateFlags);
        ImGui::PopStyleVar();
        if (is_seen) draw_strip(frame.frame);
        layout_.hold_answers(frame.frame.theme, shown_names_, is_seen);
        ImGui::End();
    }
    // Those that were pulled out stand elsewhere.
    for (std::size_t i = 0; i < shown_.size(); ++i)
        if ((is_seen || !layout_.is_among_answers(shown_names_[i])) && !layout_.is_put_aside(shown_names_[i]))
            draw_candidate_window(frame, shown_[i], shown_names_[i]);
    keep_in_step();
    paint_tab_dots(frame.frame);
}

void Panels::draw_strip(const FrameView& frame) {
    if (!has_rounds_strip(frame.snapshot)) return;
    const Conversation* now = leader();
    if (const int chosen = draw_rounds_strip(frame, rounds_, now ? now->round_in_view() : 0)) show_round(chosen);
}

int Panels::round_in_view() {
    const Conversation* now = leader();
    return now ? now->round_in_view() : 0;
}

Conversation* Panels::leader() {
    Conversation* first = nullptr;
    for (const std::string& name : shown_names_) {
        const auto view = candidates_.find(std::string_view(name).substr(kWindowPrefix.size()));
        if (view == candidates_.end() || view->second->conversation.is_empty()) continue;
        if (view->first == focused_candidate_) return &view->second->conversation;
        if (!first) first = &view->second->conversation;
    }
    return first;
}

void Panels::show_round(int round) {
    for (auto& [id, view] : candidates_) view->conversation.show({.round = round});
}

void Panels::step_round(int by, const session::Session& session) {
    const Conversation* now = leader();
    if (!now) return;
    show_round(std::clamp(now->round_in_view() + by, 1, static_cast<int>(session.rounds.size())));
}

// The others follow the one that is scrolled.
void Panels::keep_in_step() {
    const Conversation* from = nullptr;
    for (auto& [id, view] : candidates_)
        if (view->conversation.take_scrolled()) from = &view->conversation;
    if (!from || !rounds_.is_in_step) return;
    for (auto& [id, view] : candidates_) {
        if (&view->conversation == from) continue;
        if (from->follows_end())
            view->conversation.follow_end();
        else
            view->conversation.show(from->place());
    }
}

// Each tab tells its candidate's state, also those behind another one. Dear ImGui has drawn them by now.
void Panels::paint_tab_dots(const FrameView& frame) const {
    const float x = ImGui::GetStyle().FramePadding.x + frame.theme.dot / 2;
    for (std::size_t i = 0; i < shown_.size(); ++i) {
        const ImGuiWindow* window = window_of(shown_names_[i]);
        if (!window || !window->Active || layout_.is_put_aside(shown_names_[i])) continue;
        const ImGuiDockNode* node = window->DockIsActive ? window->DockNode : nullptr;
        const bool is_tab = node && node->HostWindow && node->TabBar;
        if (window->DockIsActive && !is_tab) continue;
        const ImRect tab = is_tab ? window->DC.DockTabItemRect : window->TitleBarRect();
        const ImRect room = is_tab ? node->TabBar->BarRect : tab;
        ImDrawList& list = *(is_tab ? node->HostWindow : window)->DrawList;
        list.PushClipRect(room.Min, room.Max);
        paint_dot(frame, list, {tab.Min.x + x, std::round(tab.GetCenter().y)},
                  state_of(frame.snapshot, frame.snapshot.session.candidates[shown_[i]]).dot);
        list.PopClipRect();
    }
}

ToastRoom Panels::toast_room(const Theme& theme, engine::Activity activity) const {
    const ImGuiViewport& viewport = *ImGui::GetMainViewport();
    ToastRoom room;
    room.stage_min = viewport.WorkPos;
    room.stage_max = {viewport.WorkPos.x + viewport.WorkSize.x, viewport.WorkPos.y + viewport.WorkSize.y};
    const auto seen = [](Panel panel) -> const ImGuiWindow* {
        const ImGuiWindow* window = window_of(row_of(panel).dock_name());
        return window && window->Active && (!window->DockIsActive || window->DockTabIsVisible) ? window : nullptr;
    };
    room.is_stage_taken = activity == engine::Activity::halted || seen(Panel::metrics);
    const ImGuiWindow* prompt = seen(Panel::prompt);
    if (!prompt) return room;
    room.stage_min.x = prompt->Pos.x;
    room.stage_max = {prompt->Pos.x + prompt->Size.x, prompt->Pos.y};
    const ImGuiWindow* side = seen(Panel::configuration);
    if (side && side->Pos.x + side->Size.x <= prompt->Pos.x && side->Size.x >= theme.px(160)) {
        room.side_min = side->Pos;
        room.side_max = {side->Pos.x + side->Size.x, side->Pos.y + side->Size.y};
    }
    return room;
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
        draw_candidate(frame.frame, candidate, view_of(candidate.id), find_, frame.commands);
        draw_vote_mark(frame.frame, views_.votes(), at, candidate.id);
    }
    ImGui::End();
    if (!is_open) hidden_.insert(candidate.id);
}

// The label where it fits into the tab, right of the dot; else what tells it from those beside it.
std::size_t Panels::write_tab_title(const FrameView& frame, std::size_t index, std::string_view window,
                                    std::span<char> out) {
    const std::string& label = frame.snapshot.labels[index];
    const float space = std::max(measure(frame, " ", {}).x, 1.0F);
    const auto spaces = static_cast<std::size_t>(std::ceil((frame.theme.dot + frame.theme.px(5)) / space));
    std::ranges::fill(out.first(spaces), ' ');
    const std::span<char> rest = out.subspan(spaces);
    const float padding = 2 * ImGui::GetStyle().FramePadding.x + frame.theme.px(4) + space * static_cast<float>(spaces);
    const float room = std::min(layout_.tab_width(window).value_or(FLT_MAX) - padding, frame.theme.px(600));
    if (measure(frame, label, {}).x <= room) return spaces + cut_middle(frame, label, {}, room, rest);
    beside_.clear();
    for (std::size_t i = 0; i < shown_.size(); ++i)
        if (layout_.are_beside(shown_names_[i], window)) beside_.push_back(&frame.snapshot.labels[shown_[i]]);
    const std::size_t skipped = common_beginning(beside_);
    if (skipped == 0) return spaces + cut_middle(frame, label, {}, room, rest);
    // Narrower than this a tab says nothing: Dear ImGui scrolls the row instead.
    return spaces +
           cut_middle(frame, std::string_view(label).substr(skipped), {}, std::max(room, frame.theme.px(60)), rest);
}

}  // namespace llmc::gui
