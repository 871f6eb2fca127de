#include "gui/panels/candidate_panel.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gui/candidate_state.h"
#include "gui/step_words.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

// The figures at the right, as many as fit: given up in this order: time, decode tok/s, TTFT, tokens.
class Figures {
public:
    void add(int importance, std::string_view text) {
        if (text.empty() || count_ == parts_.size()) return;
        Part& part = parts_[count_++];
        part.importance = importance;
        part.size = std::min(text.size(), part.text.size());
        std::copy_n(text.data(), part.size, part.text.data());
    }
    template <class... Args>
    void format(int importance, fmt::format_string<Args...> format, Args&&... args) {
        std::array<char, 40> buffer{};
        const auto end = fmt::format_to_n(buffer.data(), buffer.size(), format, std::forward<Args>(args)...);
        add(importance, {buffer.data(), std::min(end.size, buffer.size())});
    }
    // What is left when only the `keep` most important ones are shown.
    std::string_view join(int keep, std::array<char, 200>& out) const {
        std::size_t used = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            if (parts_[i].importance >= keep) continue;
            const std::string_view gap = used == 0 ? "" : " · ";
            for (const std::string_view piece : {gap, std::string_view(parts_[i].text.data(), parts_[i].size)})
                for (const char c : piece)
                    if (used < out.size()) out[used++] = c;
        }
        return {out.data(), used};
    }

private:
    struct Part {
        int importance = 0;  // 0: the last to go
        std::array<char, 40> text{};
        std::size_t size = 0;
    };
    std::array<Part, 4> parts_;
    std::size_t count_ = 0;
};

Figures figures_of(const FrameView& frame, const session::Answer& answer) {
    Figures figures;
    const bool is_final = session::is_final(answer.state);
    const session::AnswerLive* live = is_final ? nullptr : &answer.stream->live();
    const metrics::AnswerMetrics& metrics = live ? live->metrics : answer.metrics;
    figures.format(0, "{}", metrics::tokens_text(metrics));
    if (session::is_failure(answer.state)) {
        if (metrics.end_to_end_latency_s) figures.format(1, "after {:.1f} s", *metrics.end_to_end_latency_s);
        return figures;
    }
    if (metrics.time_to_first_token_s) figures.format(1, "TTFT {}", seconds_text(*metrics.time_to_first_token_s));
    if (const std::string speed = metrics::decode_text(metrics); !speed.empty()) figures.format(2, "{}", speed);
    if (live && live->started != base::TimePoint{})
        figures.format(metrics.time_to_first_token_s ? 3 : 1, "{:.1f} s", base::seconds(frame.now - live->started));
    return figures;
}

// The full label: on a line of its own where the header's line has no room for all candidates' beside state and figures,
// so that windows of one width have headers of one height.
bool fits_header(const FrameView& frame, float width) {
    const float room = width - frame.theme.px(330);
    return std::ranges::all_of(frame.snapshot.labels, [&](const std::string& label) {
        return measure(frame, label, {.face = Face::semibold}).x <= room;
    });
}

void draw_name(const FrameView& frame, std::string_view label) {
    const Theme& theme = frame.theme;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    if (fits_header(frame, width)) return;
    std::array<char, 400> buffer{};
    const TextLook look{.face = Face::semibold};
    const std::size_t size = cut_middle(frame, label, look, width, buffer);
    paint_text(frame, {at.x, at.y - theme.px(2)}, {buffer.data(), size}, look, width + 1);
    ImGui::Dummy({width, theme.px(10)});
    if (size != label.size()) tooltip(frame, label);
}

