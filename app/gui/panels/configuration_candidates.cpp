// The candidates in the Configuration panel: rows that can be opened, moved, doubled and taken out.
#include <algorithm>

#include "gui/panels/configuration_view.h"

namespace llmc::gui {
namespace {

constexpr const char* kRowHelp = "Alt+Up, Alt+Down or dragging moves it · Ctrl+D doubles it · Del takes it out";

enum class Wish { none, up, down, duplicate, remove };

// What is asked of the row that was drawn last.
Wish wish_of_row() {
    const int step = wants_to_move();
    if (step != 0) return step < 0 ? Wish::up : Wish::down;
    if (wants_to_go()) return Wish::remove;
    if (ImGui::IsItemFocused() && ImGui::IsKeyChordPressed(ImGuiMod_Ctrl | ImGuiKey_D)) return Wish::duplicate;
    return Wish::none;
}

void fulfil(ConfigurationParts& parts, Wish wish, std::size_t index) {
    auto& candidates = parts.setup.draft.candidates;
    switch (wish) {
        case Wish::none: return;
        case Wish::up:
            if (index > 0) std::swap(candidates[index], candidates[index - 1]);
            return;
        case Wish::down:
            if (index + 1 < candidates.size()) std::swap(candidates[index], candidates[index + 1]);
            return;
        case Wish::remove: candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(index)); return;
        case Wish::duplicate: {
            session::Candidate twin = candidates[index];
            twin.id = parts.setup.new_candidate(twin.model_id).id;
            candidates.pop_back();
            candidates.insert(candidates.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(twin));
            parts.view.open_candidate_of(candidates[index + 1].id);
            return;
        }
    }
}

// Actions for the mouse, as the keys for the keyboard.
Wish draw_actions(ConfigurationParts& parts, std::size_t index) {
    const FrameView& frame = parts.frame;
    Wish wish = Wish::none;
    if (link_button(frame, "Done")) parts.view.open_candidate_of({});
    ImGui::SameLine();
    if (link_button(frame, "Cancel", true, "Esc: as it was when it was opened") || wants_to_cancel(parts.view)) {
        if (parts.view.candidate_before) parts.setup.draft.candidates[index] = *parts.view.candidate_before;
        parts.view.texts.forget();
        parts.view.open_candidate_of({});
    }
    ImGui::SameLine();
    if (link_button(frame, "Up", index > 0)) wish = Wish::up;
    ImGui::SameLine();
    if (link_button(frame, "Down", index + 1 < parts.setup.draft.candidates.size())) wish = Wish::down;
    ImGui::SameLine();
    if (link_button(frame, "Duplicate")) wish = Wish::duplicate;
    ImGui::SameLine();
    if (link_button(frame, "Remove")) wish = Wish::remove;
    return wish;
}

// What was skipped stays in sight: it can come back.
void draw_skipped(ConfigurationParts& parts) {
    const FrameView& frame = parts.frame;
    for (const session::Candidate& candidate : frame.snapshot.session.candidates) {
        if (!candidate.is_skipped) continue;
        const std::string second =
            candidate.display_name.empty() ? std::string("skipped") : "skipped · " + candidate.model_id;
        ImGui::PushID(candidate.id.c_str());
        if (row(frame, "skipped",
                {.dot = Dot::weak,
                 .title = engine::label_of(frame.snapshot, candidate.id),
                 .second = second,
                 .right = "Bring back",
                 .right_role = Role::accent}))
            parts.commands.engine(engine::ChangeCandidate{candidate, {}});
        tooltip(frame, "It takes part again, from the next round on");
        ImGui::PopID();
    }
}

}  // namespace

void draw_candidates(ConfigurationParts& parts) {
    const FrameView& frame = parts.frame;
    ConfigurationView::State& view = parts.view;
    const auto& candidates = parts.setup.draft.candidates;
    ImGui::PushID("candidates");
    const bool is_asked = section_heading(frame, "Candidates", "+ Add");
    if (std::exchange(view.wants_picker, false) || is_asked) {
        view.filter.clear();
        view.picked = 0;
        view.focuses_filter = true;
        ImGui::OpenPopup("models");
    }
    draw_model_picker(parts);

    Wish wish = Wish::none;
    std::size_t wished = 0;
    for (std::size_t i = 0; i < view.candidate_rows.size() && i < candidates.size(); ++i) {
        const SetupRow& what = view.candidate_rows[i];
        if (candidates[i].is_removed) continue;
        const bool waits = what.trouble.empty() && parts.setup.waits(candidates[i]);
        ImGui::PushID(candidates[i].id.c_str());
        const bool is_open = view.open_candidate == candidates[i].id;
        if (row(frame, "candidate",
                {.dot = what.dot,
                 .title = what.title,
                 .second = what.second,
                 .right = waits ? kFromNextRound : std::string_view(what.right),
                 .right_role = waits ? Role::accent : what.right_role,
                 .is_chosen = is_open,
                 .second_keeps_end = true}))
            view.open_candidate_of(is_open ? session::CandidateId{} : candidates[i].id);
        if (!is_open)
            tooltip(frame, what.trouble.empty() ? std::string_view(kRowHelp) : std::string_view(what.trouble));
        if (const Wish asked = wish_of_row(); asked != Wish::none) {
            wish = asked;
            wished = i;
        }
        if (is_open) {
            const EdgeBox box(frame, Role::accent, Role::bg1);
            draw_candidate_editor(parts, i);
            if (const Wish asked = draw_actions(parts, i); asked != Wish::none) {
                wish = asked;
                wished = i;
            }
        }
        ImGui::PopID();
    }
    fulfil(parts, wish, wished);
    draw_skipped(parts);
    if (candidates.empty()) {
        note(frame, view.models.empty() ? "No model is chosen. Once a server is there, + Add lists its models."
                                        : "No model is chosen.");
        if (!view.models.empty() && button(frame, "Choose models…")) view.wants_picker = true;
    }
    ImGui::PopID();
}

}  // namespace llmc::gui
