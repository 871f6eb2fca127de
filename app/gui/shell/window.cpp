#include "gui/shell/window.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

#include <glad/gl.h>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <fmt/format.h>
#include <imgui_impl_glfw.h>

#include "gui/shell/imgui_needs.h"
#include "gui/shell/window_icon.h"

namespace llmc::gui {
namespace {

constexpr const char* kApplicationId = "llm-compare";  // the desktop entry's name, and its StartupWMClass
constexpr unsigned kNoReset = 0;                       // GL_NO_ERROR of the robustness extension

// What GLFW said last, for messages; its error callback only needs it while a window is opened.
std::string last_error() {
    const char* text = nullptr;
    glfwGetError(&text);
    return text ? text : "no reason was given";
}

Error no_window(const std::string& why) {
    return {ErrorKind::io,
            fmt::format("the window cannot be opened: {}. The commands work without a window: llm-compare run --help",
                        why)};
}

bool has_display() {
    const auto is_set = [](const char* name) {
        const char* value = std::getenv(name);
        return value && *value;
    };
    return is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
}

bool is_wayland() {
#if GLFW_VERSION_MAJOR > 3 || GLFW_VERSION_MINOR >= 4
    return glfwGetPlatform() == GLFW_PLATFORM_WAYLAND;
#else
    return false;
#endif
}

std::vector<WorkArea> work_areas() {
    int count = 0;
    GLFWmonitor** monitors = glfwGetMonitors(&count);
    std::vector<WorkArea> areas;
    for (int i = 0; i < count; ++i) {
        WorkArea area;
        glfwGetMonitorWorkarea(monitors[i], &area.x, &area.y, &area.width, &area.height);
        if (area.width > 0 && area.height > 0) areas.push_back(area);
    }
    return areas;
}

// In eighths: what a display says of its size gives odd numbers (1.0417), which would make text blurred. Displays that
// do not know their size say nonsense.
float whole_scale(float scale) {
    if (!std::isfinite(scale) || scale <= 0) return 1;
    return std::clamp(std::round(scale * 8) / 8, 0.5F, 4.0F);
}

void set_hints(bool is_robust) {
    glfwDefaultWindowHints();
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    if (is_robust) glfwWindowHint(GLFW_CONTEXT_ROBUSTNESS, GLFW_LOSE_CONTEXT_ON_RESET);
    // Dear ImGui smooths its edges itself and needs no depth: without them software drivers have half the work.
    glfwWindowHint(GLFW_SAMPLES, 0);
    glfwWindowHint(GLFW_DEPTH_BITS, 0);
    glfwWindowHint(GLFW_STENCIL_BITS, 0);
    glfwWindowHint(GLFW_ALPHA_BITS, 0);
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
    glfwWindowHintString(GLFW_X11_CLASS_NAME, kApplicationId);
    glfwWindowHintString(GLFW_X11_INSTANCE_NAME, kApplicationId);
#ifdef GLFW_WAYLAND_APP_ID
    glfwWindowHintString(GLFW_WAYLAND_APP_ID, kApplicationId);
#endif
}

InputMethod::Key kind_of(int key, int scancode, int mods) {
    using Key = InputMethod::Key;
    if (key >= GLFW_KEY_LEFT_SHIFT && key <= GLFW_KEY_RIGHT_SUPER) return Key::modifier;
    if (key == GLFW_KEY_CAPS_LOCK || key == GLFW_KEY_NUM_LOCK || key == GLFW_KEY_SCROLL_LOCK) return Key::modifier;
    if (mods & (GLFW_MOD_CONTROL | GLFW_MOD_ALT | GLFW_MOD_SUPER)) return Key::other;
    if ((key >= GLFW_KEY_ESCAPE && key <= GLFW_KEY_END) || key == GLFW_KEY_KP_ENTER) return Key::editing;
    if (key >= GLFW_KEY_KP_0 && key <= GLFW_KEY_KP_EQUAL) return Key::other;  // may be arrows, without NumLock
    return key == GLFW_KEY_SPACE || glfwGetKeyName(key, scancode) ? Key::writing : Key::other;
}

bool ends_composition(int key) {
    return key == GLFW_KEY_ENTER || key == GLFW_KEY_KP_ENTER || key == GLFW_KEY_ESCAPE;
}

}  // namespace

// GLFW's callbacks: C functions that find their Window by the user pointer.
struct WindowCallbacks {
    static Window& of(GLFWwindow* handle) { return *static_cast<Window*>(glfwGetWindowUserPointer(handle)); }

