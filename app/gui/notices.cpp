#include "gui/notices.h"

namespace llmc::gui {
namespace {

constexpr std::size_t kMaxLog = 5000, kMaxToasts = 4;
constexpr base::Duration kToastLasts = std::chrono::seconds{7};

}  // namespace

void Notices::note(LogEntry::Level level, std::string text, std::string server, std::string label, int round) {
    log_.push_back({clock_->wall(), level, std::move(server), std::move(label), round, std::move(text)});
    if (blind_.is_on()) blind_.note(log_.back());
    if (log_.size() > kMaxLog) log_.pop_front();
}

void Notices::complain(const std::string& text) {
    note(LogEntry::Level::error, text);
    toast(text, true);
}

void Notices::toast(std::string text, bool is_error, std::filesystem::path folder, std::filesystem::path file) {
    if (blind_.is_on()) text = blind_.hide(text);
    // Several files of one export are one notice.
    if (!folder.empty() && !toasts_.empty() && toasts_.back().folder == folder &&
        toasts_.back().until > clock_->now() + kToastLasts - std::chrono::milliseconds{500})
        toasts_.back().text += "\n" + text;
    else
        toasts_.push_back({.text = std::move(text), .is_error = is_error, .folder = std::move(folder)});
    if (!file.empty()) toasts_.back().file = std::move(file);
    toasts_.back().until = clock_->now() + kToastLasts * (is_error ? 2 : 1);
    while (toasts_.size() > kMaxToasts) toasts_.pop_front();
}

void Notices::written(const std::filesystem::path& path) {
    toast("Written: " + path.filename().string(), false, path.parent_path(), path);
}

}  // namespace llmc::gui
