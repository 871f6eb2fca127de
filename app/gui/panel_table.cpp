#include "gui/panel_table.h"

#include <algorithm>
#include <cstring>

#include "gui/panels/about_panel.h"
#include "gui/panels/casting_panel.h"
#include "gui/panels/compare_panel.h"
#include "gui/panels/configuration_panel.h"
#include "gui/panels/doctor_panel.h"
#include "gui/panels/judges_panel.h"
#include "gui/panels/log_panel.h"
#include "gui/panels/loop_panel.h"
#include "gui/panels/metrics_panel.h"
#include "gui/panels/prompt_panel.h"
#include "gui/panels/report_panel.h"
#include "gui/panels/shortcuts_panel.h"
#include "gui/panels/suite_panel.h"
#include "gui/panels/votes_panel.h"

namespace llmc::gui {

struct PanelViews::All {
    ConfigurationView configuration;
    PromptView prompt;
    MetricsView metrics;
    ReportView report;
    LogView log;
    CompareView compare;
    VotesView votes;
    JudgesView judges;
    SuiteView suite;
    LoopView loop;
    CastingView casting;
    DoctorView doctor;
};

namespace {

constexpr ImGuiKeyChord ctrl(ImGuiKey key) {
    return ImGuiMod_Ctrl | key;
}

constexpr PanelRow kRows[] = {
    {.panel = Panel::configuration,
     .window = "Configuration###configuration",
     .name = "Configuration",
     .keys = {ctrl(ImGuiKey_1)},
     .place = PanelPlace::side,
     .reveals = true,
     .is_open_at_first = true,
     .draw = [](PanelViews::All& views,
                const PanelFrame& to) { draw_configuration(to.frame, views.configuration, to.setup, to.commands); }},
    {.panel = Panel::prompt,
     .window = "Prompt###prompt",
     .name = "Prompt",
     .keys = {ctrl(ImGuiKey_2)},
     .place = PanelPlace::foot,
     .is_open_at_first = true,
     .is_always_there = true,
     .draw = [](PanelViews::All& views, const PanelFrame& to) { draw_prompt(to.frame, views.prompt, to.commands); }},
    {.panel = Panel::answers,
     .window = "Answers###answers",
     .name = "Answers",
     .is_open_at_first = true,
     .is_always_there = true},
    {.panel = Panel::compare,
     .window = "Compare###compare",
     .name = "Compare",
     .menu = MenuPart::differences,
     .keys = {ctrl(ImGuiKey_7)},
     .draw = [](PanelViews::All& views, const PanelFrame& to) { draw_compare(to.frame, views.compare, to.commands); }},
    {.panel = Panel::votes,
     .window = "Votes###votes",
     .name = "Votes",
     .menu = MenuPart::votes,
     .keys = {ctrl(ImGuiKey_8)},
     .draw = [](PanelViews::All& views, const PanelFrame& to) { draw_votes(to.frame, views.votes, to.commands); }},
    {.panel = Panel::judges,
     .window = "Judges###judges",
     .name = "Judges",
     .menu = MenuPart::votes,
     .keys = {ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_8},
     .reveals = true,
     .draw = [](PanelViews::All& views,
                const PanelFrame& to) { draw_judges(to.frame, views.judges, to.setup, to.commands); }},
    {.panel = Panel::suite,
     .window = "Suites###suite",
     .name = "Suites",
     .menu = MenuPart::suites,
     .keys = {ctrl(ImGuiKey_9)},
     .reveals = true,
     .draw = [](PanelViews::All& views, const PanelFrame& to) { draw_suite(to.frame, views.suite, to.commands); }},
    {.panel = Panel::loop,
     .window = "Loop###loop",
     .name = "Loop",
     .menu = MenuPart::suites,
     .keys = {ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_L},
     .reveals = true,
     .draw = [](PanelViews::All& views, const PanelFrame& to) { draw_loop(to.frame, views.loop, to.commands); }},
    {.panel = Panel::casting,
     .window = "Casting###casting",
     .name = "Casting sheet",
     .menu = MenuPart::casts,
     .keys = {ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_9},
     .reveals = true,
     .draw = [](PanelViews::All& views, const PanelFrame& to) { draw_casting(to.frame, views.casting, to.commands); }},
    {.panel = Panel::metrics,
     .window = "Metrics###metrics",
     .name = "Metrics",
     .keys = {ctrl(ImGuiKey_M), ctrl(ImGuiKey_4)},
     .reveals = true,
     .draw = [](PanelViews::All& views, const PanelFrame& to) { draw_metrics(to.frame, views.metrics, to.commands); }},
    {.panel = Panel::report_preview,
     .window = "Report preview###report",
     .name = "Report preview",
     .keys = {ctrl(ImGuiKey_5)},
     .reveals = true,
     .draw = [](PanelViews::All& views, const PanelFrame& to) { draw_report(to.frame, views.report, to.commands); }},
    {.panel = Panel::log,
     .window = "Log###log",
     .name = "Log",
     .keys = {ctrl(ImGuiKey_L), ctrl(ImGuiKey_6)},
     .draw = [](PanelViews::All& views, const PanelFrame& to) { draw_log(to.frame, views.log, to.commands); }},
    {.panel = Panel::shortcuts,
     .window = "Shortcuts###shortcuts",
     .name = "Shortcuts",
     .menu = MenuPart::help,
     .keys = {ImGuiKey_F1},
     .place = PanelPlace::free,
     .size = {560, 560},
     .draw = [](PanelViews::All&, const PanelFrame& to) { draw_shortcuts(to.frame, to.commands); }},
    {.panel = Panel::doctor,
     .window = "Check for problems###doctor",
     .name = "Check for problems",
     .menu = MenuPart::help,
     .place = PanelPlace::free,
     .size = {640, 560},
     .draw = [](PanelViews::All& views, const PanelFrame& to) { draw_doctor(to.frame, views.doctor, to.commands); }},
    {.panel = Panel::about,
     .window = "About###about",
     .name = "About",
     .menu = MenuPart::about,
     .place = PanelPlace::free,
     .size = {480, 420},
     .draw = [](PanelViews::All&, const PanelFrame& to) { draw_about(to.frame, to.commands); }},
};

}  // namespace

const char* PanelRow::dock_name() const {
    return std::strstr(window, "###");
}

std::span<const PanelRow> panel_rows() {
    return kRows;
}

const PanelRow& row_of(Panel panel) {
    return *std::ranges::find(kRows, panel, &PanelRow::panel);
}

PanelViews::PanelViews() : all_(std::make_unique<All>()) {}
PanelViews::~PanelViews() = default;

ConfigurationView& PanelViews::configuration() {
    return all_->configuration;
}
PromptView& PanelViews::prompt() {
    return all_->prompt;
}
CompareView& PanelViews::compare() {
    return all_->compare;
}
VotesView& PanelViews::votes() {
    return all_->votes;
}
SuiteView& PanelViews::suite() {
    return all_->suite;
}
CastingView& PanelViews::casting() {
    return all_->casting;
}

}  // namespace llmc::gui
