// The window's contents without a window: Dear ImGui with a null renderer, the real application, and the shell's loop
// with its pacer on a condition variable.
//
// Thread contract: one thread. Costs are those of this thread alone.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gui/app.h"
#include "gui/panels/candidate_panel.h"
#include "gui/panels/compare_panel.h"
#include "gui/panels/prompt_panel.h"
#include "gui/shell/frame_pacer.h"

namespace llmc::bench {

struct FrameCost {
    base::TimePoint begun, ended;
    double cpu_ms = 0;  // of this thread, from prepare() to the end of rendering
    std::uint64_t allocations = 0;
    int vertices = 0;
    bool is_settled = false;  // the frame asked for no other one at once
};

// A folder that goes with the object.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

struct Taking {  // who takes part: candidate i is `models[i]`, on any server
    std::vector<std::string> urls;
    std::vector<std::string> models;
};

class NullWindow {
public:
    explicit NullWindow(const Taking& taking, std::vector<std::filesystem::path> files = {});
    ~NullWindow();
    NullWindow(const NullWindow&) = delete;
    NullWindow& operator=(const NullWindow&) = delete;

    gui::App& app() { return *app_; }
    void send(std::string prompt);

    // One frame, now.
    FrameCost draw();

    struct Run {
        std::function<bool()> is_over;  // asked after every wake-up
        std::function<void()> before_frame = {};
        std::function<void(const FrameCost&)> on_frame = {};
        bool has_input = false;  // as if the mouse moved all the time
    };
    // The shell's loop. False where `at_most` was over first.
    bool run(const Run& run, base::Duration at_most);

private:
    struct Wake;
    void sleep(std::optional<base::Duration> time);

    TemporaryFolder folder_;
    std::shared_ptr<Wake> wake_;
    base::SystemClock clock_;
    base::TimePoint last_frame_;
    gui::FramePacer pacer_;
    std::unique_ptr<gui::App> app_;
};

// Waits with the loop until every candidate's answer fulfils `is_so`; ends the program with a message where that takes
// longer than `at_most`.
void wait_for_answers(NullWindow& window, const std::function<bool(const session::Answer&)>& is_so,
                      base::Duration at_most, const char* what);

double quantile(std::vector<double> values, double which);  // 0.5: the median; 0 of none

}  // namespace llmc::bench
