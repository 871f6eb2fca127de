// Files that come in: dropped, chosen, typed or given on the command line. All are read off the window's thread.
#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/file.h"
#include "config/prompts.h"
#include "gui/app.h"
#include "gui/file_words.h"
#include "report/session_file.h"

namespace llmc::gui {
namespace {

std::string lower_extension(const std::filesystem::path& path) {
    return base::to_lower(path.extension().string());
}

}  // namespace

void App::on_drop(std::vector<std::filesystem::path> paths) {
    for (const auto& path : paths) open_any(path);
}

void App::open_any(const std::filesystem::path& path) {
    const std::string extension = lower_extension(path);
    if (extension == ".json")
        open_json(path);
    else
        open_prompts(path);  // says what is wrong with anything else
}

// A suite, a session or a report: its format tells.
void App::open_json(const std::filesystem::path& path) {
    background_->run([this, path] {
        const auto text = base::read_file(path, suite::kMaxSuiteFile);  // what is larger is none
        const auto json = text ? base::parse_json(*text) : Result<base::Json>(text.error());
        const bool is_suite = json && base::get_string(*json, "format") == suite::kSuiteFormat;
        return Background::Finish([this, path, is_suite] {
            if (is_suite)
                open_suite(path);
            else
                open_session(path);  // says what is wrong with anything else
        });
    });
}

void App::open_prompts(const std::filesystem::path& path) {
    background_->run([this, path] {
        auto prompts = config::load_prompts(path);
        auto shared = std::make_shared<Result<std::vector<std::string>>>(std::move(prompts));
        return Background::Finish([this, path, shared] {
            if (!*shared) {
                complain(shared->error().message);
                return;
            }
            std::vector<std::string>& loaded = shared->value();
            note(LogEntry::Level::info, fmt::format("{} prompts from {}", loaded.size(), path.string()));
            PromptView& prompt = panels_.views().prompt();
            prompt.batch_name = path.filename().string();
            prompt.batch.insert(prompt.batch.end(), std::make_move_iterator(loaded.begin()),
                                std::make_move_iterator(loaded.end()));
            panels_.show(Panel::prompt);
        });
    });
}

void App::open_session(const std::filesystem::path& path) {
    wanted_session_ = {path, false};
    ask_or_do(AfterKeeping::open);
}

void App::read_session(const std::filesystem::path& path) {
    background_->run([this, path] {
        auto read = std::make_shared<Result<session::Session>>(report::load_session(path));
        return Background::Finish([this, path, read] {
            if (!*read)
                complain(read->error().message);
            else if (is_at_work())  // something was sent while the file was read
                complain(fmt::format("{} was not opened: answers are running. Stop them first.", path.string()));
            else
                take_session(std::move(*read).value(), path);
        });
    });
}

// What was chosen in the session holds from now on; servers that it names and we do not know are added.
void App::take_session(session::Session session, const std::filesystem::path& path, const engine::OldJournal& journal) {
    config::Config config = setup_.in_force;  // its candidates: until the engine says whose the session's are
    config.settings = session.settings;
    for (const session::Server& server : session.servers) {
        const bool is_known = std::any_of(config.servers.begin(), config.servers.end(),
                                          [&](const session::Server& one) { return one.url == server.url; });
        if (is_known) continue;
        config.servers.push_back(server);
        if (!server.api_key_env.empty())
            config.servers.back().api_key = config::system_environment()(server.api_key_env).value_or(std::string());
    }
    setup_.in_force = setup_.draft = config;
    setup_.posted.reset();
    wants_apply_.reset();
    setup_.origin = path.filename().string();
    setup_.system_prompt_origin = setup_.origin;
    setup_.is_saved = false;
    session_path_ = path.string().ends_with(".llmc.json") ? path : std::filesystem::path();
    panels_.show_all_candidates();
    note(LogEntry::Level::info, fmt::format("Opened {}: {} candidates, {} rounds.", path.string(),
                                            session.candidates.size(), session.rounds.size()));
    engine_->post(engine::Open{.session = std::move(session), .journal = journal});
    configure_engine();
}

void App::open_system_prompt(const std::filesystem::path& path) {
    background_->run([this, path] {
        auto shared = std::make_shared<Result<std::string>>(config::read_text_file(path));
        return Background::Finish([this, path, shared] {
            if (!*shared) {
                complain(shared->error().message);
                return;
            }
            setup_.draft.settings.system_prompt = std::move(*shared).value();
            setup_.draft.has_system_prompt = true;
            setup_.draft.system_prompt_file = path;
        });
    });
}

void App::choose_file(FileKind kind, bool saves, const std::filesystem::path& start) {
    const FileWords words = words_of(kind, saves);
    dialog_for_ = kind;
    dialog_saves_ = saves;
    FileDialog::Request request{.purpose = saves ? FileDialog::Purpose::save : FileDialog::Purpose::open,
                                .title = words.title,
                                .start = start,
                                .filters = {{words.files, words.patterns}}};
    if (dialog_ && FileDialog::is_available() && dialog_->open(std::move(request))) return;
    modals_.ask_for_path(kind, saves, saves ? start.string() : std::string());
}

void App::take_dialog() {
    if (!dialog_ || !dialog_for_) return;
    const auto chosen = dialog_->take();
    if (!chosen) return;
    const FileKind kind = *std::exchange(dialog_for_, std::nullopt);
    if (chosen->empty())
        keeping_.reset();  // no file: nothing is given up either
    else
        use_chosen(kind, dialog_saves_, chosen->front());
}

void App::use_chosen(FileKind kind, bool saves, const std::filesystem::path& path) {
    if (!saves)
        commands_.add(OpenFile{path, kind});
    else if (kind == FileKind::suite)
        save_suite_at(path);
    else
        commands_.add(SaveSessionAs{path});
}

void App::refresh_preview(report::Format format) {
    if (preview_.is_pending) return;
    preview_.is_pending = true;
    background_->run([this, format, session = snapshot_->session, wall = clock_->wall()] {
        auto text = std::make_shared<std::string>(report::render(format, session, wall));
        return Background::Finish([this, format, text] {
            preview_.format = format;
            preview_.text = std::move(*text);
            preview_.is_pending = false;
        });
    });
}

}  // namespace llmc::gui
