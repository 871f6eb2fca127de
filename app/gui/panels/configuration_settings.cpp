// What holds for all candidates: sliders, order, deadlines, report folder, system prompt.
#include <array>

#include <fmt/format.h>

#include "gui/panels/configuration_view.h"

namespace llmc::gui {
namespace {

constexpr std::array kOrders{session::Order::swap_aware, session::Order::rotate, session::Order::listed,
                             session::Order::by_model};
constexpr std::array kOrderNames{"swap-aware", "rotate", "listed", "by-model"};
constexpr std::array kOrderWords{
    "A free server takes what it has loaded first.",
    "Another candidate begins in each round.",
    "As they are listed, whatever is loaded.",
    "A server finishes all prompts of one model before it swaps.",
};
constexpr const char* kNotSent = "the server's own";
constexpr std::array kFailures{session::OnFailure::halt, session::OnFailure::keep_going};
constexpr std::array kFailureNames{"halt the session", "continue with the others"};

template <class T, std::size_t N>
int index_of(const std::array<T, N>& all, T value) {
    for (std::size_t i = 0; i < N; ++i)
        if (all[i] == value) return static_cast<int>(i);
    return -1;
}

void draw_advanced(ConfigurationParts& parts) {
    const FrameView& frame = parts.frame;
    FieldTexts& texts = parts.view.texts;
    session::Settings& settings = parts.setup.draft.settings;
    std::optional<double> connect = settings.connect_timeout_s;
    if (optional_field(frame, texts, "Connect (s)", connect, "10", 1.0, 86400.0))
        settings.connect_timeout_s = connect.value_or(session::Settings().connect_timeout_s);
    optional_field(frame, texts, "Total (s)", settings.total_timeout_s, "no limit", 1.0, 86400.0);
    optional_field(frame, texts, "top_p", settings.top_p, "the server's own", 0.0, 1.0);
    optional_field(frame, texts, "Seed", settings.seed, "none", -(std::int64_t{1} << 62), std::int64_t{1} << 62);
    stop_field(frame, texts, "Stop, one a line", settings.stop);
}

}  // namespace

void draw_settings(ConfigurationParts& parts) {
    const FrameView& frame = parts.frame;
    ConfigurationView::State& view = parts.view;
    session::Settings& settings = parts.setup.draft.settings;
    ImGui::PushID("common");
    section_heading(frame, "Settings");
    double temperature = settings.temperature.value_or(session::Settings{}.temperature.value());
    if (slider(frame, "Temperature", temperature,
               {.min = 0, .max = 2, .hard_min = 0, .hard_max = 2, .format = settings.temperature ? "%.2f" : kNotSent}))
        settings.temperature = temperature;
    slider(frame, "Timeout", settings.timeout_s,
           {.min = 30, .max = 600, .hard_min = 1, .hard_max = 86400, .format = "%.0f s"});
    tooltip(frame, "The longest wait without a token: before the first one, and between two");
    auto tokens = static_cast<double>(settings.max_tokens.value_or(session::Settings{}.max_tokens.value()));
    if (slider(frame, "Max tokens", tokens,
               {.min = 256,
                .max = 8192,
                .hard_min = 1,
                .hard_max = 1'000'000,
                .format = settings.max_tokens ? "%.0f" : kNotSent}))
        settings.max_tokens = static_cast<std::int64_t>(tokens);

    int order = index_of(kOrders, settings.order);
    if (choice(frame, "Order", kOrderNames, order)) settings.order = kOrders[static_cast<std::size_t>(order)];
    if (order >= 0) tooltip(frame, kOrderWords[static_cast<std::size_t>(order)]);
    int on_failure = index_of(kFailures, settings.on_failure);
    if (choice(frame, "On failure", kFailureNames, on_failure))
        settings.on_failure = kFailures[static_cast<std::size_t>(on_failure)];

    if (view.report_folder_of != parts.setup.draft.report_folder) {
        view.report_folder_of = parts.setup.draft.report_folder;
        view.report_folder = config::with_home_as_tilde(view.report_folder_of, config::system_environment());
    }
    parsed_field(frame, view.texts, "Reports", view.report_folder, "a folder",
                 [&](const std::string& text) -> Result<void> {
                     if (text.empty()) return Error{ErrorKind::usage, "A folder for reports is needed."};
                     parts.setup.draft.report_folder = config::expand_home(text, config::system_environment());
                     return {};
                 });
    if (link_button(frame, view.shows_advanced ? "Less" : "Advanced…")) view.shows_advanced = !view.shows_advanced;
    if (view.shows_advanced) draw_advanced(parts);
    ImGui::PopID();
}

void draw_system_prompt(ConfigurationParts& parts) {
    const FrameView& frame = parts.frame;
    config::Config& draft = parts.setup.draft;
    ImGui::PushID("system prompt");
    if (section_heading(frame, "System prompt", "Open file…")) parts.commands.add(ChooseFile{FileKind::system_prompt});
    if (multiline_field(frame, "##text", draft.settings.system_prompt, {-FLT_MIN, frame.theme.px(92)},
                        ImGuiInputTextFlags_WordWrap)) {
        draft.has_system_prompt = true;  // what is typed here beats a file
        draft.system_prompt_file.reset();
    }
    const bool is_typed = draft.settings.system_prompt != parts.setup.in_force.settings.system_prompt;
    if (draft.system_prompt_file)
        note(frame, fmt::format("from {}", draft.system_prompt_file->string()));
    else if (!is_typed && !parts.setup.system_prompt_origin.empty())
        note(frame, parts.setup.system_prompt_origin == "default"
                        ? "the default"
                        : fmt::format("from {}", parts.setup.system_prompt_origin));
    ImGui::PopID();
}

}  // namespace llmc::gui
