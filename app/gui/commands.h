// What panels ask for. A panel never acts: it adds intents, which the application carries out after the frame.
//
// Thread contract: main thread; lives for one frame.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "config/config.h"
#include "demo/faults.h"
#include "engine/commands.h"
#include "gui/look/theme.h"
#include "gui/panel.h"
#include "gui/text_undo.h"
#include "report/report.h"

namespace llmc::gui {

// Of the candidates' windows. `automatic`: what suits their number, until another one is chosen.
enum class Arrangement { automatic, columns, grid, tabs };
// What a file is wanted for. `evidence`: a session or report for the casting sheet; `other_session`: to compare with;
// `cast_target`: another program's settings, to put a cast into; `to_import`: other programs' files, to be a suite.
enum class FileKind {
    prompts,
    session,
    system_prompt,
    suite,
    evidence,
    other_session,
    baseline,
    cast_target,
    to_import
};

// To the engine, as it is: ChangeCandidate, Send, SetQueue, Pause, Continue, StopAfterRound, StopNow, Retry,
// SkipCandidate, ForgetOldest, RefreshManifests, LoadModel, UnloadModel.
struct ToEngine {
    engine::Command command;
};
struct SaveSetup {};     // the configuration into config.json
struct AddCandidate {};  // opens the list of models
// Asks a server as it was typed, in force or not; what it says is in SetupState::test.
struct TestServer {
    session::Server server;
};
struct ChooseFile {
    FileKind kind;
};  // a dialog, or a typed path where there is none
struct OpenFile {
    std::filesystem::path path;
    FileKind kind;
};
struct ExportReports {
    std::vector<report::Format> formats;
};
struct SaveSession {
    bool asks_where = false;
};  // to its file, or asks
struct SaveSessionAs {
    std::filesystem::path path;
};
struct ClearSession {};
struct OpenLink {
    std::string url;
};  // http, https, mailto only; asks first, shown in full
struct OpenFolder {
    std::filesystem::path folder;
};
struct StartDemoServers {
    demo::Fault fault = demo::Fault::none;  // how demo-fragile fails, in every answer
};
struct StopDemoServers {};
struct Discover {};
struct ShowPanel {
    Panel panel;
    bool is_shown = true;
};
// Hides it where it is in front already, else shows it. By its keys one beside the stage is in front only when it has
// the keyboard.
struct TogglePanel {
    Panel panel;
    bool by_key = false;
};
struct StepRound {
    int by = 0;
};  // to the round before or after the one in view, in all candidates' windows
struct OpenWritten {
    std::filesystem::path file;
};                     // by the program that the desktop has for it
struct ZoomWindow {};  // the whole stage for the one that is used, and back
struct ShowCandidate {
    session::CandidateId candidate;
    bool is_shown = true;
};
// Puts a round at the top in candidates' windows, or one of its steps.
struct ShowRound {
    int round = 0;
    std::vector<session::CandidateId> candidates;
    int step = 0;  // from 1; 0: the round
};
struct FindInFocused {};  // Ctrl+F
struct FindInAll {};
struct EndFind {};
struct EditText {
    Edit edit = Edit::undo;
};
struct ShowPalette {};
struct ChangeKeys {};  // opens shortcuts.json, made where it is not there
struct Arrange {
    Arrangement arrangement;
};
struct ResetLayout {};
struct SetTheme {
    ThemeKind kind;
};
struct SetTextSize {
    float factor = 1;
};  // 0.6 … 2.5
struct SetEnterSends {
    bool is_on = false;
};
// Whether prompts and sessions are remembered from one start to the next; what was is forgotten with it.
struct SetKeepsHistory {
    bool is_on = true;
};
struct ForgetHistory {};
struct RefreshPreview {
    report::Format format;
};  // of the report preview, off the window's thread
struct CopyText {
    std::string text;
    std::string what;
};  // to the clipboard; `what` for the notice: "answer"
// What was just selected, for whoever pastes it with the middle mouse button.
struct OfferSelection {
    std::string text;
};
struct Notify {
    std::string text;
    bool is_error = false;
    std::filesystem::path folder;
};
// A suite as a new session; asks first where there is something to lose.
struct StartSuite {
    std::shared_ptr<const suite::Suite> suite;
    int repeat = 1;
};
// A suite into a file: asks where if `path` is empty. The Suites window shows it as that file's then.
struct SaveSuite {
    std::shared_ptr<const suite::Suite> suite;
    std::filesystem::path path;
};
// A suite that is no file of the user's: shown in the Suites window.
struct OpenSuiteText {
    std::string text;
};
// A suite of the round that is in view, as this candidate was asked and answered, shown in the Suites window.
struct MakeTest {
    session::CandidateId candidate;
};
// A session of its own that goes on with what this candidate was asked and answered in the round.
struct OpenConversation {
    int round = 0;
    session::CandidateId candidate;
};
struct SetBlind {
    bool is_on = false;
};
// Which request forms work with these models, one probe at a time.
struct StartProbe {
    std::vector<session::Candidate> candidates;
};
struct StopProbe {};
// Judges what it has not judged yet, one judge at a time; its verdicts come into the session.
struct StartJudge {
    config::JudgeModel judge;
    std::string known;  // the session's judge that it is, by id; empty: it is new there
};
struct StopJudge {};
// Work that blocks or takes long, off the window's thread: `job` there; what it gives back is called on the window's,
// before the next frame.
struct InBackground {
    std::function<std::function<void(class Commands&)>()> job;
};
// Shows answers of a round beside each other.
struct CompareAnswers {
    int round = 0;
    std::vector<session::CandidateId> candidates;  // empty: all of the round
    int attempt = 0;                               // an earlier one of the only candidate, beside the one that counts
};
struct Quit {};

using Command =
    std::variant<ToEngine, SaveSetup, AddCandidate, TestServer, ChooseFile, OpenFile, ExportReports, SaveSession,
                 SaveSessionAs, ClearSession, OpenLink, OpenFolder, StartDemoServers, StopDemoServers, Discover,
                 ShowPanel, TogglePanel, ZoomWindow, StepRound, OpenWritten, ShowCandidate, ShowRound, FindInFocused,
                 FindInAll, EndFind, EditText, ShowPalette, ChangeKeys, Arrange, ResetLayout, SetTheme, SetTextSize,
                 SetEnterSends, SetKeepsHistory, ForgetHistory, RefreshPreview, CopyText, OfferSelection, Notify,
                 StartSuite, SaveSuite, OpenSuiteText, MakeTest, OpenConversation, SetBlind, StartProbe, StopProbe,
                 StartJudge, StopJudge, InBackground, CompareAnswers, Quit>;

class Commands {
public:
    Commands();
    ~Commands();
    Commands(Commands&&) noexcept;
    Commands& operator=(Commands&&) noexcept;

    // One of the alternatives of Command; commands.cpp has the code, once for each.
    template <class T>
    void add(T command);
    void engine(engine::Command command);
    std::vector<Command> take();
    bool empty() const;

private:
    std::vector<Command> list_;
};

}  // namespace llmc::gui
