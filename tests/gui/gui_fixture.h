// A frame to draw into without a window system, and sessions as the engine would give them.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include <doctest/doctest.h>
#include <imgui.h>

#include "gui/frame_view.h"

namespace llmc::gui::test {

// All that a FrameView refers to. What is tested is changed in place.
struct FrameParts {
    engine::Snapshot snapshot;
    engine::Preflight preflight;
    SetupState setup;
    Theme theme = make_theme(ThemeKind::dark, 1);
    Fonts fonts;
    Shortcuts shortcuts;
    std::deque<LogEntry> log;
    ReportPreview preview;
    ProbeState probes;
    JudgingState judging;
    FrameRequests requests{base::TimePoint{}};
    TypedField typed;
    std::uint64_t revision = 1;

    FrameView view() {
        return {.snapshot = snapshot,
                .preflight = preflight,
                .setup = setup,
                .theme = theme,
                .fonts = fonts,
                .shortcuts = shortcuts,
                .log = log,
                .preview = preview,
                .probes = probes,
                .judging = judging,
                .revision = revision,
                .requests = requests,
                .typed = typed};
    }
};

inline void add_candidate(engine::Snapshot& snapshot, const std::string& id, const std::string& label) {
    session::Candidate candidate;
    candidate.id = id;
    candidate.model_id = label;
    snapshot.session.candidates.push_back(candidate);
    snapshot.labels.push_back(label);
}

inline session::Answer answer(const std::string& candidate, std::string_view text, std::string_view reasoning = {},
                              session::AnswerState state = session::AnswerState::complete) {
    session::Answer made;
    made.candidate = candidate;
    made.state = state;
    made.stream = *session::AnswerStream::holding(text, reasoning);
    return made;
}

inline session::Round& add_round(engine::Snapshot& snapshot, const std::string& prompt,
                                 std::vector<session::Answer> answers) {
    auto round = std::make_shared<session::Round>();
    round->number = static_cast<int>(snapshot.session.rounds.size()) + 1;
    round->prompt = prompt;
    for (session::Answer& one : answers) one.round = round->number;
    round->answers = std::move(answers);
    session::Round& added = *round;
    snapshot.round_now = round->number;
    snapshot.rounds_of.assign(snapshot.session.candidates.size(), round->number);
    snapshot.session.rounds.push_back(std::move(round));
    return added;
}

// So many prompts wait.
inline void set_queue(engine::Snapshot& snapshot, std::size_t count) {
    snapshot.session.queue = session::queue_of(std::vector(count, session::QueuedPrompt{.prompt = "q"}));
}

// Dear ImGui's context with the built-in font; draws what is given into one window.
class Canvas {
public:
    explicit Canvas(FrameParts& parts) : parts_(parts) {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = {1000, 800};
        io.DeltaTime = 1.0F / 60;
        io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
        parts.fonts.load_builtin();
        apply(parts.theme, ImGui::GetStyle());
    }
    ~Canvas() { ImGui::DestroyContext(); }
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;

    template <class Contents>
    void draw(const Contents& contents, ImVec2 size = {600, 500}) {
        ImGui::NewFrame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize(size);
        ImGui::Begin("canvas", nullptr, ImGuiWindowFlags_NoDecoration);
        contents(parts_.view());
        ImGui::End();
        ImGui::Render();
        for (ImTextureData* texture : ImGui::GetPlatformIO().Textures)
            if (texture->Status != ImTextureStatus_OK) texture->SetStatus(ImTextureStatus_OK);
    }

private:
    FrameParts& parts_;
};

}  // namespace llmc::gui::test
