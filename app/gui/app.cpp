#include "gui/app.h"

#include <imgui_internal.h>  // whether a frame is being drawn
#include <implot.h>

#include "gui/panels/prompt_panel.h"
#include "gui/toasts.h"

namespace llmc::gui {
App::App(AppServices services, AppOptions options)
    : services_(std::move(services)),
      options_(std::move(options)),
      clock_(options_.engine.clock),
      state_(options_.state),
      panels_(state_),
      engine_(std::make_unique<engine::Engine>(static_cast<engine::Waker&>(*this), options_.engine)),
      background_(std::in_place, services_.wake) {
    if (options_.uses_dialogs) dialog_ = std::make_unique<FileDialog>(services_.wake);
    panels_.views().prompt().history = state_.prompts;
    panels_.views().prompt().wants_focus = true;

    setup_.path = options_.config_path;
    setup_.trouble = options_.config_trouble;
    setup_.origin = options_.config_origin;
    setup_.system_prompt_origin = options_.system_prompt_origin;
    setup_.in_force = setup_.draft = options_.config;
    setup_.in_force.candidates.clear();  // the engine knows of none yet
    setup_.name_rows();
    setup_.is_saved = options_.config_origin == "config.json";
    snapshot_ = shown_ = &engine_->snapshot();
    configure_engine();
    update_title();

    for (const std::string& line : setup_.in_force.notes) note(LogEntry::Level::info, line);
    if (!options_.state_note.empty()) note(LogEntry::Level::warning, options_.state_note);
    if (!setup_.trouble.empty()) {
        complain(setup_.trouble);
    }
    if (setup_.in_force.servers.empty()) discover();
    look_for_lost_sessions();
    for (const auto& file : options_.files) open_any(file);
}

App::~App() {
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
        for (const std::string& line : fonts_.notes()) note(LogEntry::Level::warning, line);
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

void App::draw(FrameRequests& requests) {
    // Tab goes on from the chosen item only while it is marked: where none is chosen, it has to begin with the first.
    if (!ImGui::IsAnyItemFocused()) ImGui::SetNavCursorVisible(false);
    const ImGuiIO& io = ImGui::GetIO();
    check_draft();
    const FrameView frame{.snapshot = *shown_,
                          .preflight = preflight_,
                          .setup = setup_,
                          .theme = theme_,
                          .fonts = fonts_,
                          .log = blind_.is_on() ? blind_.log() : log_,
                          .preview = preview_,
                          .revision = revision_,
                          .now = clock_->now(),
                          .wall = clock_->wall(),
                          .enter_sends = state_.enter_sends,
                          .text_size = state_.text_size,
                          .is_blind = blind_.is_on(),
                          .renderer = services_.renderer,
                          .has_dialogs = dialog_ && FileDialog::is_available(),
                          .arrangement = panels_.layout().arrangement(),
                          .requests = requests};
    ImGui::PushFont(fonts_[Face::regular], theme_.text.row);
    const ActionContext context{panels_.open(), panels_.views().prompt(), panels_.views().votes(),
                                panels_.candidates(*shown_)};
    draw_menu_bar(frame, {context, status_}, commands_);
    panels_.draw({frame, setup_, commands_});
    if (!modals_.is_open()) perform_pressed(frame, context, commands_);
    if (const auto answer = modals_.draw(frame)) take_modal(*answer);
    draw_toasts(frame, toasts_, commands_);
    ImGui::PopFont();

    // Seconds that pass are shown while something runs.
    if (is_streaming()) requests.at(frame.now + std::chrono::milliseconds{200});
    carry_out(frame);
    if (!commands_.empty() || panels_.needs_frame()) requests.next_frame();
    panels_.observe();
    if (io.WantSaveIniSettings) {
        ImGui::GetIO().WantSaveIniSettings = false;
        remember();
    }
}

// What is derived from the draft and the snapshot is derived anew when one of them has changed.
void App::check_draft() {
    const config::Config& draft = setup_.draft;
    if (preflight_revision_ != revision_ || draft.candidates != checked_candidates_ ||
        draft.settings != checked_settings_) {
        checked_candidates_ = draft.candidates;
        checked_settings_ = draft.settings;
        preflight_ = engine::check_start(snapshot_->servers, checked_candidates_, checked_settings_);
        preflight_revision_ = revision_;
    }
    if (status_revision_ != revision_ || is_streaming()) {  // tokens are counted while they arrive
        status_ = status_line(*shown_);
        status_revision_ = revision_;
    }
}

}  // namespace llmc::gui
