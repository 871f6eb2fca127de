#include "gui/keeping.h"

#include <utility>

namespace llmc::gui {

bool is_at_work(const engine::Snapshot& now) {
    return engine::is_busy(now.activity) || engine::has_open_answers(now);
}

void Keeping::before(AfterKeeping what, const engine::Snapshot& now, Act act) {
    if (now.is_kept && !is_at_work(now)) return act();
    waiting_ = {what, std::move(act)};
    means_.reset();
    ports_.ask(what, is_at_work(now));
}

void Keeping::begin(Means means, const engine::Snapshot& now) {
    if (!waiting_) return;
    means_ = means;
    is_asked_ = false;
    if (is_at_work(now)) ports_.post(engine::StopNow{});
}

void Keeping::discard(const engine::Snapshot& now) {
    if (!waiting_) return;
    if (is_at_work(now) && waiting_->what != AfterKeeping::quit) return begin(Means::nothing, now);
    std::exchange(waiting_, std::nullopt)->act();
}

void Keeping::cancel() {
    waiting_.reset();
    means_.reset();
}

void Keeping::export_before(const engine::Snapshot& now, Act act) {
    waiting_ = {AfterKeeping::quit, std::move(act)};
    begin(Means::reports, now);
}

// Stops what runs, writes the file, then does what waited for that.
void Keeping::go_on(const engine::Snapshot& now) {
    if (!waiting_ || !means_ || is_at_work(now)) return;
    if (now.is_kept || *means_ == Means::nothing) {
        const Act act = std::exchange(waiting_, std::nullopt)->act;
        means_.reset();
        act();
    } else if (!std::exchange(is_asked_, true)) {
        if (*means_ == Means::save)
            save(false);
        else
            export_reports(report::usual_formats());
    }
}

void Keeping::save(bool asks_where) {
    if (file_.empty() || asks_where)
        ports_.ask_where();
    else
        ports_.post(engine::Save{file_});
}

void Keeping::save_at(const std::filesystem::path& path) {
    saving_to_ = path;
    ports_.post(engine::Save{path});
}

void Keeping::export_reports(std::vector<report::Format> formats) {
    ports_.post(engine::Export{std::move(formats), ports_.report_folder()});
}

bool Keeping::written(const std::filesystem::path& path) {
    if (!saving_to_.empty() && path == saving_to_) file_ = shown_ = std::exchange(saving_to_, {});
    return !file_.empty() && path == file_;
}

void Keeping::unwritten() {
    saving_to_.clear();
    cancel();
}

void Keeping::opened(const std::filesystem::path& path, bool is_report) {
    shown_ = path;
    file_ = is_report ? std::filesystem::path() : path;
    saving_to_.clear();  // what is still being written is the other one's
}

}  // namespace llmc::gui
