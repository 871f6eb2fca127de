// Dear ImGui's dock tree, as far as the layout needs it: it has no public interface yet.
//
// Thread contract: main thread, within a frame. Windows are known by what stands behind "###" in their title.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <imgui_internal.h>

namespace llmc::gui {

ImGuiWindow* window_of(std::string_view name);  // nullptr where it was never drawn
// Where a window is docked, or will be when it is shown again; 0: nowhere.
ImGuiID node_of(std::string_view name);
ImGuiID root_of(ImGuiID node);  // of its tree; 0 where the node is not there
// Whether a window has its place in the tree below `root`.
bool is_docked_in(std::string_view name, ImGuiID root);
// A tab in `node`, the `order`-th of its row.
void dock(const char* name, ImGuiID node, int order);

// The part that keeps its place when it is empty and takes what others leave; nullptr where the tree has none.
ImGuiDockNode* central_leaf(ImGuiDockNode& tree);

// One side of a split which keeps its length along an axis, whatever becomes of the whole.
struct HeldSide {
    ImGuiDockNode* side = nullptr;
    ImGuiDockNode* other = nullptr;
    explicit operator bool() const { return side != nullptr; }
    float length() const;
    void set(float length) const;
    bool is_dragged() const;  // its splitter is in the user's hand
};
// The side of the split along `axis` in which `node` stands; none where `other` stands in it too.
HeldSide held_side(ImGuiID node, ImGuiAxis axis, ImGuiID other);

// Shape and proportions of a tree, not its size: the window of the system may grow.
std::size_t fingerprint_of(const ImGuiDockNode& tree);

}  // namespace llmc::gui
