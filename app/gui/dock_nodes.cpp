#include "gui/dock_nodes.h"

#include <algorithm>

namespace llmc::gui {
namespace {

bool contains(const ImGuiDockNode& tree, ImGuiID node) {
    if (tree.ID == node) return true;
    return tree.IsSplitNode() && (contains(*tree.ChildNodes[0], node) || contains(*tree.ChildNodes[1], node));
}

void mix(std::size_t& hash, std::size_t value) {
    hash ^= value + 0x9E3779B97F4A7C15ULL + (hash << 6) + (hash >> 2);
}

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

ImGuiID id_of(std::string_view name) {
    return ImHashStr(name.data(), name.size());
}

}  // namespace

ImGuiWindow* window_of(std::string_view name) {
    return ImGui::FindWindowByID(id_of(name));
}

ImGuiID node_of(std::string_view name) {
    if (const ImGuiWindow* window = window_of(name)) return window->DockNode ? window->DockNode->ID : window->DockId;
    if (const ImGuiWindowSettings* settings = ImGui::FindWindowSettingsByID(id_of(name))) return settings->DockId;
    return 0;
}

ImGuiID root_of(ImGuiID id) {
    ImGuiDockNode* node = id ? ImGui::DockBuilderGetNode(id) : nullptr;
    return node ? ImGui::DockNodeGetRootNode(node)->ID : 0;
}

bool is_docked_in(std::string_view name, ImGuiID root) {
    return root != 0 && root_of(node_of(name)) == root;
}

void dock(const char* name, ImGuiID node, int order) {
    ImGui::DockBuilderDockWindow(name, node);
    if (ImGuiWindow* window = window_of(name))
        window->DockOrder = static_cast<short>(order);
    else if (ImGuiWindowSettings* settings = ImGui::FindWindowSettingsByID(id_of(name)))
        settings->DockOrder = static_cast<short>(order);
}

ImGuiDockNode* central_leaf(ImGuiDockNode& tree) {
    if (tree.IsLeafNode()) return tree.IsCentralNode() ? &tree : nullptr;
    for (ImGuiDockNode* child : tree.ChildNodes)
        if (ImGuiDockNode* leaf = central_leaf(*child)) return leaf;
    return nullptr;
}

float HeldSide::length() const {
    return side->Size[side->ParentNode->SplitAxis];
}

void HeldSide::set(float length) const {
    const ImGuiDockNode& whole = *side->ParentNode;
    const ImGuiAxis axis = whole.SplitAxis;
    if (whole.Size[axis] <= length) return;  // as long as it has no size
    side->SizeRef[axis] = length;
    other->SizeRef[axis] = std::max(whole.Size[axis] - length - ImGui::GetStyle().DockingSeparatorSize, 1.0F);
}

bool HeldSide::is_dragged() const {
    const ImGuiDockNode& whole = *side->ParentNode;
    const ImGuiWindow* host = whole.HostWindow;
    if (!host || ImGui::GetActiveID() == 0) return false;
    const ImGuiID seed = ImHashData(&whole.ID, sizeof whole.ID, host->ID);
    return ImGui::GetActiveID() == ImHashStr("##Splitter", 0, seed);
}

HeldSide held_side(ImGuiID id, ImGuiAxis axis, ImGuiID other) {
    ImGuiDockNode* node = id ? ImGui::DockBuilderGetNode(id) : nullptr;
    while (node && node->ParentNode && node->ParentNode->SplitAxis != axis) node = node->ParentNode;
    if (!node || !node->ParentNode || contains(*node, other)) return {};
    const ImGuiDockNode& whole = *node->ParentNode;
    return {node, whole.ChildNodes[whole.ChildNodes[0] == node ? 1 : 0]};
}

std::size_t fingerprint_of(const ImGuiDockNode& tree) {
    std::size_t hash = 1;
    mix_tree(hash, tree);
    return hash;
}

}  // namespace llmc::gui
