// Where windows are: the dock space, the arrangement of the candidates' windows, and what the user made of it.
//
// Thread contract: main thread; prepare() between frames' NewFrame and the first Begin, observe() after the last End.
// Invariants: while nobody has arranged the candidates' windows by hand, they follow the arrangement (equal columns, a
// grid, tabs), also when candidates come and go or the window is resized; after that, they stay where they were put,
// and new ones join as tabs. Windows are known by what stands behind "###" in their title, which never changes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/commands.h"
#include "gui/layout_plan.h"
#include "gui/look/theme.h"

namespace llmc::gui {

class Layout {
public:
    // What a saved layout has beside Dear ImGui's own text, which has to be loaded before the first frame.
    void restore(Arrangement arrangement, bool is_custom);

    // Makes or mends the dock space. `candidates`: names ("###candidate:c1") of the windows that are shown, in order.
    void prepare(const Theme& theme, const std::vector<std::string>& candidates);
    // To be called before the Begin of a window that may be new.
    void place_candidate(std::string_view name) const;
    void place_review() const;  // what is read or judged: beside the prompt
    // The width of a window's tab when all tabs beside it are equally wide; nothing where it has none yet.
    std::optional<float> tab_width(std::string_view name) const;
    // Whether two windows are tabs of one row.
    bool are_beside(std::string_view a, std::string_view b) const;
    // Takes note of what the user has moved.
    void observe();

    void arrange(Arrangement arrangement);  // from now on, and no longer custom
    void reset();                           // everything as at the first start
    // A window beside the prompt was opened: gives that row enough height to read in.
    void open_review_row() { wants_review_row_ = true; }

    // Brings a tab to the front of its row in one of the next frames, without taking the keyboard from where it is.
    void bring_forward(std::string name) { forward_.push_back(std::move(name)); }

    // Whether Dear ImGui needs more frames until everything is where it belongs.
    bool is_settling() const { return settling_frames_ > 0 || !forward_.empty(); }

    Arrangement arrangement() const { return arrangement_; }
    bool is_custom() const { return is_custom_; }

private:
    void build(const Theme& theme);
    void fill_models_area(const std::vector<std::string>& candidates);
    unsigned models_node() const;
    void grow_review_row() const;
    std::size_t fingerprint() const;  // of the tree of the models' area

    Arrangement arrangement_ = Arrangement::columns;
    bool is_custom_ = false;
    bool wants_reset_ = false;
    bool wants_fill_ = false;
    bool wants_review_row_ = false;
    std::vector<std::string> forward_;  // windows that come to the front of their tabs
    int forward_frames_ = 0;
    unsigned dockspace_ = 0;
    std::vector<std::string> candidates_;
    LayoutPlan plan_;
    float plan_scale_ = 0;  // the theme's, when it was made
    std::size_t fingerprint_ = 0;
    int settling_frames_ = 0;  // after the area was filled
    ImVec2 area_{}, models_size_{};
};

}  // namespace llmc::gui
