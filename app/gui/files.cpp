#include "gui/files.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/utf8.h"
#include "config/prompts.h"
#include "gui/file_words.h"
#include "gui/panels/casting_panel.h"
#include "gui/panels/compare_panel.h"
#include "gui/panels/prompt_panel.h"
#include "gui/panels/suite_panel.h"
#include "interop/results.h"
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

// --- Choosing

void Files::choose(FileKind kind) {
    ask(kind, false, needs_.setup.in_force.report_folder);
}

void Files::propose_session(base::WallTime now) {
    ask(FileKind::session, true,
        needs_.setup.in_force.report_folder / fmt::format("llm_compare_{}.llmc.json", base::file_stamp(now)));
}

void Files::ask(FileKind kind, bool saves, const std::filesystem::path& start) {
    const FileWords words = words_of(kind, saves);
    asked_ = {kind, saves};
    using Purpose = FileDialog::Purpose;
    const Purpose opens = kind == FileKind::to_import ? Purpose::open_many : Purpose::open;
    FileDialog::Request request{.purpose = saves ? Purpose::save : opens,
                                .title = words.title,
                                .start = start,
                                .filters = {{words.files, words.patterns}}};
    if (has_dialogs() && needs_.dialog->open(std::move(request))) return;
    const std::filesystem::path home = config::expand_home("~", config::system_environment());
    needs_.modals.ask_for_file(kind, {.saves = saves,
                                      .patterns = words.patterns,
                                      .start = start,
                                      .home = home,
                                      .places = {{"Home", home}, {"Reports", needs_.setup.in_force.report_folder}}});
}

void Files::take_dialog() {
    if (!needs_.dialog || !asked_) return;
    const auto chosen = needs_.dialog->take();
    if (!chosen) return;
    const Asked asked = *std::exchange(asked_, std::nullopt);
    if (chosen->empty())
        needs_.keeping.cancel();  // no file: nothing is given up either
    else if (asked.kind == FileKind::to_import)
        import_from(*chosen);
    else
        use_chosen(asked.kind, asked.saves, chosen->front());
}

void Files::use_chosen(FileKind kind, bool saves, const std::filesystem::path& path) {
    if (saves)
        save_as(kind, path);
    else
        open(path, kind);
}

void Files::save_as(FileKind kind, const std::filesystem::path& path) {
    if (path.has_extension() || !path.has_filename()) return save_to(kind, path);
    std::filesystem::path whole = path;
    whole += kind == FileKind::suite ? ".json" : ".llmc.json";
    // Nobody was asked whether this one may be replaced.
    needs_.background.run([this, kind, whole] {
        std::error_code ignored;
        return Background::Finish([this, kind, whole, is_there = std::filesystem::exists(whole, ignored)] {
            if (!is_there) return save_to(kind, whole);
            needs_.keeping.cancel();
            needs_.notices.complain(
                fmt::format("{} is there already. To replace it, choose it by its whole name.", whole.string()));
        });
    });
}

void Files::save_to(FileKind kind, const std::filesystem::path& path) {
    if (kind == FileKind::suite)
        save_suite_at(path);
    else
        needs_.keeping.save_at(path);
}

// --- Opening

void Files::open(const std::filesystem::path& path) {
    read(
        [path]() -> Result<FileContent> {
            const auto bytes = base::read_file(path, report::kMaxSessionFileBytes);
            if (!bytes) return bytes.error();
            return content_of(*bytes, path);
        },
        [this, path](FileContent content) { take_opened(path, content); });
}

void Files::take_opened(const std::filesystem::path& path, FileContent content) {
    switch (content) {
        case FileContent::session: return open_session(path, false);
        case FileContent::report:
        case FileContent::results: return open_session(path, true);
        case FileContent::suite: return open_suite(path);
        case FileContent::prompts:
        case FileContent::text: return open_prompts(path, content);
        case FileContent::cast:
            return needs_.notices.complain(
                fmt::format("{} is a casting sheet, for another program to read. What it was made from can be opened: "
                            "the reports.",
                            path.string()));
        case FileContent::other_program: return import_from({path});
        case FileContent::other_json: return open_session(path, false);  // says what is wrong with it
    }
}

void Files::open(const std::filesystem::path& path, FileKind kind) {
    switch (kind) {
        case FileKind::prompts:
        case FileKind::session:
        case FileKind::suite: open(path); break;
        case FileKind::system_prompt: open_system_prompt(path); break;
        case FileKind::evidence:
        case FileKind::other_session:
        case FileKind::baseline: open_other_session(path, kind); break;
        case FileKind::cast_target:
            needs_.panels.views().casting().other_program.file = path.string();
            needs_.panels.show(Panel::casting);
            break;
        case FileKind::to_import: import_from({path}); break;
    }
}

