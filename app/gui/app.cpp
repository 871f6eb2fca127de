#include "gui/app.h"

#include <imgui_internal.h>  // whether a frame is being drawn
#include <implot.h>

#include "gui/panels/prompt_panel.h"
#include "gui/shortcuts_file.h"
#include "gui/toasts.h"
#include "probe/store.h"

namespace llmc::gui {
namespace {

SetupState first_setup(const AppOptions& options) {
    SetupState setup;
    setup.path = options.config_path;
    setup.trouble = options.config_trouble;
    setup.origin = options.config_origin;
    setup.system_prompt_origin = options.system_prompt_origin;
    setup.in_force = setup.draft = options.config;
    if (options.config_origin == "config.json") setup.stored = options.config;
    return setup;
}

}  // namespace

App::App(AppServices services, AppOptions options)
    : services_(std::move(services)),
      options_(std::move(options)),
      clock_(options_.engine.clock),
      engine_(std::make_unique<engine::Engine>(static_cast<engine::Waker&>(*this), options_.engine)),
      background_(std::make_unique<Background>(services_.wake)),
      probing_(std::make_unique<Probing>(services_.wake, options_.folders.state / probe::kProbesFile)),
      judging_(std::make_unique<Judging>(services_.wake)),
      snapshot_(&engine_->snapshot()),
      shown_(snapshot_),
      state_(options_.state),
      history_(state_),
      notices_(clock_, blind_),
      keyboard_(*background_, notices_, shortcuts_path(options_.config_path.parent_path())),
      setup_(first_setup(options_), needs_of_setup()),
      panels_(state_),
      keeping_(ports_of_keeping()),
      files_(needs_of_files()) {
    panels_.views().prompt().history = state_.prompts;
    panels_.views().prompt().text = state_.draft;
    // At the first start there is something to choose before.
    panels_.views().prompt().wants_focus = !options_.config.candidates.empty();
    update_title();
    keyboard_.read();

    for (const std::string& line : setup_.in_force().notes) notices_.note(LogEntry::Level::info, line);
    if (!options_.state_note.empty()) notices_.note(LogEntry::Level::warning, options_.state_note);
    if (!options_.config_trouble.empty()) notices_.complain(options_.config_trouble);
    if (setup_.in_force().servers.empty()) setup_.discover(options_.discovery_ports);
    files_.look_for_lost_sessions(options_.folders.state);
    files_.look_for(state_.sessions, [this](const auto& path, bool is_there) { history_.note(path, is_there); });
    files_.open_all(options_.files);
}

Setup::Needs App::needs_of_setup() {
    return {.engine = *engine_,
            .background = *background_,
            .notices = notices_,
            .now = [this]() -> const engine::Snapshot& { return *snapshot_; },
            .folders = options_.folders};
}

Keeping::Ports App::ports_of_keeping() {
    return {.post = [this](engine::Command command) { engine_->post(std::move(command)); },
            .ask = [this](AfterKeeping what, bool is_at_work) { modals_.ask_to_keep(what, is_at_work); },
            .ask_where = [this] { files_.propose_session(clock_->wall()); },
            .report_folder = [this] { return setup_.in_force().report_folder; }};
}

Files::Needs App::needs_of_files() {
    return {.background = *background_,
            .notices = notices_,
            .panels = panels_,
            .modals = modals_,
            .keeping = keeping_,
            .setup = setup_.state(),
            .now = [this]() -> const engine::Snapshot& { return *snapshot_; },
            .take_session = [this](ReadSession read) { take_session(std::move(read)); },
            .dialog = options_.uses_dialogs ? std::make_unique<FileDialog>(services_.wake) : nullptr};
}

App::~App() {
    setup_.end();
    background_.reset();  // its jobs use the engine, and one may be writing window.json
    // Where the display was lost in the middle of a frame, Dear ImGui is left alone.
    const ImGuiContext* context = ImGui::GetCurrentContext();
    const bool is_between_frames = context && !context->WithinFrameScope;
    if (options_.remembers)
        (void)save_window_state(window_state_path(options_.folders.state), state_to_remember(is_between_frames));
    engine_.reset();  // before what its wake() reaches
    if (!is_between_frames) return;
    if (has_fonts_) ImPlot::DestroyContext();
    ImGui::GetIO().Fonts->ClearFonts();  // the atlas must not outlive the mapped files of its fonts
}

void App::prepare(float dpi_scale) {
    const float scale = dpi_scale * state_.text_size;
    if (!has_fonts_) {
        ImPlot::CreateContext();
        if (options_.uses_builtin_fonts)
            fonts_.load_builtin();
        else
            fonts_.load();
        for (const std::string& line : fonts_.notes()) notices_.note(LogEntry::Level::warning, line);
        if (!state_.layout.empty()) ImGui::LoadIniSettingsFromMemory(state_.layout.c_str(), state_.layout.size());
        has_fonts_ = true;
        theme_.scale = 0;
    }
    if (theme_.scale != scale || theme_.kind != state_.theme) {
        theme_ = make_theme(state_.theme, scale);
        apply(theme_, ImGui::GetStyle());
        apply(theme_, ImPlot::GetStyle());
        ImGui::GetStyle().FontSizeBase = theme_.text.row;
        ImGui::GetIO().FontDefault = fonts_[Face::regular];
    }
    take_news();
}

void App::on_focus() {
    keyboard_.read();  // the file may have been edited meanwhile
}

void App::draw(FrameRequests& requests) {
    // Tab goes on from the chosen item only while it is marked: where none is chosen, it has to begin with the first.
    if (!ImGui::IsAnyItemFocused()) ImGui::SetNavCursorVisible(false);
    const ImGuiIO& io = ImGui::GetIO();
    if (status_revision_ != revision_ || is_streaming()) {  // tokens are counted while they arrive
        status_ = status_line(*shown_);
        status_revision_ = revision_;
    }
    const FrameView frame{.snapshot = *shown_,
                          .preflight = setup_.check(revision_),
                          .setup = setup_.state(),
                          .theme = theme_,
                          .fonts = fonts_,
                          .shortcuts = keyboard_.shortcuts(),
                          .log = notices_.shown_log(),
                          .preview = preview_,
                          .probes = probing_->state(),
                          .judging = judging_->state(),
                          .revision = revision_,
                          .now = clock_->now(),
                          .wall = clock_->wall(),
                          .recent = history_.recent(),
                          .keeps_history = state_.keeps_history,
                          .enter_sends = state_.enter_sends,
                          .text_size = state_.text_size,
                          .is_blind = blind_.is_on(),
                          .renderer = services_.renderer,
                          .has_dialogs = files_.has_dialogs(),
                          .arrangement = panels_.layout().arrangement(),
                          .requests = requests,
                          .typed = typed_};
    ImGui::PushFont(fonts_[Face::regular], theme_.text.row);
    const ActionContext context{panels_.open(), panels_.views().prompt(), panels_.views().votes(),
                                panels_.candidates(*shown_), panels_.can_zoom()};
    edit_target_.observe(frame);             // before a menu's item is chosen, which closes it
    setup_.state().is_being_edited = false;  // unless its panel is shown, which says so
    draw_menu_bar(frame, {context, menu_keys_, status_}, commands_);
    panels_.draw({frame, setup_.state(), commands_});
    if (!modals_.is_open() && !palette_.is_open()) perform_pressed(frame, context, commands_);
    palette_.draw(frame, context, commands_);
    if (const auto answer = modals_.draw(frame, commands_)) take_modal(*answer);
    draw_toasts(frame, notices_.toasts(), panels_.toast_room(theme_, shown_->activity), commands_);
    ImGui::PopFont();

    // Seconds that pass are shown while something runs.
    if (is_streaming()) requests.at(frame.now + std::chrono::milliseconds{200});
    if (!setup_.state().is_being_edited) setup_.put_in_force();
    for (Command& command : commands_.take()) carry_out(command);
    if (typed_.pasted && typed_.pasted->frame == ImGui::GetFrameCount()) {
        if (services_.selection) typed_.pasted->text = services_.selection();
        requests.next_frame();
    }
    if (!commands_.empty() || panels_.needs_frame()) requests.next_frame();
    panels_.observe(theme_);
    if (io.WantSaveIniSettings) {
        ImGui::GetIO().WantSaveIniSettings = false;
        remember();
    }
}

}  // namespace llmc::gui
