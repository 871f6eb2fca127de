// What a story plays in: the whole window with its engine, without a display, driven as a person drives it.
//
// Thread contract: World::start() by the test's thread, which draws the frames; the play runs on a thread of its own in
// turns with it (a frame is drawn whenever the play yields), so that both may touch the application.
// Invariants: no story touches files outside its folder, the network beyond this machine, or the clock: it waits for
// conditions, frame by frame. What Dear ImGui finds wrong in a frame fails the story.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <imgui.h>
#include <imgui_te_context.h>
#include <imgui_te_engine.h>

#include "base/temp_folder.h"
#include "demo/demo_servers.h"
#include "gui/app.h"
#include "gui/panels/candidate_panel.h"
#include "gui/panels/compare_panel.h"
#include "gui/panels/prompt_panel.h"

namespace llmc::stories {

class World;

// The hand on mouse and keyboard, and the eye on what is shown. Items are named by paths: "//###prompt/###primary", or
// "//###candidate:c1/**/Retry" for the one with that name anywhere in a window. What cannot be done ends the story.
class Window {
public:
    Window(World& world, gui::App& app, ImGuiTestContext& context) : world_(world), app_(app), context_(context) {}
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    gui::App& app() { return app_; }
    const engine::Snapshot& now() const { return app_.snapshot(); }
    std::vector<std::string> queue() const {
        std::vector<std::string> prompts;
        for (const auto& one : now().session.queue) prompts.push_back(one->prompt);
        return prompts;
    }
    ImGuiTestContext& hand() { return context_; }

    void frames(int count = 1);
    // Draws frames until `condition` holds; the story fails where it does not within seconds.
    void wait_until(const char* what, const std::function<bool()>& condition);
    void wait_for_activity(engine::Activity activity);
    void wait_for_rounds(int rounds);  // so many are there, all their answers ended, and nothing runs
    void wait_for_models();            // all servers were asked

    void click(ImGuiTestRef item, ImGuiMouseButton mouse = 0);
    void choose(const char* menu_path);                     // "File/Quit"
    void choose_candidate(const session::CandidateId& id);  // View, Candidates
    void press(ImGuiKeyChord keys);
    void type(std::string_view text);  // into what has the focus
    void fill(ImGuiTestRef field, const char* text, bool ends_with_enter = false);
    void focus(ImGuiTestRef window);
    bool has(ImGuiTestRef item);
    bool is_enabled(ImGuiTestRef item);  // it has to be there
    bool can_use(ImGuiTestRef item);     // it is there, and enabled: to be waited for

    // An item in a child window, by its path there.
    ImGuiID in(const char* window, const char* child, const char* path);
    ImGuiID setting(const char* path) { return in("//###configuration", "settings", path); }
    ImGuiWindow* shown(const char* name);  // a window that is there now, else nullptr
    bool is_in_front(const char* name);    // it is there and no other tab covers it

    void write_prompt(std::string_view text);           // into the box, as typed
    void send(std::string_view text);                   // and Ctrl+Enter
    bool asks();                                        // a question is open
    void give_path(const std::filesystem::path& path);  // where a question asks for one
    // Both themes, large and small windows, text of every size; ends with the usual ones.
    void in_all_looks(const std::function<void()>& look);
    std::string clipboard() const;
    bool has_toast(std::string_view words) const;
    bool has_logged(std::string_view words) const;
    const session::Answer& answer(int round, const session::CandidateId& candidate) const;
    session::AnswerState state(int round, const session::CandidateId& candidate) const;

private:
    void must_go_on();

    World& world_;
    gui::App& app_;
    ImGuiTestContext& context_;
};

class World {
public:
    World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    void add_server(const std::string& url, const std::string& name = {});
    void add_model(const std::string& id, const std::string& label = {});
    // Both demo servers, which answer at once unless told otherwise.
    demo::DemoServers demo(double tokens_per_s = 0);

    // Opens the window, lets `play` use it and closes it; what it remembers is there at the next start.
    void start(const std::function<void(Window&)>& play);

    std::filesystem::path path(const std::string& name) const { return folder_ / name; }
    std::filesystem::path write(const std::string& name, std::string_view bytes) const;
    std::vector<std::filesystem::path> reports(std::string_view extension) const;
    // When the window has asked to be drawn again by itself.
    const std::optional<base::TimePoint>& next_frame() const { return next_frame_; }

    config::Config config;
    std::string config_trouble;                // why the file could not be read
    std::vector<std::filesystem::path> files;  // on the command line
    std::vector<int> discovery_ports;          // where servers are looked for
    std::shared_ptr<const base::Clock> clock;  // null: the system's
    ImVec2 size{1600, 900};
    std::string selection;  // of the desktop
    std::vector<std::string> opened_links;
    std::vector<std::filesystem::path> opened_folders;
    std::string remembered_note;

private:
    friend class Window;

    gui::AppServices services();
    gui::AppOptions options();
    void draw_frame(gui::App& app, ImGuiTestEngine& engine);
    void rest();  // until something has happened, for some milliseconds at most

    base::TempFolder folder_;
    std::mutex mutex_;
    std::condition_variable news_;
    bool has_news_ = false;
    bool is_waiting_ = false;  // the play waits: frames need not be drawn as fast as they can be
    std::optional<base::TimePoint> next_frame_;
    std::vector<std::string> troubles_;  // what Dear ImGui has found wrong
};

}  // namespace llmc::stories
