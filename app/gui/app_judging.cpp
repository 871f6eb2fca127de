// Judging: suites that are opened and started, sessions to compare with, blind mode.
#include <random>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/utf8.h"
#include "gui/app.h"
#include "gui/panels/casting_panel.h"
#include "gui/panels/compare_panel.h"
#include "gui/panels/suite_panel.h"
#include "report/session_file.h"

namespace llmc::gui {
namespace {

// What a name is in a file's: letters of any script, digits, and "-" for the rest.
std::string file_name_of(std::string_view name) {
    std::string file;
    for (const char c : name.substr(0, base::utf8_cut(name, 80))) {
        const bool is_plain =
            static_cast<unsigned char>(c) >= 0x80 || base::is_letter_or_digit(c) || c == '-' || c == '_';
        if (is_plain || (!file.empty() && file.back() != '-')) file += is_plain ? c : '-';
    }
    return file.empty() ? "suite" : file;
}

}  // namespace

void App::run_in_background(InBackground command) {
    background_->run([this, job = std::move(command.job)] {
        return Background::Finish([this, finish = job()] {
            if (finish) finish(commands_);
        });
    });
}

void App::open_suite(const std::filesystem::path& path) {
    background_->run([this, path] {
        auto read = std::make_shared<Result<suite::Suite>>(suite::load_suite(path));
        return Background::Finish([this, path, read] { take_suite_read(std::move(*read), path); });
    });
}

void App::open_suite_text(std::string text) {
    background_->run([this, text = std::move(text)] {
        const auto json = base::parse_ordered_json(text);
        auto read = std::make_shared<Result<suite::Suite>>(json ? suite::suite_from_json(*json)
                                                                : Result<suite::Suite>(json.error()));
        return Background::Finish([this, read] { take_suite_read(std::move(*read), {}); });
    });
}

void App::take_suite_read(Result<suite::Suite> suite, const std::filesystem::path& path) {
    if (!suite) {
        complain(suite.error().message);
        return;
    }
    if (!path.empty()) note(LogEntry::Level::info, fmt::format("Suite {} from {}", suite->name, path.string()));
    take_suite(panels_.views().suite(), std::make_shared<const suite::Suite>(std::move(suite).value()), path);
    panels_.show(Panel::suite);
}

void App::save_suite(SaveSuite wanted) {
    const std::filesystem::path path = wanted.path;
    unsaved_suite_ = std::move(wanted);
    if (!path.empty()) return save_suite_at(path);
    const std::filesystem::path proposed =
        setup_.in_force.report_folder / (file_name_of(unsaved_suite_->suite->name) + ".json");
    choose_file(FileKind::suite, true, proposed);
}

void App::save_suite_at(const std::filesystem::path& path) {
    if (!unsaved_suite_) return;
    background_->run([this, path, suite = std::exchange(unsaved_suite_, std::nullopt)->suite] {
        const auto saved = base::save_file(path, base::dump_json(suite->source, 2) + "\n");
        return Background::Finish([this, path, suite, failure = saved ? std::string() : saved.error().message] {
            if (!failure.empty()) {
                complain(failure);
                return;
            }
            note(LogEntry::Level::info, "Written: " + path.string());
            toast("Written: " + path.filename().string(), false, path.parent_path());
            take_saved_suite(panels_.views().suite(), suite, path);
        });
    });
}

// The suite's settings hold from now on, as with `run --suite`; the file of the configuration stays as it is.
void App::start_suite() {
    if (!wanted_suite_) return;
    const StartSuite wanted = *std::exchange(wanted_suite_, std::nullopt);
    session::Settings settings = suite::with_suite(setup_.in_force.settings, *wanted.suite);
    setup_.in_force.settings = setup_.draft.settings = settings;
    setup_.origin = fmt::format("suite {}", wanted.suite->name);
    if (wanted.suite->system_prompt) setup_.system_prompt_origin = setup_.origin;
    setup_.is_saved = false;
    session_path_.clear();
    configure_engine();
    engine_->post(engine::RunSuite{*wanted.suite, wanted.repeat});
    panels_.show(Panel::suite);
}

void App::open_other_session(const std::filesystem::path& path, FileKind kind) {
    background_->run([this, path, kind] {
        auto read = std::make_shared<Result<session::Session>>(report::load_session(path));
        return Background::Finish([this, path, kind, read] {
            if (!*read) {
                complain(read->error().message);
            } else if (kind == FileKind::evidence) {
                add_evidence(panels_.views().casting(), path.filename().string(), std::move(*read).value());
                panels_.show(Panel::casting);
            } else {
                add_compared_session(panels_.views().compare(), path.filename().string(), std::move(*read).value());
                panels_.show(Panel::compare);
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
        panels_.show(Panel::votes);
    } else {
        blind_.end();
        shown_ = snapshot_;
    }
    ++revision_;
    update_title();
}

}  // namespace llmc::gui