void Files::look_for(const std::vector<std::string>& paths,
                     std::function<void(const std::filesystem::path&, bool is_there)> told) {
    needs_.background.run([paths, told = std::move(told)] {
        std::vector<bool> are_there;
        for (const std::string& path : paths) {
            std::error_code ignored;
            are_there.push_back(std::filesystem::exists(path, ignored));
        }
        return Background::Finish([paths, are_there, told] {
            for (std::size_t i = 0; i < paths.size(); ++i) told(paths[i], are_there[i]);
        });
    });
}

void Files::open_prompts(const std::filesystem::path& path, FileContent content) {
    read(
        [path, content]() -> Result<std::vector<std::string>> {
            const auto bytes = base::read_file(path, config::kMaxPromptFile);
            if (!bytes) return bytes.error();
            return config::parse_prompts(*bytes, prompt_extension(content, path), path);
        },
        [this, path](std::vector<std::string> loaded) {
            needs_.notices.note(LogEntry::Level::info, fmt::format("{} prompts from {}", loaded.size(), path.string()));
            PromptView& prompt = needs_.panels.views().prompt();
            prompt.batch_name = path.filename().string();
            prompt.batch.insert(prompt.batch.end(), std::make_move_iterator(loaded.begin()),
                                std::make_move_iterator(loaded.end()));
            needs_.panels.show(Panel::prompt);
        });
}

void Files::open_system_prompt(const std::filesystem::path& path) {
    read([path] { return config::read_text_file(path); },
         [this, path](std::string text) {
             config::Config& draft = needs_.setup.draft;
             draft.settings.system_prompt = std::move(text);
             draft.has_system_prompt = true;
             draft.system_prompt_file = path;
         });
}

void Files::open_session(const std::filesystem::path& path, bool is_report) {
    needs_.keeping.before(AfterKeeping::open, needs_.now(), [this, path, is_report] {
        read([path] { return interop::load_results(path); },
             [this, path, is_report](interop::ImportedResults opened) {
                 if (is_at_work(needs_.now()))  // something was sent while the file was read
                     return needs_.notices.complain(
                         fmt::format("{} was not opened: answers are running. Stop them first.", path.string()));
                 for (const interop::NotTaken& note : opened.notes)
                     needs_.notices.note(LogEntry::Level::warning, interop::words(note));
                 needs_.take_session({std::move(opened.session), path, {}, is_report});
             });
    });
}

void Files::open_other_session(const std::filesystem::path& path, FileKind kind) {
    read([path] { return interop::load_results(path); },
         [this, path, kind](interop::ImportedResults opened) {
             const std::string name = path.filename().string();
             PanelViews& views = needs_.panels.views();
             if (kind == FileKind::evidence) {
                 add_evidence(views.casting(), name, std::move(opened.session));
                 needs_.panels.show(Panel::casting);
             } else if (kind == FileKind::baseline) {
                 take_baseline(views.suite(), name, std::move(opened.session));
                 needs_.panels.show(Panel::suite);
             } else {
                 add_compared_session(views.compare(), name, std::move(opened.session));
                 needs_.panels.show(Panel::compare);
             }
         });
}

// --- Suites

void Files::open_suite(const std::filesystem::path& path) {
    read([path] { return suite::load_suite(path); },
         [this, path](suite::Suite suite) {
             needs_.notices.note(LogEntry::Level::info, fmt::format("Suite {} from {}", suite.name, path.string()));
             for (const std::string& warning : suite.warnings) needs_.notices.note(LogEntry::Level::warning, warning);
             show_suite(std::move(suite), path);
         });
}

void Files::open_suite_text(std::string text) {
    read(
        [text = std::move(text)] {
            const auto json = base::parse_ordered_json(text);
            return json ? suite::suite_from_json(*json) : Result<suite::Suite>(json.error());
        },
        [this](suite::Suite suite) { show_suite(std::move(suite), {}); });
}

void Files::show_suite(suite::Suite suite, const std::filesystem::path& path) {
    take_suite(needs_.panels.views().suite(), std::make_shared<const suite::Suite>(std::move(suite)), path);
    needs_.panels.show(Panel::suite);
}

void Files::save_suite(SaveSuite wanted) {
    const std::filesystem::path path = wanted.path;
    unsaved_suite_ = std::move(wanted);
    if (!path.empty()) return save_suite_at(path);
    ask(FileKind::suite, true,
        needs_.setup.in_force.report_folder / (file_name_of(unsaved_suite_->suite->name) + ".json"));
}

void Files::save_suite_at(const std::filesystem::path& path) {
    if (!unsaved_suite_) return;
    needs_.background.run([this, path, suite = std::exchange(unsaved_suite_, std::nullopt)->suite] {
        const auto saved = base::save_file(path, base::dump_json(suite->source, 2) + "\n");
        return Background::Finish([this, path, suite, failure = saved ? std::string() : saved.error().message] {
            if (!failure.empty()) return needs_.notices.complain(failure);
            needs_.notices.note(LogEntry::Level::info, "Written: " + path.string());
            needs_.notices.written(path);
            take_saved_suite(needs_.panels.views().suite(), suite, path);
        });
    });
}

}  // namespace llmc::gui
