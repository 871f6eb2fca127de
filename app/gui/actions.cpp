#include "gui/actions.h"

namespace llmc::gui {
namespace {

using engine::Activity;

bool is_running(const engine::Snapshot& snapshot) {
    return snapshot.activity == Activity::running || snapshot.activity == Activity::starting;
}

}  // namespace

bool is_available(Action action, const FrameView& frame, const ActionContext& context) {
    const engine::Snapshot& now = frame.snapshot;
    const bool has_rounds = !now.session.rounds.empty();
    switch (action) {
        case Action::export_report:
        case Action::save_session:
        case Action::save_session_as: return has_rounds;
        case Action::send: return primary_action(frame, context.prompt).is_enabled;
        case Action::pause: return is_running(now) || now.activity == Activity::paused;
        case Action::stop_after_round:
        case Action::stop: return is_running(now);
        case Action::resume: return now.activity == Activity::halted;
        case Action::clear: return has_rounds && !is_busy(now.activity);
        case Action::show_candidate:
        case Action::find:
        case Action::find_in_all: return !context.candidates.empty();
        case Action::round_before:
        case Action::round_after: return has_rounds;
        case Action::zoom: return context.can_zoom;
        case Action::vote_a:
        case Action::vote_b:
        case Action::vote_tie:
        case Action::vote_both_bad: return can_vote(context.votes);
        default: return true;
    }
}

void perform(Action action, const FrameView& frame, const ActionContext& context, Commands& commands) {
    switch (action) {
        case Action::open_session: commands.add(ChooseFile{FileKind::session}); break;
        case Action::save_session: commands.add(SaveSession{false}); break;
        case Action::save_session_as: commands.add(SaveSession{true}); break;
        case Action::open_prompts: commands.add(ChooseFile{FileKind::prompts}); break;
        case Action::export_report: commands.add(ExportReports{{report::usual_formats().front()}}); break;
        case Action::quit: commands.add(Quit{}); break;
        case Action::palette: commands.add(ShowPalette{}); break;
        case Action::send: run_primary_action(frame, context.prompt, commands); break;
        case Action::pause:
            if (frame.snapshot.activity == Activity::paused)
                commands.engine(engine::Continue{});
            else
                commands.engine(engine::Pause{});
            break;
        case Action::stop_after_round: commands.engine(engine::StopAfterRound{}); break;
        case Action::stop: commands.engine(engine::StopNow{}); break;
        case Action::resume: commands.engine(engine::Retry{}); break;
        case Action::refresh: commands.engine(engine::RefreshManifests{}); break;
        case Action::clear: commands.add(ClearSession{}); break;
        case Action::new_candidate: commands.add(AddCandidate{}); break;
        case Action::show_candidate: commands.add(ShowCandidate{context.candidates.front().id, true}); break;
        case Action::blind: commands.add(SetBlind{!frame.is_blind}); break;
        case Action::vote_a: give_vote(context.votes, Winner::a, commands); break;
        case Action::vote_b: give_vote(context.votes, Winner::b, commands); break;
        case Action::vote_tie: give_vote(context.votes, Winner::tie, commands); break;
        case Action::vote_both_bad: give_vote(context.votes, Winner::both_bad, commands); break;
        case Action::columns: commands.add(Arrange{Arrangement::columns}); break;
        case Action::grid: commands.add(Arrange{Arrangement::grid}); break;
        case Action::tabs: commands.add(Arrange{Arrangement::tabs}); break;
        case Action::round_before: commands.add(StepRound{-1}); break;
        case Action::round_after: commands.add(StepRound{1}); break;
        case Action::zoom: commands.add(ZoomWindow{}); break;
        case Action::text_larger: commands.add(SetTextSize{frame.text_size + 0.1F}); break;
        case Action::text_smaller: commands.add(SetTextSize{frame.text_size - 0.1F}); break;
        case Action::text_usual: commands.add(SetTextSize{1}); break;
        case Action::undo: commands.add(EditText{Edit::undo}); break;
        case Action::redo: commands.add(EditText{Edit::redo}); break;
        case Action::cut: commands.add(EditText{Edit::cut}); break;
        case Action::copy: commands.add(EditText{Edit::copy}); break;
        case Action::paste: commands.add(EditText{Edit::paste}); break;
        case Action::select_all: commands.add(EditText{Edit::select_all}); break;
        case Action::find: commands.add(FindInFocused{}); break;
        case Action::find_in_all: commands.add(FindInAll{}); break;
        default: break;  // done by the widget in focus
    }
}

void perform_pressed(const FrameView& frame, const ActionContext& context, Commands& commands) {
    for (const Shortcut& one : frame.shortcuts.all()) {
        if (!is_pressed(one) || !is_available(one.action, frame, context)) continue;
        // The prompt is always in front: its keys only take the keyboard there.
        if (one.action == Action::show_panel && one.panel == Panel::prompt) commands.add(ShowPanel{one.panel});
        if (one.action == Action::show_panel && one.panel != Panel::prompt) commands.add(TogglePanel{one.panel, true});
        if (one.action == Action::send && context.prompt.has_sent) continue;  // the box has taken these keys
        perform(one.action, frame, context, commands);
    }
}

}  // namespace llmc::gui
