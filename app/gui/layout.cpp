#include "gui/layout.h"

#include <algorithm>
#include <cmath>

#include <imgui_internal.h>  // the dock builder has no public interface yet

#include "gui/panel_table.h"

namespace llmc::gui {
namespace {

constexpr const char* kWelcome = "###welcome";  // takes the place of the candidates' windows while there are none

ImGuiWindow* window_of(std::string_view name) {
    return ImGui::FindWindowByID(ImHashStr(name.data(), name.size()));
}

// Beside it is what is read or judged.
const char* prompt_window() {
    return row_of(Panel::prompt).dock_name();
}

// Where a window is docked, or will be when it is shown again; 0: nowhere.
ImGuiID node_of(const char* name) {
    if (const ImGuiWindow* window = window_of(name)) return window->DockNode ? window->DockNode->ID : window->DockId;
    if (const ImGuiWindowSettings* settings = ImGui::FindWindowSettingsByID(ImHashStr(name))) return settings->DockId;
    return 0;
}

bool contains(const ImGuiDockNode& tree, ImGuiID node) {
    if (tree.ID == node) return true;
    return tree.IsSplitNode() && (contains(*tree.ChildNodes[0], node) || contains(*tree.ChildNodes[1], node));
}

// Whether no other window than the candidates' has its place in the tree; closed ones count, they come back.
bool is_models_only(const ImGuiDockNode& tree) {
    for (const PanelRow& row : panel_rows())
        if (const ImGuiID node = node_of(row.dock_name()); node && contains(tree, node)) return false;
    return true;
}

// A leaf that is not the central node, which must stay.
ImGuiDockNode* removable_leaf(ImGuiDockNode& tree) {
    if (!tree.IsSplitNode()) return tree.IsCentralNode() ? nullptr : &tree;
    for (ImGuiDockNode* child : tree.ChildNodes)
        if (ImGuiDockNode* leaf = removable_leaf(*child)) return leaf;
    return nullptr;
}

// Takes the splits of a part of the dock space away: its windows are docked anew after that.
void flatten(ImGuiID area) {
    for (ImGuiDockNode* node = ImGui::DockBuilderGetNode(area); node && node->IsSplitNode();
         node = ImGui::DockBuilderGetNode(area)) {
        ImGuiDockNode* leaf = removable_leaf(*node);
        if (!leaf) return;
        const ImGuiID parent = leaf->ParentNode->ID, root = ImGui::DockNodeGetRootNode(leaf)->ID;
        // Only an empty node may be removed; windows that are not shown keep their place in what takes the node's.
        while (!leaf->Windows.empty())
            ImGui::DockContextProcessUndockWindow(ImGui::GetCurrentContext(), leaf->Windows.back(), false);
        ImGui::DockBuilderRemoveNode(leaf->ID);  // its sibling takes the parent's place
        // When the sibling was the central node, the root still points to it, and the next split would follow that.
        ImGuiDockNode* merged = ImGui::DockBuilderGetNode(parent);
        if (merged && merged->IsCentralNode()) ImGui::DockBuilderGetNode(root)->CentralNode = merged;
    }
}

void mix(std::size_t& hash, std::size_t value) {
    hash ^= value + 0x9E3779B97F4A7C15ULL + (hash << 6) + (hash >> 2);
}

// Shape and proportions of a tree, not its size: the window of the system may grow.
void mix_tree(std::size_t& hash, const ImGuiDockNode& node) {
    for (const ImGuiWindow* window : node.Windows) mix(hash, window->ID);
    if (!node.IsSplitNode()) return;
    const ImGuiAxis axis = node.SplitAxis;
    mix(hash, static_cast<std::size_t>(axis) + 1);
    const float total = std::max(node.ChildNodes[0]->Size[axis] + node.ChildNodes[1]->Size[axis], 1.0F);
    mix(hash, static_cast<std::size_t>(node.ChildNodes[0]->Size[axis] / total * 200 + 0.5F));
    mix_tree(hash, *node.ChildNodes[0]);
    mix_tree(hash, *node.ChildNodes[1]);
}

// How many cells lie beside each other along an axis.
int cells_along(const ImGuiDockNode& node, ImGuiAxis axis) {
    if (!node.IsSplitNode()) return 1;
    const int first = cells_along(*node.ChildNodes[0], axis), second = cells_along(*node.ChildNodes[1], axis);
    return node.SplitAxis == axis ? first + second : std::max(first, second);
}

// Gives every cell the same share; Dear ImGui itself would let one of them take every change of the whole.
void equalize(ImGuiDockNode& node) {
    if (!node.IsSplitNode()) return;
    const ImGuiAxis axis = node.SplitAxis;
    const auto first = static_cast<float>(cells_along(*node.ChildNodes[0], axis));
    const auto second = static_cast<float>(cells_along(*node.ChildNodes[1], axis));
    const ImVec2 sizes[] = {node.ChildNodes[0]->SizeRef, node.ChildNodes[1]->SizeRef};
    const float gap = ImGui::GetStyle().DockingSeparatorSize;
    const float cell = (node.Size[axis] - gap * (first + second - 1)) / (first + second);
    const float before = std::floor(cell * first + gap * (first - 1));
    const float lengths[] = {before, node.Size[axis] - gap - before};
    for (int i = 0; i < 2; ++i) {
        ImVec2 size = sizes[i];
        size[axis] = lengths[i];
        size[axis ^ 1] = node.Size[axis ^ 1];
        node.ChildNodes[i]->SizeRef = node.ChildNodes[i]->Size = size;
        equalize(*node.ChildNodes[i]);
    }
}

// Tabs of one cell stand in the order of the candidates.
void dock(const std::string& name, ImGuiID node, int order) {
    ImGui::DockBuilderDockWindow(name.c_str(), node);
    if (ImGuiWindow* window = window_of(name))
        window->DockOrder = static_cast<short>(order);
    else if (ImGuiWindowSettings* settings = ImGui::FindWindowSettingsByID(ImHashStr(name.c_str())))
        settings->DockOrder = static_cast<short>(order);
}

}  // namespace

void Layout::restore(Arrangement arrangement, bool is_custom) {
    arrangement_ = arrangement;
    is_custom_ = is_custom;
}

void Layout::arrange(Arrangement arrangement) {
    arrangement_ = arrangement;
    is_custom_ = false;
    wants_fill_ = true;
}

void Layout::reset() {
    arrangement_ = Arrangement::columns;
    is_custom_ = false;
    wants_reset_ = true;
}

void Layout::prepare(const Theme& theme, const std::vector<std::string>& candidates) {
    dockspace_ = ImGui::GetID("dockspace");
    const bool is_new = !ImGui::DockBuilderGetNode(dockspace_);
    const bool has_changed = candidates != candidates_;
    if (has_changed) candidates_ = candidates;
    if (is_new || wants_reset_) build(theme);

    const ImGuiDockNode* area = ImGui::DockBuilderGetNode(models_node());
    // Nodes of a remembered layout have no size before their first frame.
    const bool has_size = area && area->Size.x > 0 && area->Size.y > 0;
    if (has_size && !is_custom_) {
        const ImVec2 size = area->Size;
        const bool is_resized = size.x != models_size_.x || size.y != models_size_.y;
        const bool is_asked = is_new || wants_reset_ || wants_fill_ || has_changed;
        if (is_asked || is_resized || theme.scale != plan_scale_) {
            plan_scale_ = theme.scale;
            LayoutPlan plan = plan_layout(arrangement_, static_cast<int>(candidates.size()), size.x, size.y,
                                          theme.px(230), theme.px(190));
            if (is_asked || plan != plan_) {
                plan_ = std::move(plan);
                fill_models_area(candidates);
                settling_frames_ = 5;
            }
        }
        // Also after the window was resized, and while the new tree finds its size.
        ImGuiDockNode* tree = ImGui::DockBuilderGetNode(models_node());
        if (tree && (settling_frames_ > 0 || is_resized)) equalize(*tree);
        if (is_resized) settling_frames_ = std::max(settling_frames_, 2);
        models_size_ = size;
    }
    wants_reset_ = false;
    wants_fill_ = !has_size && !is_custom_;

    ImGui::PushStyleColor(ImGuiCol_DockingEmptyBg, theme[Role::bg0]);
    ImGui::DockSpaceOverViewport(dockspace_, ImGui::GetMainViewport());
    ImGui::PopStyleColor();
    if (std::exchange(wants_review_row_, false)) grow_review_row();
    // A window that is new in a row comes to its front by itself, some frames late.
    if (forward_.empty()) return;
    for (const std::string& name : forward_)
        if (const ImGuiWindow* window = window_of(name); window && window->DockNode && window->DockNode->TabBar)
            window->DockNode->TabBar->NextSelectedTabId = window->TabId;
    if (++forward_frames_ > 8) {
        forward_frames_ = 0;
        forward_.clear();
    }
}

void Layout::build(const Theme& theme) {
    const ImGuiViewport& viewport = *ImGui::GetMainViewport();
    ImGui::DockBuilderRemoveNode(dockspace_);
    ImGui::DockBuilderAddNode(dockspace_, ImGuiDockNodeFlags_DockSpace);
    ImGui::DockBuilderSetNodeSize(dockspace_, viewport.WorkSize);
    // At 1000 px and below every pixel of the answers counts.
    const float side = std::clamp(viewport.WorkSize.x * 0.25F, theme.px(260), theme.px(330));
    const float bottom = std::clamp(viewport.WorkSize.y * 0.22F, theme.px(150), theme.px(195));
    ImGuiID left = 0, rest = 0, below = 0, models = 0;
    ImGui::DockBuilderSplitNode(dockspace_, ImGuiDir_Left, std::min(side / viewport.WorkSize.x, 0.4F), &left, &rest);
    ImGui::DockBuilderSplitNode(rest, ImGuiDir_Down, std::min(bottom / viewport.WorkSize.y, 0.4F), &below, &models);
    for (const PanelRow& row : panel_rows())
        if (row.place != PanelPlace::free)
            ImGui::DockBuilderDockWindow(row.dock_name(), row.place == PanelPlace::side ? left : below);
    ImGui::DockBuilderDockWindow(kWelcome, models);
    for (const std::string& name : candidates_) ImGui::DockBuilderDockWindow(name.c_str(), models);
    ImGui::DockBuilderFinish(dockspace_);
}

void Layout::fill_models_area(const std::vector<std::string>& candidates) {
    const ImGuiID area = models_node();
    const ImVec2 size = ImGui::DockBuilderGetNode(area)->Size;
    flatten(area);
    ImGui::DockBuilderSetNodeSize(area, size);
    if (candidates.empty()) {
        ImGui::DockBuilderDockWindow(kWelcome, area);
        ImGui::DockBuilderFinish(area);
        return;
    }
    ImGuiID rest_of_rows = area;
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
            for (const int index : plan_.cells[cell]) dock(candidates[static_cast<std::size_t>(index)], node, index);
            if (plan_.cells[cell].size() > 1)
                forward_.push_back(candidates[static_cast<std::size_t>(plan_.cells[cell].front())]);
        }
    }
    ImGui::DockBuilderFinish(area);
}

