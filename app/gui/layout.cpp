#include "gui/layout.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gui/dock_nodes.h"
#include "gui/panel_table.h"

namespace llmc::gui {
namespace {

constexpr int kFocusFrames = 3;                 // a menu that closes gives the keyboard back one frame later
constexpr const char* kWelcome = "###welcome";  // takes the place of the answers while there are no candidates

const char* name_of(Panel panel) {
    return row_of(panel).dock_name();
}

float usual_configuration_width(const Theme& theme, float whole) {
    return std::clamp(whole * 0.25F, theme.px(260), theme.px(330));
}

// A window that is not in the stage, with all that are docked into it.
void move_loose(ImGuiWindow& window, ImVec2 at, ImVec2 size) {
    if (const ImGuiDockNode* root = window.DockNode ? ImGui::DockNodeGetRootNode(window.DockNode) : nullptr) {
        ImGui::DockBuilderSetNodePos(root->ID, at);
        ImGui::DockBuilderSetNodeSize(root->ID, size);
    } else {
        ImGui::SetWindowPos(&window, at);
        ImGui::SetWindowSize(&window, size);
        window.Size = window.SizeFull;  // not only when it is drawn next: what keeps off the prompt looks before that
    }
}

// Windows that nothing holds stay off the prompt, and where they can be reached.
void keep_off(const ImRect& prompt, const ImRect& area) {
    constexpr ImGuiWindowFlags kOthers = ImGuiWindowFlags_ChildWindow | ImGuiWindowFlags_Popup |
                                         ImGuiWindowFlags_Modal | ImGuiWindowFlags_Tooltip | ImGuiWindowFlags_NoMove;
    for (ImGuiWindow* window : ImGui::GetCurrentContext()->Windows) {
        if (!window->WasActive || window->Hidden || (window->Flags & kOthers) || window->IsFallbackWindow) continue;
        if (!window->Rect().Overlaps(prompt)) continue;
        const float room = prompt.Min.y - area.Min.y;
        if (window->Size.y > room) ImGui::SetWindowSize(window, {window->Size.x, room});
        ImGui::SetWindowPos(window, {window->Pos.x, std::max(prompt.Min.y - window->Size.y, area.Min.y)});
    }
}

}  // namespace

Layout::Layout(const WindowState& remembered)
    : arrangement_(remembered.arrangement),
      is_custom_(remembered.is_arranged_by_hand),
      configuration_width_(remembered.configuration_width),
      prompt_height_(remembered.prompt_height) {}

void Layout::remember(WindowState& state) const {
    state.arrangement = arrangement_;
    state.is_arranged_by_hand = is_custom_;
    state.configuration_width = configuration_width_;
    state.prompt_height = prompt_height_;
}

void Layout::arrange(Arrangement arrangement) {
    arrangement_ = arrangement;
    is_custom_ = false;
    wants_fill_ = true;
    end_zoom();
    bring_forward(name_of(Panel::answers));
}

void Layout::reset() {
    arrange(Arrangement::automatic);
    configuration_width_ = prompt_height_ = 0;
    wants_reset_ = true;
}

// --- Around everything

void Layout::prepare(const Theme& theme, PromptHeight prompt) {
    dockspace_ = ImGui::GetID("dockspace");
    answers_ = ImGui::GetID("answers");
    if (std::exchange(wants_reset_, false) || !is_docked_in(name_of(Panel::prompt), dockspace_)) build(theme);
    keep_central_node();
    pin_prompt();
    hold_sizes(theme, prompt);

    spread_loose();

    const ImGuiViewport& viewport = *ImGui::GetMainViewport();
    if (const ImGuiDockNode* node = ImGui::DockBuilderGetNode(node_of(name_of(Panel::prompt))); node->Size.y > 0)
        keep_off(node->Rect(), {viewport.WorkPos, ImVec2(viewport.WorkPos.x + viewport.WorkSize.x,
                                                         viewport.WorkPos.y + viewport.WorkSize.y)});
    ImGui::PushStyleColor(ImGuiCol_DockingEmptyBg, theme[Role::bg0]);
    ImGui::DockSpaceOverViewport(dockspace_, &viewport);
    ImGui::PopStyleColor();
    bring_tabs_forward();
}

void Layout::build(const Theme& theme) {
    const ImVec2 size = ImGui::GetMainViewport()->WorkSize;
    ImGui::DockBuilderRemoveNode(dockspace_);
    ImGui::DockBuilderAddNode(dockspace_, ImGuiDockNodeFlags_DockSpace);
    ImGui::DockBuilderSetNodeSize(dockspace_, size);
    const float side = usual_configuration_width(theme, size.x);
    ImGuiID left = 0, rest = 0, below = 0, stage = 0;
    ImGui::DockBuilderSplitNode(dockspace_, ImGuiDir_Left, std::min(side / size.x, 0.4F), &left, &rest);
    ImGui::DockBuilderSplitNode(rest, ImGuiDir_Down, 0.2F, &below, &stage);
    int order = 0;
    for (const PanelRow& row : panel_rows())
        if (row.place != PanelPlace::free)
            dock(row.dock_name(),
                 row.place == PanelPlace::side   ? left
                 : row.place == PanelPlace::foot ? below
                                                 : stage,
                 order++);
    dock(kWelcome, stage, 0);
    ImGui::DockBuilderFinish(dockspace_);
    central_ = 0;
    wants_fill_ = true;
}

// Nothing is docked into the prompt's place, and it has no tab by which to take it out.
void Layout::pin_prompt() const {
    ImGuiDockNode* node = ImGui::DockBuilderGetNode(node_of(name_of(Panel::prompt)));
    constexpr int kPinned = static_cast<int>(ImGuiDockNodeFlags_NoTabBar) | ImGuiDockNodeFlags_NoDockingOverMe |
                            ImGuiDockNodeFlags_NoDockingSplit | ImGuiDockNodeFlags_NoUndocking;
    node->SetLocalFlags(node->LocalFlags | kPinned);
}

void Layout::hold_sizes(const Theme& theme, PromptHeight prompt) const {
    const ImVec2 area = ImGui::GetMainViewport()->WorkSize;
    const ImGuiID foot = node_of(name_of(Panel::prompt));
    if (const HeldSide side = held_side(foot, ImGuiAxis_Y, 0); side && !side.is_dragged()) {
        if (prompt.needed > 0) side.set(std::round(prompt_height(prompt, theme.px(prompt_height_), area.y)));
    }
    if (const HeldSide side = held_side(node_of(name_of(Panel::configuration)), ImGuiAxis_X, foot);
        side && !side.is_dragged()) {
        const float width =
            configuration_width_ > 0 ? theme.px(configuration_width_) : usual_configuration_width(theme, area.x);
        side.set(std::min(width, area.x * 0.4F));
    }
}

// A central node stays in view when it is empty: none may, while one window has the whole stage.
void Layout::keep_central_node() {
    ImGuiDockNode* root = ImGui::DockBuilderGetNode(dockspace_);
    ImGuiDockNode* central = central_leaf(*root);
    if (is_zoomed() && !is_loose(zoomed_)) {
        if (!central) return;
        central_ = central->ID;
        central->SetLocalFlags(central->LocalFlags & ~static_cast<int>(ImGuiDockNodeFlags_CentralNode));
        return;
    }
    if (central) return;
    ImGuiDockNode* node = ImGui::DockBuilderGetNode(std::exchange(central_, 0));
    // Also where the program has ended in between.
    if (!node || root_of(node->ID) != dockspace_ || !node->IsLeafNode())
        node = ImGui::DockBuilderGetNode(node_of(name_of(Panel::answers)));
    if (node && root_of(node->ID) == dockspace_ && node->IsLeafNode())
        node->SetLocalFlags(node->LocalFlags | static_cast<int>(ImGuiDockNodeFlags_CentralNode));
}

void Layout::bring_tabs_forward() {
    if (forward_.empty()) return;
    const ImGuiWindow* used = ImGui::GetCurrentContext()->NavWindow;
    for (const std::string& name : forward_) {
        ImGuiWindow* window = window_of(name);
        if (!window || !window->DockNode || !window->DockNode->TabBar) continue;
        window->DockNode->TabBar->NextSelectedTabId = window->TabId;
        // The tab that has the keyboard would stay in front.
        if (forward_frames_ < kFocusFrames && used && used->RootWindow != window &&
            used->RootWindow->DockNode == window->DockNode)
            ImGui::FocusWindow(window);
    }
    // A window that is new in a row comes to its front by itself, some frames late.
    if (++forward_frames_ > 8) {
        forward_frames_ = 0;
        forward_.clear();
    }
}

void Layout::place_in_stage() const {
    if (is_docked_in(name_of(Panel::answers), dockspace_))
        return ImGui::SetNextWindowDockID(node_of(name_of(Panel::answers)), ImGuiCond_FirstUseEver);
    if (const ImGuiDockNode* central = central_leaf(*ImGui::DockBuilderGetNode(dockspace_)))
        ImGui::SetNextWindowDockID(central->ID, ImGuiCond_FirstUseEver);
}

// --- The answers

void Layout::hold_answers(const Theme& theme, const std::vector<std::string>& candidates, bool is_seen) {
    are_answers_seen_ = is_seen;
    if (!is_seen) {  // what is docked in it stays
        ImGui::DockSpace(answers_, {}, ImGuiDockNodeFlags_KeepAliveOnly);
        return;
    }
    const ImVec2 size = ImGui::GetContentRegionAvail();
    const bool is_asked = wants_fill_ || !ImGui::DockBuilderGetNode(answers_);
    const bool has_changed = candidates != candidates_;
    if (has_changed) candidates_ = candidates;
    const std::array<float, 4> wanted{static_cast<float>(arrangement_), size.x, size.y, theme.scale};
    const bool may_plan = (is_asked || !is_custom_) && !is_zoomed() && size.x > 0 && size.y > 0;
    if (may_plan && (is_asked || has_changed || wanted != planned_for_)) {  // a plan takes memory: not in every frame
        planned_for_ = wanted;
        LayoutPlan plan = plan_layout(arrangement_, static_cast<int>(candidates.size()), size.x, size.y, theme.px(230),
                                      theme.px(190));
        if (is_asked || has_changed || plan != plan_) {
            plan_ = std::move(plan);
            fill_answers(size);
            wants_fill_ = false;
            settling_frames_ = 5;
        }
    }
    ImGui::PushStyleColor(ImGuiCol_DockingEmptyBg, theme[Role::bg0]);
    ImGui::DockSpace(answers_, size);
    ImGui::PopStyleColor();
}

void Layout::fill_answers(ImVec2 size) {
    std::vector<const char*> guests;  // have been docked among them, and would be lost with the tree
    for (const PanelRow& row : panel_rows())
        if (is_docked_in_answers(row.dock_name())) guests.push_back(row.dock_name());
    ImGui::DockBuilderRemoveNode(answers_);
    ImGui::DockBuilderAddNode(answers_, ImGuiDockNodeFlags_DockSpace);
    ImGui::DockBuilderSetNodeSize(answers_, size);
    ImGuiID rest_of_rows = answers_;
    std::size_t cell = 0;
    for (int row = 0; row < plan_.rows; ++row) {
        ImGuiID line = rest_of_rows;
        if (row + 1 < plan_.rows)
            ImGui::DockBuilderSplitNode(rest_of_rows, ImGuiDir_Up, 1.0F / static_cast<float>(plan_.rows - row), &line,
                                        &rest_of_rows);
        const int in_row = std::min(plan_.columns, static_cast<int>(plan_.cells.size() - cell));
        for (int column = 0; column < in_row; ++column, ++cell) {
            ImGuiID node = line;
            if (column + 1 < in_row)
                ImGui::DockBuilderSplitNode(line, ImGuiDir_Left, 1.0F / static_cast<float>(in_row - column), &node,
                                            &line);
            for (const int index : plan_.cells[cell])
                dock(candidates_[static_cast<std::size_t>(index)].c_str(), node, index);
            if (plan_.cells[cell].size() > 1)
                forward_.push_back(candidates_[static_cast<std::size_t>(plan_.cells[cell].front())]);
        }
    }
    // None of them is the central node: each takes its share, and what is empty gives its place to the others.
    if (ImGuiDockNode* central = central_leaf(*ImGui::DockBuilderGetNode(answers_)); central && central->ParentNode)
        central->SetLocalFlags(central->LocalFlags & ~static_cast<int>(ImGuiDockNodeFlags_CentralNode));
    ImGui::DockBuilderFinish(answers_);
    for (const char* guest : guests) ImGui::DockBuilderDockWindow(guest, node_of(name_of(Panel::answers)));
}

bool Layout::is_docked_in_answers(std::string_view name) const {
    return is_docked_in(name, answers_);
}

void Layout::place_candidate(std::string_view name) const {
    for (auto other = candidates_.rbegin(); other != candidates_.rend(); ++other)
        if (const unsigned node = node_of(*other); *other != name && node)
            return ImGui::SetNextWindowDockID(node, ImGuiCond_FirstUseEver);
    ImGui::SetNextWindowDockID(answers_, ImGuiCond_FirstUseEver);
}

std::optional<float> Layout::tab_width(std::string_view name) const {
    const ImGuiWindow* window = window_of(name);
    if (!window || !window->DockNode || window->DockNode->Windows.Size < 2) return std::nullopt;
    return window->DockNode->Size.x / static_cast<float>(window->DockNode->Windows.Size);
}

bool Layout::are_beside(std::string_view a, std::string_view b) const {
    const ImGuiWindow* one = window_of(a);
    const ImGuiWindow* other = window_of(b);
    return one && other && one->DockNode && one->DockNode == other->DockNode;
}

// --- The whole stage for one

void Layout::zoom(std::string_view name, std::vector<std::string> in_front) {
    end_zoom();
    const ImGuiWindow* window = window_of(name);
    if (!window) return;
    zoomed_ = name;
    zoomed_from_ = std::move(in_front);
    settling_frames_ = 5;
    if (!is_loose(name)) return;
    const ImGuiDockNode* root = window->DockNode ? ImGui::DockNodeGetRootNode(window->DockNode) : nullptr;
    loose_from_ = root ? Area{root->Pos, root->Size} : Area{window->Pos, window->SizeFull};
    ImGui::BringWindowToDisplayFront(window->RootWindowDockTree);
}

void Layout::end_zoom() {
    if (!is_zoomed()) return;
    ImGuiWindow* window = window_of(zoomed_);
    if (const auto area = std::exchange(loose_from_, std::nullopt); area && window && is_loose(zoomed_))
        move_loose(*window, area->at, area->size);
    zoomed_.clear();
    forward_ = std::move(zoomed_from_);
    forward_frames_ = 0;
    settling_frames_ = 5;
}

bool Layout::is_loose(std::string_view name) const {
    return !is_docked_in_answers(name) && !is_docked_in(name, dockspace_);
}

// The stage is what the prompt lies below.
void Layout::spread_loose() const {
    if (!is_zoomed() || !is_loose(zoomed_)) return;
    ImGuiWindow* window = window_of(zoomed_);
    const ImGuiDockNode* prompt = ImGui::DockBuilderGetNode(node_of(name_of(Panel::prompt)));
    const float top = ImGui::GetMainViewport()->WorkPos.y;
    if (window && prompt && prompt->Pos.y > top)
        move_loose(*window, {prompt->Pos.x, top}, {prompt->Size.x, prompt->Pos.y - top});
}

bool Layout::is_put_aside(std::string_view name) const {
    if (!is_zoomed() || name == zoomed_ || is_loose(zoomed_)) return false;
    const bool is_answer = is_docked_in_answers(zoomed_);
    if (is_docked_in_answers(name)) return is_answer;
    return is_docked_in(name, dockspace_) && !(is_answer && name == name_of(Panel::answers));
}

// --- By hand

void Layout::observe(const Theme& theme) {
    const ImGuiID foot = node_of(name_of(Panel::prompt));
    if (const HeldSide side = held_side(foot, ImGuiAxis_Y, 0); side && side.is_dragged())
        prompt_height_ = ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) ? 0 : side.length() / theme.scale;
    if (const HeldSide side = held_side(node_of(name_of(Panel::configuration)), ImGuiAxis_X, foot);
        side && side.is_dragged())
        configuration_width_ = side.length() / theme.scale;
    if (is_zoomed() && settling_frames_ == 0) {  // it was closed
        const ImGuiWindow* window = window_of(zoomed_);
        if (!window || !window->Active) end_zoom();
    }

    const ImGuiIO& io = ImGui::GetIO();
    const ImVec2 area = ImGui::GetMainViewport()->WorkSize;
    const bool is_resized = area.x != area_.x || area.y != area_.y;
    area_ = area;
    if (settling_frames_ > 0) --settling_frames_;
    if (!are_answers_seen_ || is_zoomed()) {
        fingerprint_ = 0;
        return;
    }
    const ImGuiDockNode* tree = ImGui::DockBuilderGetNode(answers_);
    const std::size_t now = tree ? fingerprint_of(*tree) : 0;
    // Only the user's hand moves a split or a tab: a tree that changes by itself is our own doing, which takes Dear
    // ImGui some frames.
    const bool by_hand = (io.MouseDown[0] || io.MouseReleased[0]) && settling_frames_ == 0 && !is_resized;
    if (fingerprint_ != 0 && now != fingerprint_ && by_hand) is_custom_ = true;
    fingerprint_ = now;
}

}  // namespace llmc::gui