void draw_header(const FrameView& frame, const session::Candidate& candidate, const session::Answer* answer) {
    const Theme& theme = frame.theme;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, height = theme.px(24);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float middle = at.y + height / 2;
    const auto text_y = [&](float size) { return middle - size * 0.6F - theme.px(1); };

    const CandidateState now = state_of(frame.snapshot, candidate);
    paint_dot(frame, {at.x + theme.px(5), middle - theme.px(1)}, now.dot);
    const TextLook state{.size = theme.text.quiet, .role = now.role};
    const TextLook quiet{.size = theme.text.quiet, .role = Role::weak};
    float x = at.x + theme.px(17);
    if (fits_header(frame, width))
        x += paint_text(frame, {x, text_y(theme.text.row)}, engine::label_of(frame.snapshot, candidate.id),
                        {.face = Face::semibold}, width) +
             theme.px(10);
    x += paint_text(frame, {x, text_y(state.size)}, now.word, state, at.x + width - x);
    if (answer && frame.snapshot.session.rounds.size() > 1) {
        std::array<char, 32> buffer{};
        const auto end = fmt::format_to_n(buffer.data(), buffer.size(), "round {}", answer->round);
        const std::string_view round(buffer.data(), end.size);
        if (x + theme.px(9) + measure(frame, round, quiet).x <= at.x + width)
            x += theme.px(9) + paint_text(frame, {x + theme.px(9), text_y(quiet.size)}, round, quiet, width);
    }
    if (answer && (answer->step_now.index > 0 || !answer->steps.empty())) {
        const std::string steps = steps_text(*answer);
        if (x + theme.px(9) + measure(frame, steps, quiet).x <= at.x + width)
            x += theme.px(9) + paint_text(frame, {x + theme.px(9), text_y(quiet.size)}, steps, quiet, width);
    }

    float right = at.x + width;
    if (answer) {
        const Figures figures = figures_of(frame, *answer);
        const TextLook look{.face = Face::mono, .size = theme.text.figure, .role = Role::weak};
        std::array<char, 200> buffer{};
        for (int keep = 4; keep > 0; --keep) {
            const std::string_view text = figures.join(keep, buffer);
            const float wide = measure(frame, text, look).x;
            if (x + theme.px(12) + wide > at.x + width) continue;
            right = at.x + width - wide;
            paint_text(frame, {right, text_y(look.size)}, text, look, wide + 1);
            break;
        }
    }
    // The server only where it fits whole: the figures are worth more.
    const std::string_view server = answer && !answer->server.empty() ? std::string_view(answer->server)
                                    : candidate.server.empty()        ? "any server"
                                                                      : std::string_view(candidate.server);
    const float room = right - x - theme.px(20);
    if (!frame.is_blind && measure(frame, server, quiet).x <= room)
        paint_text(frame, {x + theme.px(9), text_y(quiet.size)}, server, quiet, room);

    ImGui::Dummy({width, height});
    if (!frame.is_blind && ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal)) {
        const session::AnswerSettings settings = session::in_force(frame.snapshot.session.settings, candidate.own);
        std::string words;
        for (const session::Setting& setting : session::all_settings()) {
            const auto value = session::value_of(setting, settings);
            if (value.is_null() && !(setting.is_own() && setting.has_slider())) continue;
            words +=
                fmt::format("{}{} {}", words.empty() ? "" : " · ", setting.words, session::text_of(value, "not sent"));
        }
        tooltip(frame,
                fmt::format("{}{}\nserver: {}\n{}", candidate.display_name.empty() ? "" : candidate.display_name + "\n",
                            candidate.model_id, server, words));
    }
    list.AddLine({at.x - theme.px(12), at.y + height + theme.px(3)},
                 {at.x + width + theme.px(12), at.y + height + theme.px(3)}, theme[Role::line]);
    ImGui::Dummy({0, theme.px(1)});
}

}  // namespace

void open_find(CandidateView& view) {
    view.is_finding = true;
    view.wants_find_focus = true;
}

void end_find(CandidateView& view) {
    view.is_finding = false;
    view.conversation.set_pattern(nullptr);
}

void draw_candidate(const FrameView& frame, const session::Candidate& candidate, CandidateView& view, FindView& find,
                    Commands& commands) {
    const session::Answer* answer = engine::answer_now(frame.snapshot, candidate.id);
    draw_name(frame, engine::label_of(frame.snapshot, candidate.id));
    draw_header(frame, candidate, answer);
    if (candidate.is_removed) {
        draw_text(frame, candidate.is_skipped ? "Skipped: it takes no further part." : "It takes no further part.",
                  {.size = frame.theme.text.small, .role = Role::weak});
        ImGui::SameLine(0, frame.theme.px(10));
        if (link_button(frame, "Bring back", true, "It takes part again, from the next round on"))
            commands.engine(engine::ChangeCandidate{candidate, {}});
    }
    if (view.is_finding) {
        switch (draw_find_bar(frame, find, view.conversation, view.wants_find_focus)) {
            case FindWish::none: break;
            case FindWish::all_windows: commands.add(FindInAll{}); break;
            case FindWish::close: commands.add(EndFind{}); break;
        }
        if (ImGui::IsWindowFocused(ImGuiFocusedFlags_RootAndChildWindows)) {
            if (ImGui::Shortcut(ImGuiKey_F3, ImGuiInputFlags_Repeat)) view.conversation.find_next(true);
            if (ImGui::Shortcut(ImGuiMod_Shift | ImGuiKey_F3, ImGuiInputFlags_Repeat))
                view.conversation.find_next(false);
        }
    }
    if (!answer) {
        if (candidate.is_removed)
            empty_state(frame, "No longer a candidate", "Its answers stay in the reports.");
        else if (is_nowhere(frame.snapshot, candidate))
            empty_state(frame, "No server has this model",
                        "Choose another one under Configuration, or load it on a server and refresh (F5).");
        else
            empty_state(frame, "Ready for the first prompt",
                        "The answer to what you send in the Prompt window appears here, token by token.");
        return;
    }
    // The conversation reaches to the window's edges.
    ImGui::SetCursorPos({0, ImGui::GetCursorPosY() - (view.is_finding ? 0 : frame.theme.px(8))});
    const ImVec2 padding = ImGui::GetStyle().WindowPadding;
    const ImVec2 room = ImGui::GetContentRegionAvail();
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    view.conversation.draw(frame, candidate, {room.x + padding.x, room.y + padding.y}, commands);
    ImGui::PopStyleVar();
}

}  // namespace llmc::gui
