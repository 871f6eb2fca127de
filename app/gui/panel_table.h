// What there is to know of each window but the candidates': one row. Menus, keys, docking, what is hidden in blind
// mode, what window.json remembers and what is drawn are read from it.
//
// Thread contract: constants; `draw` by the main thread, within a frame, between ImGui::Begin and End of the panel's
// own window (which Panels opens, so that docking and visibility have one place). A panel is a function: a read-only
// frame in, its own view state by reference, intents out. No panel knows another. A new one is its own two files, and a
// row and a view in panel_table.cpp.
#pragma once

#include <array>
#include <memory>
#include <span>

#include <imgui.h>

#include "gui/frame_view.h"
#include "gui/panel.h"

namespace llmc::gui {

enum class PanelPlace {
    side,   // the column at the left
    foot,   // below the stage, always there
    stage,  // a tab of the middle, at full size
    free,   // over it, not docked
};

// The part of a menu in which it stands.
enum class MenuPart { view, differences, votes, suites, casts, help, about };

struct ConfigurationView;
struct PromptView;
struct CompareView;
struct VotesView;
struct SuiteView;
struct CastingView;

// What the panels remember. Those that others fill or look at have a name here.
class PanelViews {
public:
    PanelViews();
    ~PanelViews();
    PanelViews(const PanelViews&) = delete;
    PanelViews& operator=(const PanelViews&) = delete;

    ConfigurationView& configuration();
    PromptView& prompt();
    CompareView& compare();
    VotesView& votes();
    SuiteView& suite();
    CastingView& casting();

    struct All;  // private to panel_table.cpp
    All& all() { return *all_; }

private:
    std::unique_ptr<All> all_;
};

// What a panel is drawn from. `setup` is the one that `frame` shows.
struct PanelFrame {
    const FrameView& frame;
    SetupState& setup;
    Commands& commands;
};

struct PanelRow {
    Panel panel;
    const char* window;  // its title, and behind "###" what it is known by in layouts, which never changes
    const char* name;    // in menus and the list of keys
    MenuPart menu = MenuPart::view;
    std::array<ImGuiKeyChord, 2> keys{};
    PanelPlace place = PanelPlace::stage;
    ImVec2 size{};         // of a free one, at first
    bool reveals = false;  // says whose answers are whose, or gives it away by figures
    bool is_open_at_first = false;
    bool is_always_there = false;                                             // cannot be closed
    void (*draw)(PanelViews::All& views, const PanelFrame& frame) = nullptr;  // Answers: none, it holds windows

    const char* dock_name() const;  // "###report"
};

// In the order in which they are drawn, and stand in menus.
std::span<const PanelRow> panel_rows();
const PanelRow& row_of(Panel panel);  // of one that is in the table

}  // namespace llmc::gui
