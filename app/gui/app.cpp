#include "gui/app.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <imgui_internal.h>  // whether a frame is being drawn
#include <implot.h>

#include "base/utf8.h"
#include "gui/blind_notice.h"
#include "gui/panels/welcome_panel.h"
#include "gui/tab_title.h"
#include "gui/toasts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

using engine::Activity;

constexpr std::string_view kWindowPrefix = "###candidate:";  // of a candidate's window
// A window that appears does not take the keyboard from where somebody types: who asks for one sets the focus.
constexpr ImGuiWindowFlags kWindowFlags = ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoFocusOnAppearing;

// Beside the prompt, for reading.
bool is_review(Panel panel) {
    return panel != Panel::configuration && panel != Panel::prompt && panel != Panel::shortcuts &&
           panel != Panel::about;
}

// Windows that say whose answers are whose, or give it away by figures.
bool would_reveal(Panel panel) {
    return panel == Panel::configuration || panel == Panel::metrics || panel == Panel::report_preview ||
           panel == Panel::suite || panel == Panel::casting;
}

}  // namespace

App::App(AppServices services, AppOptions options)
    : services_(std::move(services)),
      options_(std::move(options)),
      clock_(options_.engine.clock),
      state_(options_.state),
      engine_(std::make_unique<engine::Engine>(static_cast<engine::Waker&>(*this), options_.engine)),
      background_(std::in_place, services_.wake) {
    if (options_.uses_dialogs) dialog_ = std::make_unique<FileDialog>(services_.wake);
    layout_.restore(state_.arrangement, state_.is_arranged_by_hand);
    prompt_.history = state_.prompts;
    prompt_.wants_focus = true;

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
                          .has_dialogs = dialog_ && FileDialog::is_available(),
                          .arrangement = layout_.arrangement(),
                          .requests = requests};
    ImGui::PushFont(fonts_[Face::regular], theme_.text.row);
    menu_windows_.clear();
    candidate_ids_.clear();
    for (std::size_t i = 0; i < shown_->session.candidates.size(); ++i) {
        const session::CandidateId& id = shown_->session.candidates[i].id;
        candidate_ids_.push_back(id);
        menu_windows_.push_back({id, shown_->labels[i], !is_hidden_[id]});
    }
    const ActionContext context{state_.is_shown, prompt_, votes_, candidate_ids_};
    draw_menu_bar(frame, {context, menu_windows_, status_}, commands_);
    draw_windows(frame);
    if (!modals_.is_open()) perform_pressed(frame, context, commands_);
    if (const auto answer = modals_.draw(frame)) take_modal(*answer);
    draw_toasts(frame, toasts_, commands_);
    ImGui::PopFont();

    // Seconds that pass are shown while something runs.
    if (is_streaming()) requests.at(frame.now + std::chrono::milliseconds{200});
    carry_out(frame);
    if (!commands_.empty() || wants_panel_focus_ || wants_candidate_focus_ || layout_.is_settling())
        requests.next_frame();
    layout_.observe();
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

const std::vector<std::string>& App::shown_candidates() {
    std::size_t count = 0;
    for (const session::Candidate& candidate : shown_->session.candidates) {
        if (is_hidden_[candidate.id]) continue;
        if (count == shown_names_.size()) shown_names_.emplace_back();
        std::string& name = shown_names_[count++];
        name.assign(kWindowPrefix).append(candidate.id);  // into the memory it has
    }
    shown_names_.resize(count);
    return shown_names_;
}

void App::draw_windows(const FrameView& frame) {
    layout_.prepare(theme_, shown_candidates());
    draw_panel(frame, Panel::configuration, "Configuration###configuration",
               [&] { draw_configuration(frame, configuration_, setup_, commands_); });
    draw_panel(frame, Panel::prompt, "Prompt###prompt", [&] { draw_prompt(frame, prompt_, commands_); });
    draw_candidates(frame);
    draw_panel(frame, Panel::metrics, "Metrics###metrics", [&] { draw_metrics(frame, metrics_, commands_); });
    draw_panel(frame, Panel::report_preview, "Report preview###report",
               [&] { draw_report(frame, report_, commands_); });
    draw_panel(frame, Panel::log, "Log###log", [&] { draw_log(frame, log_view_, commands_); });
    draw_panel(frame, Panel::compare, "Compare###compare", [&] { draw_compare(frame, compare_, commands_); });
    draw_panel(frame, Panel::votes, "Votes###votes", [&] { draw_votes(frame, votes_, commands_); });
    draw_panel(frame, Panel::suite, "Suites###suite", [&] { draw_suite(frame, suite_, commands_); });
    draw_panel(frame, Panel::casting, "Casting###casting", [&] { draw_casting(frame, casting_, commands_); });
    draw_panel(frame, Panel::shortcuts, "Shortcuts###shortcuts", [&] { draw_shortcuts(frame, commands_); });
    draw_panel(frame, Panel::about, "About###about", [&] { draw_about(frame, services_.renderer, commands_); });
}

