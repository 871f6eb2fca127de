// All windows within the program's: what is open, where it stands, what it remembers; drawn from a frame.
//
// Thread contract: main thread, between frames but for draw(). Invariants: whoever asks for a window gives it the
// keyboard; none takes it by appearing, from where somebody types.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "gui/actions.h"
#include "gui/layout.h"
#include "gui/panel_table.h"
#include "gui/panels/find_bar.h"
#include "gui/panels/rounds_strip.h"
#include "gui/panels/welcome_panel.h"
#include "gui/toasts.h"
#include "gui/window_state.h"

namespace llmc::gui {

struct CandidateView;
class Conversation;

class Panels {
public:
    explicit Panels(const WindowState& remembered);
    ~Panels();
    void remember(WindowState& state) const;  // the arrangement, and what is open

    void draw(const PanelFrame& frame);
    void observe(const Theme& theme) { layout_.observe(theme); }  // after the last End
    bool needs_frame() const;                                     // until everything is where it was asked to be

    const PanelSet& open() const { return open_; }
    void show(Panel panel);  // in front, and gives it the keyboard
    // Opens it where it is not: as a tab of the stage, in front or behind what is looked at.
    void add(Panel panel, bool is_behind);
    void leave_what_reveals();  // brings the answers back where something stands in front of them that blind mode hides
    void hide(Panel panel);
    void toggle(Panel panel, bool by_key);  // TogglePanel
    void zoom();                            // gives the window that is used the whole stage, or takes that back
    bool can_zoom() const { return layout_.is_zoomed() || !zoom_target().empty(); }

    // The candidates' windows, in order; valid until the next call.
    std::span<const WindowEntry> candidates(const engine::Snapshot& now);
    void show_candidate(const session::CandidateId& id, bool is_shown);
    void show_all_candidates() { hidden_.clear(); }
    void show_round(const ShowRound& what);
    // Puts a round at the top of every candidate's window: that one, or the one `by` rounds from what is in view.
    void show_round(int round);
    void step_round(int by, const session::Session& session);
    void find_in_focused(const session::Session& session);  // in the conversation that was used last
    void find_in_all(const session::Session& session);      // in all that are shown
    void end_find();
    const FindView& find() const { return find_; }

    ToastRoom toast_room(const Theme& theme, engine::Activity activity) const;
    const RoundsView& rounds() const { return rounds_; }
    const Layout& layout() const { return layout_; }
    void arrange(Arrangement arrangement) { layout_.arrange(arrangement); }
    void reset();  // everything as at the first start

    PanelViews& views() { return views_; }
    CandidateView& view_of(const session::CandidateId& id);
    int round_in_view();  // of the candidate that is used, else the first that has said something; 0: none

private:
    bool takes_focus(Panel panel);
    void draw_panel(const PanelRow& row, const PanelFrame& frame);
    bool draw_welcome_window(const PanelFrame& frame);  // while there are no candidates
    void draw_answers(const PanelFrame& frame);
    void draw_strip(const FrameView& frame);
    void keep_in_step();
    Conversation* leader();  // the candidate that is used, else the first that has said something
    void paint_tab_dots(const FrameView& frame) const;
    void draw_candidate_window(const PanelFrame& frame, std::size_t index, std::string_view name);
    void choose_candidates(const session::Session& session);
    std::string_view zoom_target() const;  // empty: what is used has the whole stage already
    const std::string* used_candidate() const;
    void zoom(std::string_view name);
    void zoom_by_double_click();
    std::vector<std::string> in_front() const;
    std::size_t write_tab_title(const FrameView& frame, std::size_t index, std::string_view window,
                                std::span<char> out);

    PanelViews views_;
    PanelSet open_;
    Layout layout_;
    RoundsView rounds_;
    std::optional<Panel> wants_focus_;

    std::map<session::CandidateId, std::unique_ptr<CandidateView>, std::less<>> candidates_;
    std::set<session::CandidateId> hidden_;
    FindView find_;
    session::CandidateId focused_candidate_;
    std::optional<session::CandidateId> wants_candidate_focus_;

    WelcomeView welcome_;
    std::vector<WindowEntry> entries_;  // this and the next three: kept for their memory
    std::vector<std::size_t> shown_;    // of the session's candidates, in this frame
    std::vector<std::string> shown_names_;
    std::vector<const std::string*> beside_;
};

}  // namespace llmc::gui
