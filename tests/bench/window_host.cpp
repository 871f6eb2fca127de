#include "window_host.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <mutex>

#include <imgui.h>
#include <imgui_impl_null.h>

#include "gui/shell/imgui_needs.h"
#include "window_allocations.h"

namespace llmc::bench {
namespace {

double thread_cpu_ms() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

gui::AppOptions options_for(const Taking& taking, const std::filesystem::path& folder) {
    gui::AppOptions options;
    options.folders = {folder / "config", folder / "state", folder / "cache", folder / "documents"};
    options.config = config::defaults(options.folders);
    options.config_path = options.folders.config / "config.json";
    for (const std::string& url : taking.urls)
        options.config.servers.push_back({.url = net::BaseUrl::parse(url).value()});
    for (const std::string& model : taking.models) options.config.candidates.push_back({.model_id = model});
    options.config.settings.max_tokens = 1'000'000;
    options.config.settings.timeout_s = 3600;
    options.remembers = false;
    options.uses_dialogs = false;
    return options;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "llm-compare-bench-XXXXXX").string();
    if (!mkdtemp(name.data())) {
        std::perror(name.c_str());
        std::exit(1);
    }
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

struct NullWindow::Wake {
    std::mutex mutex;
    std::condition_variable happened;
    bool is_awake = false;

    void post() {
        {
            const std::lock_guard lock(mutex);
            is_awake = true;
        }
        happened.notify_one();
    }
};

NullWindow::NullWindow(const Taking& taking, std::vector<std::filesystem::path> files)
    : wake_(std::make_shared<Wake>()), last_frame_(clock_.now()) {
    count_imgui_allocations();
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_DockingEnable | ImGuiConfigFlags_NavEnableKeyboard;
    ImGui_ImplNull_Init();
    gui::AppServices services;
    services.wake = [wake = wake_] { wake->post(); };
    services.place = [] { return std::nullopt; };
    gui::AppOptions options = options_for(taking, folder_.path());
    options.files = std::move(files);
    app_ = std::make_unique<gui::App>(std::move(services), std::move(options));
}

NullWindow::~NullWindow() {
    app_.reset();
    ImGui_ImplNull_Shutdown();
    ImGui::DestroyContext();
}

void NullWindow::send(std::string prompt) {
    app_->run(gui::ToEngine{engine::Send{{std::move(prompt)}}});
}

FrameCost NullWindow::draw() {
    FrameCost cost;
    const std::uint64_t allocated = allocations();
    const double cpu = thread_cpu_ms();
    cost.begun = clock_.now();
    app_->prepare(1);
    ImGui_ImplNull_NewFrame();
    ImGuiIO& io = ImGui::GetIO();
    io.DeltaTime = std::max(static_cast<float>(base::seconds(cost.begun - last_frame_)), 1e-5F);
    io.ConfigInputTextCursorBlink = false;  // as after the last input
    gui::limit_frame_time();
    ImGui::NewFrame();
    gui::FrameRequests requests(cost.begun);
    app_->draw(requests);
    gui::request_frames(requests, cost.begun);
    ImGui::Render();
    pacer_.on_frame(cost.begun, requests.earliest());
    ImGui_ImplNullRender_RenderDrawData(ImGui::GetDrawData());
    cost.ended = clock_.now();
    cost.cpu_ms = thread_cpu_ms() - cpu;
    cost.allocations = allocations() - allocated;
    cost.vertices = ImGui::GetDrawData()->TotalVtxCount;
    cost.is_settled = !requests.earliest() || *requests.earliest() > cost.begun;
    last_frame_ = cost.begun;
    return cost;
}

void NullWindow::sleep(std::optional<base::Duration> time) {
    std::unique_lock lock(wake_->mutex);
    const auto is_awake = [this] { return wake_->is_awake; };
    if (time)
        wake_->happened.wait_for(lock, *time, is_awake);
    else
        wake_->happened.wait(lock, is_awake);
    wake_->is_awake = false;
}

bool NullWindow::run(const Run& run, base::Duration at_most) {
    const base::TimePoint end = clock_.now() + at_most;
    pacer_.on_input();
    while (!run.is_over()) {
        base::TimePoint now = clock_.now();
        if (now >= end) return false;
        sleep(std::min(pacer_.wait(now).value_or(end - now), end - now));
        if (run.has_input) pacer_.on_input();
        now = clock_.now();
        if (pacer_.may_look(now)) pacer_.on_look(now, app_->has_news());
        pacer_.set_streaming(app_->is_streaming());
        if (!pacer_.is_due(clock_.now())) continue;
        if (run.before_frame) run.before_frame();
        const FrameCost cost = draw();
        if (run.on_frame) run.on_frame(cost);
    }
    return true;
}

void wait_for_answers(NullWindow& window, const std::function<bool(const session::Answer&)>& is_so,
                      base::Duration at_most, const char* what) {
    const auto are_all_so = [&] {
        const session::Session& session = window.app().snapshot().session;
        if (session.rounds.empty() || session.rounds.back()->answers.size() != session.candidates.size()) return false;
        const auto& answers = session.rounds.back()->answers;
        return !answers.empty() && std::all_of(answers.begin(), answers.end(), is_so);
    };
    if (window.run({.is_over = are_all_so}, at_most)) return;
    std::fprintf(stderr, "not in time: %s\n", what);
    for (const gui::LogEntry& line : window.app().log()) std::fprintf(stderr, "  %s\n", line.text.c_str());
    std::exit(1);
}

double quantile(std::vector<double> values, double which) {
    if (values.empty()) return 0;
    const auto at = std::min(values.size() - 1, static_cast<std::size_t>(which * static_cast<double>(values.size())));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
    return values[at];
}

}  // namespace llmc::bench
