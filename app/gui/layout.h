// Where windows are: Configuration at the left, the prompt below, the stage between them; in the stage's Answers the
// candidates' windows in a dock space of their own. And what the user made of it.
//
// Thread contract: main thread, within a frame: prepare() before the first Begin, observe() after the last End.
// Invariants: the prompt is at the bottom, nothing lies over it and it cannot be taken away. While nobody has arranged
// the candidates' windows by hand, they follow the arrangement (layout_plan.h), also when candidates come and go or the
// window is resized; after that they stay where they were put, and new ones join as tabs. A window that has the whole
// stage is the only one of it that is drawn: all others keep their places. One that was pulled out lies over them all. Windows are known by what stands behind
// "###" in their title, which never changes.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/layout_plan.h"
#include "gui/look/theme.h"
#include "gui/window_state.h"

namespace llmc::gui {

class Layout {
public:
    // What is remembered beside Dear ImGui's own text, which has to be loaded before the first frame.
    explicit Layout(const WindowState& remembered);
    void remember(WindowState& state) const;

    // Makes or mends the dock space around everything.
    void prepare(const Theme& theme, PromptHeight prompt);
    // The dock space of the candidates' windows, at the cursor of the window of the answers. `candidates`: names
    // ("###candidate:c1") of those that are shown, in order. `is_seen`: whether that window is.
    void hold_answers(const Theme& theme, const std::vector<std::string>& candidates, bool is_seen);
    // To be called before the Begin of a window that may be new.
    void place_candidate(std::string_view name) const;
    void place_in_stage() const;
    bool is_among_answers(std::string_view name) const { return is_docked_in_answers(name); }
    // Takes note of what the user has moved.
    void observe(const Theme& theme);

    void arrange(Arrangement arrangement);  // from now on, and no longer custom
    void reset();                           // everything as at the first start
    // Gives a window of the stage all of it, or ends that.
    void zoom(std::string_view name, std::vector<std::string> in_front);
    void end_zoom();
    bool is_zoomed() const { return !zoomed_.empty(); }
    bool is_put_aside(std::string_view name) const;  // not to be drawn: another one has the stage

    // The width of a window's tab when all tabs beside it are equally wide; nothing where it has none yet.
    std::optional<float> tab_width(std::string_view name) const;
    // Whether two windows are tabs of one row.
    bool are_beside(std::string_view a, std::string_view b) const;
    // Brings a tab to the front of its row in one of the next frames, without taking the keyboard from where it is.
    void bring_forward(std::string name) {
        forward_.push_back(std::move(name));
        forward_frames_ = 0;
    }

    void forget_forward() { forward_.clear(); }

    // Whether Dear ImGui needs more frames until everything is where it belongs.
    bool is_settling() const { return settling_frames_ > 0 || !forward_.empty(); }
    Arrangement arrangement() const { return arrangement_; }
    bool is_custom() const { return is_custom_; }

private:
    struct Area {
        ImVec2 at, size;
    };
    void build(const Theme& theme);
    void pin_prompt() const;
    void hold_sizes(const Theme& theme, PromptHeight prompt) const;
    void keep_central_node();
    void bring_tabs_forward();
    void fill_answers(ImVec2 size);
    bool is_docked_in_answers(std::string_view name) const;
    bool is_loose(std::string_view name) const;
    void spread_loose() const;

    Arrangement arrangement_;
    bool is_custom_;
    float configuration_width_, prompt_height_;  // as the user gave them, at text size 1; 0: the usual
    bool wants_reset_ = false;
    bool wants_fill_ = false;

    unsigned dockspace_ = 0, answers_ = 0;
    std::vector<std::string> candidates_;
    LayoutPlan plan_;
    std::array<float, 4> planned_for_{};  // arrangement, size and scale: what a plan depends on beside the candidates
    std::vector<std::string> forward_;    // windows that come to the front of their tabs
    int forward_frames_ = 0;
    std::string zoomed_;
    std::vector<std::string> zoomed_from_;  // what was in front
    std::optional<Area> loose_from_;        // where it stood, if it was pulled out of the stage
    unsigned central_ = 0;                  // while no node is it
    std::size_t fingerprint_ = 0;
    int settling_frames_ = 0;  // after the answers were arranged
    bool are_answers_seen_ = false;
    ImVec2 area_{};
};

}  // namespace llmc::gui
