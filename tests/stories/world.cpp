#include "stories/world.h"

#include <algorithm>
#include <chrono>
#include <exception>

#include <fmt/format.h>
#include <imgui_impl_null.h>
#include <imgui_internal.h>
#include <imgui_te_coroutine.h>

namespace llmc::stories {
namespace {

constexpr std::chrono::milliseconds kRest{4};

// The context of Dear ImGui and of its test engine, for one window.
class Stage {
public:
    explicit Stage(std::vector<std::string>& troubles) : engine_(ImGuiTestEngine_CreateContext()) {
        context_ = ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.LogFilename = nullptr;
        io.ConfigFlags |= ImGuiConfigFlags_DockingEnable | ImGuiConfigFlags_NavEnableKeyboard;
        io.ConfigErrorRecoveryEnableAssert = false;
        io.ConfigErrorRecoveryEnableTooltip = false;
        context_->ErrorCallbackUserData = &troubles;
        context_->ErrorCallback = [](ImGuiContext*, void* list, const char* message) {
            static_cast<std::vector<std::string>*>(list)->emplace_back(message);
        };
        ImGui_ImplNull_Init();
        ImGuiTestEngineIO& test = ImGuiTestEngine_GetIO(engine_);
        test.ConfigSavedSettings = false;
        test.ConfigRunSpeed = ImGuiTestRunSpeed_Fast;
        test.ConfigNoThrottle = true;
        test.ConfigFixedDeltaTime = 1.0F / 60;
        test.ConfigCaptureEnabled = false;
        test.ConfigVerboseLevel = ImGuiTestVerboseLevel_Error;
        test.ConfigVerboseLevelOnError = ImGuiTestVerboseLevel_Info;
        test.ConfigLogToTTY = true;
        test.ConfigWatchdogWarning = test.ConfigWatchdogKillTest = FLT_MAX;
        ImGuiTestEngine_Start(engine_, context_);
    }
    ~Stage() {
        ImGui_ImplNull_Shutdown();
        ImGui::DestroyContext(context_);
        ImGuiTestEngine_DestroyContext(engine_);
    }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    ImGuiTestEngine& engine() { return *engine_; }

private:
    ImGuiTestEngine* engine_;
    ImGuiContext* context_ = nullptr;
};

}  // namespace

World::World() {
    config = config::defaults({path("config"), path("state"), path("cache"), path("documents")});
    config.report_folder = path("reports");
}

void World::add_server(const std::string& url, const std::string& name) {
    session::Server server{.url = net::BaseUrl::parse(url).value()};
    server.name = name;
    config.servers.push_back(std::move(server));
}

void World::add_model(const std::string& id, const std::string& label) {
    session::Candidate candidate;
    candidate.model_id = id;
    candidate.display_name = label;
    config.candidates.push_back(std::move(candidate));
}

demo::DemoServers World::demo(double tokens_per_s) {
    auto servers = demo::DemoServers::start({.tokens_per_s = tokens_per_s});
    REQUIRE(servers.ok());
    add_server(servers->servers()[0].url, "demo-1");
    add_server(servers->servers()[1].url, "demo-2");
    return std::move(*servers);
}

std::filesystem::path World::write(const std::string& name, std::string_view bytes) const {
    base::put(path(name), bytes);
    return path(name);
}

std::vector<std::filesystem::path> World::reports(std::string_view extension) const {
    std::vector<std::filesystem::path> found;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(path("reports"), ignored))
        if (entry.path().string().ends_with(extension)) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

gui::AppServices World::services() {
    gui::AppServices made;
    made.wake = [this] {
        const std::lock_guard lock(mutex_);
        has_news_ = true;
        news_.notify_one();
    };
    made.open_link = [this](std::string_view url) -> Result<void> {
        opened_links.emplace_back(url);
        return {};
    };
    made.open_path = [this](const std::filesystem::path& folder) -> Result<void> {
        opened_folders.push_back(folder);
        return {};
    };
    made.offer_selection = [this](const std::string& text) { selection = text; };
    made.selection = [this] { return selection; };
    made.renderer = "nothing";
    return made;
}

gui::AppOptions World::options() {
    gui::AppOptions made;
    made.config = config;
    made.config_path = path("config") / "config.json";
    made.folders = {path("config"), path("state"), path("cache"), path("documents")};
    made.config_trouble = config_trouble;
    made.files = files;
    made.discovery_ports = discovery_ports;
    auto remembered = gui::load_window_state(gui::window_state_path(made.folders.state));
    made.state = std::move(remembered.state);
    made.state_note = remembered_note = std::move(remembered.note);
    made.uses_builtin_fonts = true;
    made.uses_dialogs = false;
    if (clock) made.engine.clock = clock;
    return made;
}

void World::draw_frame(gui::App& app, ImGuiTestEngine& engine) {
    app.prepare(1);
    ImGui_ImplNull_NewFrame();
    ImGui::GetIO().DisplaySize = size;
    ImGui::NewFrame();
    gui::FrameRequests requests(base::SystemClock().now());
    app.draw(requests);
    next_frame_ = requests.earliest();
    // Two things of one name under the mouse: only one of them could ever be meant.
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    if (context.HoveredIdPreviousFrameItemCount > 1)
        troubles_.push_back(fmt::format("two items share a name in {}",
                                        context.HoveredWindow ? context.HoveredWindow->Name : "no window"));
    ImGui::Render();
    ImGui_ImplNullRender_RenderDrawData(ImGui::GetDrawData());
    ImGuiTestEngine_PreSwap(&engine);
    ImGuiTestEngine_PostSwap(&engine);
}

void World::rest() {
    std::unique_lock lock(mutex_);
    if (is_waiting_) news_.wait_for(lock, kRest, [this] { return has_news_; });
    has_news_ = false;
}

void World::start(const std::function<void(Window&)>& play) {
    troubles_.clear();
    std::exception_ptr thrown;
    bool has_finished = false;
    {
        Stage stage(troubles_);
        auto app = std::make_unique<gui::App>(services(), options());
        ImGuiTest* test = IM_REGISTER_TEST(&stage.engine(), "story", "play");
        test->TestFunc = [&](ImGuiTestContext* context) {
            try {
                Window window(*this, *app, *context);
                window.frames(8);  // until windows stand where they belong
                play(window);
                has_finished = true;
            } catch (...) {
                thrown = std::current_exception();  // goes on in the thread of the test
            }
        };
        ImGuiTestEngine_QueueTest(&stage.engine(), test);
        while (!ImGuiTestEngine_IsTestQueueEmpty(&stage.engine())) {
            draw_frame(*app, stage.engine());
            rest();
        }
        ImGuiTestEngine_Stop(&stage.engine());  // its hooks must not see the application go
        app.reset();
    }
    if (thrown) std::rethrow_exception(thrown);
    CHECK(has_finished);
    for (const std::string& trouble : troubles_) FAIL_CHECK(trouble);
}

}  // namespace llmc::stories