    static void key(GLFWwindow* handle, int key, int scancode, int action, int mods) {
        // Repeats are not for Dear ImGui, which makes its own, but are keys for an input method.
        const bool is_ours = action == GLFW_RELEASE ||
                             of(handle).input_method_.on_press(kind_of(key, scancode, mods), ends_composition(key));
        if (!is_ours) return;
        if (kind_of(key, scancode, mods) == InputMethod::Key::modifier) keep_chords_apart();
        ImGui_ImplGlfw_KeyCallback(handle, key, scancode, action, mods);
    }
    static void character(GLFWwindow* handle, unsigned code) {
        of(handle).input_method_.on_character();
        ImGui_ImplGlfw_CharCallback(handle, code);
    }
    static void button(GLFWwindow* handle, int button, int action, int mods) {
        of(handle).input_method_.on_break();
        ImGui_ImplGlfw_MouseButtonCallback(handle, button, action, mods);
    }
    static void focus(GLFWwindow* handle, int is_focused) {
        of(handle).input_method_.on_break();
        of(handle).is_focused_ = is_focused != 0;
        of(handle).events_.has_input = true;
        ImGui_ImplGlfw_WindowFocusCallback(handle, is_focused);
    }
    static void iconify(GLFWwindow* handle, int is_minimised) {
        of(handle).is_minimised_ = is_minimised != 0;
        of(handle).events_.has_input = true;
    }
    static void maximise(GLFWwindow* handle, int is_maximised) {
        of(handle).is_maximised_ = is_maximised != 0;
        of(handle).events_.has_input = true;
    }
    static void move(GLFWwindow* handle, int, int) { of(handle).note_place(); }
    static void resize(GLFWwindow* handle, int, int) {
        of(handle).note_place();
        of(handle).events_.has_input = true;
    }
    static void damage(GLFWwindow* handle) { of(handle).events_.has_input = true; }
    static void rescale(GLFWwindow* handle, float, float) { of(handle).events_.has_input = true; }
    static void close(GLFWwindow* handle) {
        glfwSetWindowShouldClose(handle, GLFW_FALSE);  // the content decides
        of(handle).events_.wants_close = true;
        of(handle).events_.has_input = true;
    }
    static void drop(GLFWwindow* handle, int count, const char** paths) {
        for (int i = 0; i < count; ++i) of(handle).events_.dropped.emplace_back(paths[i]);
        of(handle).events_.has_input = true;
    }
};

Result<std::unique_ptr<Window>> Window::open(const WindowOptions& options) {
    if (!has_display()) {
        return Error{ErrorKind::io,
                     "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set). The commands work "
                     "without one: llm-compare run --help"};
    }
    if (!glfwInit()) return no_window(last_error());
    std::unique_ptr<Window> window(new Window);  // from here on its destructor ends GLFW

    const auto monitors = work_areas();
    float scale = 1, unused = 1;
    if (GLFWmonitor* primary = glfwGetPrimaryMonitor()) glfwGetMonitorContentScale(primary, &scale, &unused);
    if (is_wayland()) scale = 1;  // sizes are the compositor's there
    const WindowPlace place =
        options.place ? clamp_to_monitors(*options.place, monitors) : first_place(monitors, whole_scale(scale));
    for (const bool is_robust : {true, false}) {
        set_hints(is_robust);
        window->handle_ = glfwCreateWindow(place.width, place.height, options.title.c_str(), nullptr, nullptr);
        if (window->handle_) break;
    }
    if (!window->handle_) return no_window(last_error() + " (OpenGL 3.3 is needed)");
    glfwMakeContextCurrent(window->handle_);
    if (gladLoadGL(glfwGetProcAddress) == 0) return no_window("OpenGL 3.3 is needed, and could not be loaded");
    // The compositor keeps Wayland's pictures whole, and a swap may block there while the window is hidden.
    glfwSwapInterval(is_wayland() ? 0 : 1);
    window->reset_status_ = reinterpret_cast<unsigned (*)()>(glfwGetProcAddress("glGetGraphicsResetStatusARB"));
    const auto gl_text = [](GLenum name) { return reinterpret_cast<const char*>(glGetString(name)); };
    const char* renderer = gl_text(GL_RENDERER);
    const char* version = gl_text(GL_VERSION);
    window->renderer_ = fmt::format("{}, OpenGL {}", renderer ? renderer : "unknown", version ? version : "unknown");

    glfwSetWindowSizeLimits(window->handle_, kMinWindowWidth, kMinWindowHeight, GLFW_DONT_CARE, GLFW_DONT_CARE);
    if (!is_wayland()) {
        glfwSetWindowPos(window->handle_, place.x, place.y);
        std::array<GLFWimage, kWindowIcons.size()> icons{};
        for (std::size_t i = 0; i < icons.size(); ++i) {
            icons[i] = {kWindowIcons[i].size, kWindowIcons[i].size, const_cast<unsigned char*>(kWindowIcons[i].rgba)};
        }
        glfwSetWindowIcon(window->handle_, static_cast<int>(icons.size()), icons.data());
    }
    window->title_ = options.title;
    window->normal_ = window->current_ = place;
    window->is_maximised_ = place.is_maximised;
    if (place.is_maximised) glfwMaximizeWindow(window->handle_);
    window->listen();
    return window;
}

void Window::listen() {
    glfwSetWindowUserPointer(handle_, this);
    // Dear ImGui's backend is called from these, not installed over them: some keys are not for it.
    glfwSetKeyCallback(handle_, WindowCallbacks::key);
    glfwSetCharCallback(handle_, WindowCallbacks::character);
    glfwSetMouseButtonCallback(handle_, WindowCallbacks::button);
    glfwSetScrollCallback(handle_, ImGui_ImplGlfw_ScrollCallback);
    glfwSetCursorPosCallback(handle_, ImGui_ImplGlfw_CursorPosCallback);
    glfwSetCursorEnterCallback(handle_, ImGui_ImplGlfw_CursorEnterCallback);
    glfwSetWindowFocusCallback(handle_, WindowCallbacks::focus);
    glfwSetWindowIconifyCallback(handle_, WindowCallbacks::iconify);
    glfwSetWindowMaximizeCallback(handle_, WindowCallbacks::maximise);
    glfwSetWindowPosCallback(handle_, WindowCallbacks::move);
    glfwSetWindowSizeCallback(handle_, WindowCallbacks::resize);
    glfwSetWindowRefreshCallback(handle_, WindowCallbacks::damage);
    glfwSetWindowContentScaleCallback(handle_, WindowCallbacks::rescale);
    glfwSetWindowCloseCallback(handle_, WindowCallbacks::close);
    glfwSetDropCallback(handle_, WindowCallbacks::drop);
}

Window::~Window() {
    if (handle_) glfwDestroyWindow(handle_);
    glfwTerminate();
}

void Window::show() {
    glfwShowWindow(handle_);
    is_focused_ = glfwGetWindowAttrib(handle_, GLFW_FOCUSED) != 0;
}

void Window::wait(std::optional<base::Duration> at_most) {
    if (!at_most) {
        glfwWaitEvents();
    } else if (*at_most <= base::Duration::zero()) {
        glfwPollEvents();
    } else {
        glfwWaitEventsTimeout(std::max(base::seconds(*at_most), 0.0001));
    }
}

void Window::post_wake() {
    glfwPostEmptyEvent();
}

// A window manager that maximises tells the new size before it says that the window is maximised: a place counts as one
// to go back to only when it has lasted for a moment.
void Window::keep_place() {
    const auto now = base::SystemClock().now();
    if (!is_maximised_ && now - current_since_ > std::chrono::milliseconds{500}) normal_ = current_;
    current_since_ = now;
}

void Window::note_place() {
    keep_place();
    int width = 0, height = 0;
    glfwGetWindowSize(handle_, &width, &height);
    if (width <= 0 || height <= 0) return;
    current_.width = width;
    current_.height = height;
    if (!is_wayland()) glfwGetWindowPos(handle_, &current_.x, &current_.y);
}

WindowPlace Window::place() const {
    WindowPlace place = is_maximised_ ? normal_ : current_;
    place.is_maximised = is_maximised_;
    return place;
}

float Window::scale() const {
    return whole_scale(ImGui_ImplGlfw_GetContentScaleForWindow(handle_));
}

void Window::set_title(const std::string& title) {
    if (title == title_) return;
    title_ = title;
    glfwSetWindowTitle(handle_, title.c_str());
}

void Window::request_attention() {
    glfwRequestWindowAttention(handle_);
}

Result<void> Window::begin_picture(const float (&color)[4]) {
    if (reset_status_ && reset_status_() != kNoReset) {
        return Error{ErrorKind::io, "the window's picture is lost: the graphics driver was reset"};
    }
    int width = 0, height = 0;
    glfwGetFramebufferSize(handle_, &width, &height);
    glViewport(0, 0, width, height);
    glClearColor(color[0], color[1], color[2], color[3]);
    glClear(GL_COLOR_BUFFER_BIT);
    return {};
}

Result<void> Window::show_picture() {
    glfwGetError(nullptr);
    glfwSwapBuffers(handle_);
    if (const char* why = nullptr; glfwGetError(&why) != GLFW_NO_ERROR) {
        return Error{ErrorKind::io, fmt::format("the window's picture is lost: {}", why ? why : "no reason was given")};
    }
    return {};
}

}  // namespace llmc::gui
