// Judging: suites that are opened and started, sessions to compare with, blind mode.
#include <random>

#include <fmt/format.h>

#include "base/file.h"
#include "gui/app.h"
#include "report/session_file.h"

namespace llmc::gui {

void App::run_in_background(InBackground command) {
    background_->run([this, job = std::move(command.job)] {
        return Background::Finish([this, finish = job()] {
            if (finish) finish(commands_);
        });
    });
}

void App::open_suite(const std::filesystem::path& path) {
    background_->run([this, path] {
        auto read = std::make_shared<Result<judge::Suite>>(judge::load_suite(path));
        return Background::Finish([this, path, read] { take_suite_read(std::move(*read), path); });
    });
}

void App::open_suite_text(std::string text) {
    background_->run([this, text = std::move(text)] {
        const auto json = base::parse_ordered_json(text);
        auto read = std::make_shared<Result<judge::Suite>>(json ? judge::suite_from_json(*json)
                                                                : Result<judge::Suite>(json.error()));
        return Background::Finish([this, read] { take_suite_read(std::move(*read), {}); });
    });
}

void App::take_suite_read(Result<judge::Suite> suite, const std::filesystem::path& path) {
    if (!suite) {
        note(LogEntry::Level::error, suite.error().message);
        toast(suite.error().message, true);
        return;
    }
    if (!path.empty()) note(LogEntry::Level::info, fmt::format("Suite {} from {}", suite->name, path.string()));
    take_suite(suite_, std::make_shared<const judge::Suite>(std::move(suite).value()), path);
    show_panel(Panel::suite);
}

// The suite's settings hold from now on, as with `run --suite`; the file of the configuration stays as it is.
void App::start_suite() {
    if (!wanted_suite_) return;
    const StartSuite wanted = *std::exchange(wanted_suite_, std::nullopt);
    session::Settings settings = judge::with_suite(setup_.in_force.settings, *wanted.suite);
    setup_.in_force.settings = setup_.draft.settings = settings;
    setup_.origin = fmt::format("suite {}", wanted.suite->name);
    if (wanted.suite->system_prompt) setup_.system_prompt_origin = setup_.origin;
    setup_.is_saved = false;
    session_path_.clear();
    configure_engine();
    engine_->post(engine::RunSuite{*wanted.suite, wanted.repeat});
    show_panel(Panel::suite);
}

void App::open_other_session(const std::filesystem::path& path, FileKind kind) {
    background_->run([this, path, kind] {
        const auto text = base::read_file(path, report::kMaxSessionFileBytes);
        auto read = std::make_shared<Result<session::Session>>(text ? report::read_session(*text, path.string())
                                                                    : Result<session::Session>(text.error()));
        return Background::Finish([this, path, kind, read] {
            if (!*read) {
                note(LogEntry::Level::error, read->error().message);
                toast(read->error().message, true);
            } else if (kind == FileKind::evidence) {
                add_evidence(casting_, path.filename().string(), std::move(*read).value());
                show_panel(Panel::casting);
            } else {
                add_compared_session(compare_, path.filename().string(), std::move(*read).value());
                show_panel(Panel::compare);
            }
        });
    });
}

void App::set_blind(bool is_on) {
    if (is_on == blind_.is_on()) return;
    if (is_on) {
        toasts_.clear();
        blind_.begin(*snapshot_, log_, std::random_device()());
        shown_ = &blind_.mask(*snapshot_);
        show_panel(Panel::votes);
    } else {
        blind_.end();
        shown_ = snapshot_;
    }
    ++revision_;
    update_title();
}

}  // namespace llmc::gui
