// Files that come in, and suites that go out: dropped, chosen, typed, given on the command line, or left by a program
// that ended early.
//
// Thread contract: main thread, between frames. All are read and written off the window's thread (Background); what is
// read goes to where it is shown when that has ended. A file that cannot be read says why and changes nothing.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "engine/engine.h"
#include "engine/journal.h"
#include "gui/background.h"
#include "gui/file_content.h"
#include "gui/file_dialog.h"
#include "gui/keeping.h"
#include "gui/notices.h"
#include "gui/panels.h"
#include "gui/setup_state.h"

namespace llmc::gui {

// A session that was read. `journal`: the crash journal that it comes from, where it is in no file.
struct ReadSession {
    session::Session session;
    std::filesystem::path path;
    engine::OldJournal journal;
    bool is_report = false;  // that was opened as a session
};

class Files {
public:
    struct Needs {
        Background& background;
        Notices& notices;
        Panels& panels;  // that show what was read
        Modals& modals;
        Keeping& keeping;
        SetupState& setup;                             // a system prompt goes into its draft
        std::function<const engine::Snapshot&()> now;  // as the window has it
        std::function<void(ReadSession)> take_session;
        std::unique_ptr<FileDialog> dialog;  // null: paths are typed
    };
    explicit Files(Needs needs) : needs_(std::move(needs)) {}

    bool has_dialogs() const { return needs_.dialog && FileDialog::is_available(); }
    void choose(FileKind kind);                // to be opened
    void propose_session(base::WallTime now);  // where to save it
    void use_chosen(FileKind kind, bool saves, const std::filesystem::path& path);
    void take_dialog();  // what was chosen in it

    // Whatever it is: what is in it tells, not its name.
    void open(const std::filesystem::path& path);
    // Each for itself; those of other programs together.
    void open_all(const std::vector<std::filesystem::path>& paths);
    // Where only one kind is of use. A session, a suite and prompts can always be opened: any of them opens each.
    void open(const std::filesystem::path& path, FileKind kind);
    // Whether they are there is asked in the background, and told to `told`.
    void look_for(const std::vector<std::string>& paths,
                  std::function<void(const std::filesystem::path&, bool is_there)> told);
    // Other programs' files that make one set of prompts: as a suite in no file yet, with what was not taken over.
    void import_from(const std::vector<std::filesystem::path>& paths);
    void open_suite_text(std::string text);
    void save_suite(SaveSuite wanted);

    // Sessions in the crash journals of a folder.
    void look_for_lost_sessions(const std::filesystem::path& folder);
    void recover(const std::filesystem::path& journal);
    void discard_journal(const std::filesystem::path& journal);

private:
    // By a dialog, or a typed path where there is none. `start`: a folder, or the file that is proposed.
    void ask(FileKind kind, bool saves, const std::filesystem::path& start);
    // `read` gives a Result, in the background; `take` gets its value here.
    template <class Read, class Take>
    void read(Read read, Take take);

    void take_opened(const std::filesystem::path& path, FileContent content);
    // With the extension that files of the kind have, where none was given.
    void save_as(FileKind kind, const std::filesystem::path& path);
    void save_to(FileKind kind, const std::filesystem::path& path);
    void open_prompts(const std::filesystem::path& path, FileContent content);
    void open_session(const std::filesystem::path& path, bool is_report);
    void open_system_prompt(const std::filesystem::path& path);
    void open_suite(const std::filesystem::path& path);
    void take_recovered(engine::Recovered recovered, const std::filesystem::path& journal);
    void open_other_session(const std::filesystem::path& path, FileKind kind);
    void show_suite(suite::Suite suite, const std::filesystem::path& path);
    void save_suite_at(const std::filesystem::path& path);

    struct Asked {
        FileKind kind = FileKind::prompts;
        bool saves = false;
    };

    Needs needs_;
    std::optional<Asked> asked_;              // what the dialog is open for
    std::optional<SaveSuite> unsaved_suite_;  // while it is asked where
};

template <class Read, class Take>
void Files::read(Read read, Take take) {
    needs_.background.run([this, read = std::move(read), take = std::move(take)] {
        auto outcome = std::make_shared<decltype(read())>(read());
        return Background::Finish([this, outcome, take] {
            if (*outcome)
                take(std::move(*outcome).value());
            else
                needs_.notices.complain(outcome->error().message);
        });
    });
}

}  // namespace llmc::gui