// The largest node with nothing but models' windows in it; the central node where there is none.
unsigned Layout::models_node() const {
    const ImGuiDockNode* root = ImGui::DockBuilderGetNode(dockspace_);
    if (!root) return 0;
    for (std::size_t i = candidates_.size() + 1; i-- > 0;) {
        const char* name = i == 0 ? kWelcome : candidates_[i - 1].c_str();
        ImGuiDockNode* node = ImGui::DockBuilderGetNode(node_of(name));
        if (!node || ImGui::DockNodeGetRootNode(node)->ID != dockspace_ || !is_models_only(*node)) continue;
        while (node->ParentNode && node->ParentNode->ID != dockspace_ && is_models_only(*node->ParentNode))
            node = node->ParentNode;
        return node->ID;
    }
    return root->CentralNode ? root->CentralNode->ID : dockspace_;
}

void Layout::place_candidate(std::string_view name) const {
    for (const std::string& other : candidates_)
        if (const unsigned node = node_of(other.c_str()); other != name && node) {
            ImGui::SetNextWindowDockID(node, ImGuiCond_FirstUseEver);
            return;
        }
    ImGui::SetNextWindowDockID(models_node(), ImGuiCond_FirstUseEver);
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

void Layout::place_review() const {
    if (const unsigned node = node_of(prompt_window())) ImGui::SetNextWindowDockID(node, ImGuiCond_FirstUseEver);
}

// The row of the prompt is low; what is read beside it needs half of the height.
void Layout::grow_review_row() const {
    ImGuiDockNode* node = ImGui::DockBuilderGetNode(node_of(prompt_window()));
    while (node && node->ParentNode && node->ParentNode->SplitAxis != ImGuiAxis_Y) node = node->ParentNode;
    if (!node || !node->ParentNode) return;
    ImGuiDockNode* parent = node->ParentNode;
    ImGuiDockNode* other = parent->ChildNodes[parent->ChildNodes[0] == node ? 1 : 0];
    const float wanted = parent->Size.y * 0.48F;
    if (node->Size.y >= wanted) return;
    other->SizeRef.y = parent->Size.y - wanted;
    node->SizeRef.y = wanted;
    node->Size.y = wanted;
    other->Size.y = other->SizeRef.y;
}

std::size_t Layout::fingerprint() const {
    std::size_t hash = 1;
    if (const ImGuiDockNode* node = ImGui::DockBuilderGetNode(models_node())) mix_tree(hash, *node);
    for (const std::string& name : candidates_)
        if (const ImGuiWindow* window = window_of(name)) mix(hash, window->DockIsActive ? 1 : 2);
    return hash;
}

void Layout::observe() {
    const ImGuiIO& io = ImGui::GetIO();
    const ImVec2 area = ImGui::GetMainViewport()->WorkSize;
    const std::size_t now = fingerprint();
    const bool is_resized = area.x != area_.x || area.y != area_.y;
    if (settling_frames_ > 0) --settling_frames_;
    // Only the user's hand moves a split or a tab: a tree that changes by itself is our own doing, which takes Dear
    // ImGui some frames.
    const bool by_hand = (io.MouseDown[0] || io.MouseReleased[0]) && settling_frames_ == 0 && !is_resized;
    if (fingerprint_ != 0 && now != fingerprint_ && by_hand) is_custom_ = true;
    fingerprint_ = now;
    area_ = area;
}

}  // namespace llmc::gui
