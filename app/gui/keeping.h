// Nothing that was said is given up unasked: the session's file, its reports, and what waits until all is in one.
//
// Thread contract: main thread, between frames. Invariants: what waits is done only when the session is in a file or
// the user has thrown it away, and nothing runs any more; a write that fails gives nothing up; file() is one that was
// read or written, never one that is only wished for.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "engine/engine.h"
#include "gui/modals.h"

namespace llmc::gui {

// Answers run or wait, in a pause too.
bool is_at_work(const engine::Snapshot& now);

class Keeping {
public:
    struct Ports {
        std::function<void(engine::Command)> post;
        std::function<void(AfterKeeping, bool is_at_work)> ask;  // what is to become of what is in no file
        std::function<void()> ask_where;                         // to save; the answer is save_at() or cancel()
        std::function<std::filesystem::path()> report_folder;
    };
    using Act = std::function<void()>;

    explicit Keeping(Ports ports) : ports_(std::move(ports)) {}

    // Does it when nothing is lost by it: at once, or after a question.
    void before(AfterKeeping what, const engine::Snapshot& now, Act act);
    // Answers to the question.
    void save_first(const engine::Snapshot& now) { begin(Means::save, now); }
    void export_first(const engine::Snapshot& now) { begin(Means::reports, now); }
    void discard(const engine::Snapshot& now);
    void cancel();
    // Nobody can be asked: into reports, then.
    void export_before(const engine::Snapshot& now, Act act);
    // To be called with each snapshot.
    void go_on(const engine::Snapshot& now);

    void save(bool asks_where);  // to file(), or asks
    void save_at(const std::filesystem::path& path);
    void export_reports(std::vector<report::Format> formats);
    // What the engine tells of files.
    bool written(const std::filesystem::path& path);  // whether it is the session's file
    void unwritten();

    const std::filesystem::path& file() const { return file_; }    // where Save writes
    const std::filesystem::path& shown() const { return shown_; }  // what is on show: file(), or the report that it is
    // Another session, of this file; a report is never written over.
    void opened(const std::filesystem::path& path, bool is_report);
    void begun() { opened({}, false); }  // another session, of none

private:
    enum class Means { save, reports, nothing };
    struct Waiting {
        AfterKeeping what = AfterKeeping::quit;
        Act act;
    };

    void begin(Means means, const engine::Snapshot& now);

    Ports ports_;
    std::filesystem::path file_, shown_;
    std::filesystem::path saving_to_;
    std::optional<Waiting> waiting_;
    std::optional<Means> means_;  // none: it was not answered yet
    bool is_asked_ = false;       // the engine to write, or the user where to
};

}  // namespace llmc::gui
