#include "gui/window_state.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/file.h"
#include "base/json.h"
#include "gui/panel_table.h"

namespace llmc::gui {
namespace {

constexpr int kVersion = 1;
constexpr std::uint64_t kMaxFile = std::uint64_t{16} * 1024 * 1024;
constexpr std::size_t kMaxLayout = std::size_t{1024} * 1024;
constexpr double kMaxLength = 10'000;

// Names are what the file has: never changed.
constexpr std::array<std::string_view, 4> kArrangementNames{"automatic", "columns", "grid", "tabs"};
constexpr std::array<std::string_view, 2> kThemeNames{"dark", "light"};

template <class Names>
std::optional<std::size_t> index_of(const Names& names, const std::optional<std::string>& name) {
    const auto at = name ? std::ranges::find(names, *name) : names.end();
    if (at == names.end()) return std::nullopt;
    return static_cast<std::size_t>(at - names.begin());
}

std::optional<WindowPlace> read_place(const base::Json& window) {
    const auto number = [&](std::string_view key) -> std::optional<int> {
        const auto value = base::get_int(window, key);
        if (!value || std::abs(*value) > 100'000) return std::nullopt;
        return static_cast<int>(*value);
    };
    const auto x = number("x"), y = number("y"), width = number("width"), height = number("height");
    if (!x || !y || !width || !height || *width <= 0 || *height <= 0) return std::nullopt;
    return WindowPlace{*x, *y, *width, *height, base::get_bool(window, "maximised").value_or(false)};
}

// Where windows are, and what goes with it; nothing of another version, in which windows had other places.
void read_layout(const base::Json& root, WindowState& state) {
    const auto* layout = base::find(root, "layout");
    if (layout && base::get_int(*layout, "version") != kLayoutVersion) return;
    if (const auto arrangement = index_of(kArrangementNames, base::get_string(root, "arrangement")))
        state.arrangement = static_cast<Arrangement>(*arrangement);
    const auto length = [&](std::string_view key) {
        const double wanted = base::get_number(root, key).value_or(0);
        return wanted > 0 && wanted < kMaxLength ? static_cast<float>(wanted) : 0.0F;
    };
    state.configuration_width = length("configuration_width");
    state.prompt_height = length("prompt_height");
    if (!layout) return;
    state.is_arranged_by_hand = base::get_bool(root, "arranged_by_hand").value_or(false);
    state.layout = base::get_string(*layout, "text").value_or("");
    if (state.layout.size() > kMaxLayout) state.layout.clear();
}

WindowState read_state(const base::Json& root) {
    WindowState state;
    if (const auto* window = base::find(root, "window")) state.place = read_place(*window);
    if (const auto theme = index_of(kThemeNames, base::get_string(root, "theme"))) {
        state.theme = static_cast<ThemeKind>(*theme);
    }
    if (const auto size = base::get_number(root, "text_size"); size && std::isfinite(*size)) {
        state.text_size = std::clamp(static_cast<float>(*size), kMinTextSize, kMaxTextSize);
    }
    state.enter_sends = base::get_bool(root, "enter_sends").value_or(state.enter_sends);
    if (const auto* panels = base::find(root, "panels")) {
        for (const PanelRow& row : panel_rows()) {
            const auto is_open = base::get_bool(*panels, row.panel.id);
            if (is_open == true) state.open.insert(row.panel);
            if (is_open == false && !row.is_always_there) state.open.erase(row.panel);
        }
    }
    state.keeps_history = base::get_bool(root, "keeps_history").value_or(true);
    const auto each_text = [&](const char* key, const auto& take) {
        const auto* list = base::find(root, key);
        if (!list || !list->is_array() || !state.keeps_history) return;
        for (const auto& one : *list)
            if (const auto* text = one.template get_ptr<const std::string*>()) take(*text);
    };
    each_text("prompts", [&](const std::string& text) { state.remember_prompt(text); });
    each_text("sessions", [&](const std::string& text) {
        if (!text.empty() && state.sessions.size() < kMaxRecentSessions) state.sessions.push_back(text);
    });
    state.is_in_step = base::get_bool(root, "in_step").value_or(false);
    if (state.keeps_history) state.draft = base::get_string(root, "draft").value_or("");
    if (state.draft.size() > kMaxDraft) state.draft.clear();
    read_layout(root, state);
    return state;
}

}  // namespace

PanelSet first_panels() {
    PanelSet open;
    for (const PanelRow& row : panel_rows())
        if (row.is_open_at_first) open.insert(row.panel);
    return open;
}

void WindowState::remember_prompt(std::string_view prompt) {
    if (prompt.empty() || prompt.size() > kMaxRememberedPrompt || (!prompts.empty() && prompts.back() == prompt))
        return;
    prompts.emplace_back(prompt);
    if (prompts.size() > kMaxPromptHistory) prompts.erase(prompts.begin());
}

void WindowState::remember_session(const std::filesystem::path& path) {
    const std::string text = path.string();
    std::erase(sessions, text);
    sessions.insert(sessions.begin(), text);
    if (sessions.size() > kMaxRecentSessions) sessions.pop_back();
}

std::filesystem::path window_state_path(const std::filesystem::path& state_folder) {
    return state_folder / "window.json";
}

LoadedWindowState load_window_state(const std::filesystem::path& path) {
    const auto without = [&](const std::string& why) {
        return LoadedWindowState{
            {}, "The window's settings in " + path.string() + " are not used: " + why + ". They start anew."};
    };
    const auto text = base::read_file(path, kMaxFile);
    if (!text) {
        if (text.error().kind == ErrorKind::not_found) return {};
        return without(text.error().message);
    }
    const auto root = base::parse_json(*text);
    if (!root) return without(root.error().message);
    if (const auto version = base::get_int(*root, "version"); version != kVersion) {
        return without(version ? "they are of version " + std::to_string(*version) + ", this program knows version " +
                                     std::to_string(kVersion)
                               : "the file has no version");
    }
    return {read_state(*root), {}};
}

Result<void> save_window_state(const std::filesystem::path& path, const WindowState& state) {
    base::OrderedJson root;
    root["version"] = kVersion;
    if (state.place) {
        root["window"] = {{"x", state.place->x},
                          {"y", state.place->y},
                          {"width", state.place->width},
                          {"height", state.place->height},
                          {"maximised", state.place->is_maximised}};
    }
    root["theme"] = kThemeNames[static_cast<std::size_t>(state.theme)];
    root["text_size"] = std::round(static_cast<double>(state.text_size) * 1000) / 1000;
    root["enter_sends"] = state.enter_sends;
    root["arrangement"] = kArrangementNames[static_cast<std::size_t>(state.arrangement)];
    root["arranged_by_hand"] = state.is_arranged_by_hand;
    if (state.configuration_width > 0) root["configuration_width"] = std::round(state.configuration_width);
    if (state.prompt_height > 0) root["prompt_height"] = std::round(state.prompt_height);
    for (const PanelRow& row : panel_rows()) root["panels"][std::string(row.panel.id)] = state.open.contains(row.panel);
    root["in_step"] = state.is_in_step;
    root["keeps_history"] = state.keeps_history;
    root["prompts"] = state.prompts;
    root["sessions"] = state.sessions;
    if (!state.draft.empty() && state.draft.size() <= kMaxDraft) root["draft"] = state.draft;
    if (!state.layout.empty()) root["layout"] = {{"version", kLayoutVersion}, {"text", state.layout}};
    return base::save_file(path, base::dump_json(root, 2) + "\n", base::FileMode::owner_only);
}

}  // namespace llmc::gui
