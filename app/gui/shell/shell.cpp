#include "gui/shell/shell.h"

#include <atomic>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include "gui/shell/frame_pacer.h"
#include "gui/shell/imgui_needs.h"
#include "gui/shell/selection.h"
#include "gui/shell/system_events.h"
#include "gui/shell/window.h"

namespace llmc::gui {
namespace {

class Services final : public ShellServices {
public:
    explicit Services(const Window& window) : window_(window) {}
    void wake() override { Window::post_wake(); }
    WindowPlace place() const override { return window_.place(); }
    const std::string& renderer() const override { return window_.renderer(); }
    void offer_selection(const std::string& text) override { gui::offer_selection(text); }
    std::string selection() override { return gui::selection(); }

private:
    const Window& window_;
};

// Dear ImGui's context with its backends, on one window.
class ImGuiScope {
public:
    explicit ImGuiScope(GLFWwindow* window) {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;  // the content remembers the layout
        io.LogFilename = nullptr;
        io.ConfigFlags |= ImGuiConfigFlags_DockingEnable | ImGuiConfigFlags_NavEnableKeyboard;
        io.ConfigErrorRecoveryEnableTooltip = false;  // a defect of a panel is no message for people
        is_ready_ = ImGui_ImplGlfw_InitForOpenGL(window, false) && ImGui_ImplOpenGL3_Init("#version 330 core");
    }
    ~ImGuiScope() {
        const ImGuiIO& io = ImGui::GetIO();
        if (io.BackendRendererUserData) ImGui_ImplOpenGL3_Shutdown();
        if (io.BackendPlatformUserData) ImGui_ImplGlfw_Shutdown();
        ImGui::DestroyContext();
    }
    ImGuiScope(const ImGuiScope&) = delete;
    ImGuiScope& operator=(const ImGuiScope&) = delete;

    bool is_ready() const { return is_ready_; }

private:
    bool is_ready_ = false;
};

constexpr int kMostFramesOfPicture = 12;  // of some 1 ms each

class Loop {
public:
    Loop(Window& window, Content& content, const std::atomic<int>& signals)
        : window_(window), content_(content), signals_(signals) {}

    Result<int> run() {
        while (!is_over()) {
            window_.wait(pacer_.wait(clock_.now()));
            take_events();
            look_for_news();
            follow_focus(window_.is_focused());
            pacer_.set_minimised(window_.is_minimised());
            pacer_.set_streaming(content_.is_streaming());
            if (pacer_.is_due(clock_.now())) {
                if (const auto drawn = draw(); !drawn) return drawn.error();
            }
            if (content_.takes_attention() && !window_.is_focused()) window_.request_attention();
            window_.set_title(content_.title());
        }
        return 0;
    }

private:
    bool is_over() const { return is_closed_ || content_.wants_to_quit(); }

    void take_events() {
        auto events = window_.take_events();
        if (!events.dropped.empty()) content_.on_drop(std::move(events.dropped));
        if (events.wants_close && content_.on_close(false)) is_closed_ = true;
        const int signals = signals_;
        if (signals != signals_seen_) {
            signals_seen_ = signals;
            events.has_input = true;
            if (content_.on_close(true)) is_closed_ = true;
        }
        if (events.has_input || has_queued_input()) {
            pacer_.on_input();
            last_input_ = clock_.now();
        }
    }

    void follow_focus(bool is_focused) {
        pacer_.set_focused(is_focused);
        if (is_focused && !std::exchange(is_focused_, is_focused)) content_.on_focus();
        is_focused_ = is_focused;
    }

    void look_for_news() {
        const auto now = clock_.now();
        if (pacer_.may_look(now)) pacer_.on_look(now, content_.has_news());
    }

    Result<void> draw() {
        const auto now = clock_.now();
        ImGui::GetIO().ConfigInputTextCursorBlink = now - last_input_ < kBlinkTime;
        ImGui_ImplOpenGL3_NewFrame();
        // Dear ImGui takes a key and its release one frame after another: what is typed faster than pictures are shown
        // is taken by frames that nobody sees.
        for (int frames = 1;; ++frames) {
            const auto next = make_frame(now);
            const bool is_behind = has_queued_input();
            if (is_behind && frames < kMostFramesOfPicture) continue;
            if (is_behind) pacer_.on_input();
            pacer_.on_frame(now, next);
            break;
        }

        const ImVec4& back = ImGui::GetStyle().Colors[ImGuiCol_DockingEmptyBg];
        if (const auto begun = window_.begin_picture({back.x, back.y, back.z, 1}); !begun) return begun;
        ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
        return window_.show_picture();
    }

    // Gives when the next one was asked for.
    std::optional<base::TimePoint> make_frame(base::TimePoint now) {
        content_.prepare(window_.scale());
        ImGui_ImplGlfw_NewFrame();
        limit_frame_time();
        ImGui::NewFrame();
        FrameRequests requests(now);
        content_.draw(requests);
        request_frames(requests, now);
        ImGui::Render();
        return requests.earliest();
    }

    Window& window_;
    Content& content_;
    const std::atomic<int>& signals_;
    base::SystemClock clock_;
    FramePacer pacer_;
    base::TimePoint last_input_ = clock_.now();
    int signals_seen_ = 0;
    bool is_closed_ = false;
    bool is_focused_ = false;
};

}  // namespace

Result<int> run_window(const WindowOptions& options, const MakeContent& make_content) {
    open_closed_standard_streams();
    auto window = Window::open(options);
    if (!window) return window.error();
    const ImGuiScope imgui((*window)->handle());
    if (!imgui.is_ready()) {
        return Error{ErrorKind::io,
                     "the window cannot be opened: Dear ImGui found no usable OpenGL. The commands work "
                     "without a window: llm-compare run --help"};
    }
    Services services(**window);
    std::atomic<int> signals{0};
    const Signals on_signal([&signals] {
        ++signals;
        Window::post_wake();
    });
    std::unique_ptr<Content> content = make_content(services);
    const DisplayGuard guard([&content] {
        print_last_words("llm-compare: the connection to the display is lost. The session is being saved.");
        content.reset();  // its destructor saves
    });
    (*window)->show();
    auto ended = Loop(**window, *content, signals).run();
    content.reset();
    return ended;
}

}  // namespace llmc::gui