void App::show_panel(Panel panel) {
    state_.is_shown[static_cast<std::size_t>(panel)] = true;
    wants_panel_focus_ = panel;
    if (is_review(panel)) layout_.open_review_row();
    if (panel == Panel::prompt) prompt_.wants_focus = true;
}

void App::draw_panel(const FrameView& frame, Panel panel, const char* title, const std::function<void()>& contents) {
    bool& is_shown = state_.is_shown[static_cast<std::size_t>(panel)];
    if (!is_shown) return;
    const Theme& theme = frame.theme;
    if (is_review(panel)) {
        layout_.place_review(title);
    } else if (panel == Panel::shortcuts || panel == Panel::about) {
        const ImGuiViewport& viewport = *ImGui::GetMainViewport();
        ImGui::SetNextWindowSize(
            {theme.px(panel == Panel::about ? 480 : 560), theme.px(panel == Panel::about ? 420 : 560)},
            ImGuiCond_FirstUseEver);
        ImGui::SetNextWindowPos(viewport.GetCenter(), ImGuiCond_FirstUseEver, {0.5F, 0.5F});
    }
    ImGui::SetNextWindowSizeConstraints({theme.px(180), theme.px(90)}, {FLT_MAX, FLT_MAX});
    if (wants_panel_focus_ == panel) {
        ImGui::SetNextWindowFocus();
        wants_panel_focus_.reset();
    }
    bool is_open = true;
    // What takes the keyboard does so by wants_panel_focus_, not by appearing.
    if (ImGui::Begin(title, &is_open, kWindowFlags)) {
        if (blind_.is_on() && would_reveal(panel))
            draw_blind_notice(frame, commands_);
        else
            contents();
    }
    ImGui::End();
    if (!is_open) is_shown = false;
}

void App::draw_candidates(const FrameView& frame) {
    const auto& candidates = shown_->session.candidates;
    if (candidates.empty()) {
        if (ImGui::Begin("Start###welcome", nullptr, kWindowFlags)) draw_welcome(frame, setup_, commands_);
        ImGui::End();
        return;
    }
    std::array<char, 400> title{};
    const std::vector<std::string>& names = shown_names_;  // of those that are shown, in their order
    std::size_t shown = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const session::Candidate& candidate = candidates[i];
        bool& is_hidden = is_hidden_[candidate.id];
        if (is_hidden) continue;
        const std::string_view name = names[shown++];
        const std::size_t size =
            write_tab_title(frame, i, name, std::span(title).first(title.size() - name.size() - 1));
        *std::ranges::copy(name, title.begin() + static_cast<std::ptrdiff_t>(size)).out = '\0';
        layout_.place_candidate(name);
        ImGui::SetNextWindowSizeConstraints({frame.theme.px(160), frame.theme.px(120)}, {FLT_MAX, FLT_MAX});
        if (wants_candidate_focus_ == candidate.id) {
            ImGui::SetNextWindowFocus();
            wants_candidate_focus_.reset();
        }
        bool is_open = true;
        constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoScrollbar |
                                            ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoFocusOnAppearing;
        if (ImGui::Begin(title.data(), &is_open, kFlags)) {
            if (ImGui::IsWindowFocused(ImGuiFocusedFlags_RootAndChildWindows)) focused_candidate_ = candidate.id;
            draw_candidate(frame, candidate, *view_of(candidate.id), commands_);
        }
        ImGui::End();
        if (!is_open) is_hidden = true;
    }
}

// The label where it fits into the tab; else what tells it from those beside it.
std::size_t App::write_tab_title(const FrameView& frame, std::size_t index, std::string_view window,
                                 std::span<char> out) {
    const std::string& label = shown_->labels[index];
    const float padding = 2 * ImGui::GetStyle().FramePadding.x + frame.theme.px(4);
    const float room = std::min(layout_.tab_width(window).value_or(FLT_MAX) - padding, frame.theme.px(600));
    if (measure(frame, label, {}).x <= room) return cut_middle(frame, label, {}, room, out);
    beside_.clear();
    std::size_t at = 0;
    for (std::size_t i = 0; i < shown_->labels.size(); ++i)
        if (!is_hidden_[shown_->session.candidates[i].id] && layout_.are_beside(shown_names_[at++], window))
            beside_.push_back(&shown_->labels[i]);
    const std::size_t skipped = common_beginning(beside_);
    if (skipped == 0) return cut_middle(frame, label, {}, room, out);
    // Narrower than this a tab says nothing: Dear ImGui scrolls the row instead.
    return cut_middle(frame, std::string_view(label).substr(skipped), {}, std::max(room, frame.theme.px(60)), out);
}

CandidateView* App::view_of(const session::CandidateId& id) {
    auto& view = candidates_[id];
    if (!view) view = std::make_unique<CandidateView>();
    return view.get();
}

}  // namespace llmc::gui
