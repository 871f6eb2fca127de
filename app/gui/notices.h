// What the program tells: its log, and notices that are shown for some seconds. In blind mode both are masked.
//
// Thread contract: main thread.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <string>

#include "gui/blind.h"
#include "gui/frame_view.h"

namespace llmc::gui {

class Notices {
public:
    Notices(std::shared_ptr<const base::Clock> clock, Blind& blind) : clock_(std::move(clock)), blind_(blind) {}

    void note(LogEntry::Level level, std::string text, std::string server = {}, std::string label = {}, int round = 0);
    void complain(const std::string& text);  // in the log and as a notice
    void toast(std::string text, bool is_error = false, std::filesystem::path folder = {},
               std::filesystem::path file = {});
    void written(const std::filesystem::path& path);  // as a notice that opens it, or its folder

    const std::deque<LogEntry>& log() const { return log_; }
    const std::deque<LogEntry>& shown_log() const { return blind_.is_on() ? blind_.log() : log_; }
    std::deque<Toast>& toasts() { return toasts_; }

private:
    std::shared_ptr<const base::Clock> clock_;
    Blind& blind_;
    std::deque<LogEntry> log_;
    std::deque<Toast> toasts_;
};

}  // namespace llmc::gui
