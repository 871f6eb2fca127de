// No command: the window.
#include <optional>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/setup.h"
#include "config/discovery.h"
#include "gui/app.h"
#include "gui/platform.h"
#include "gui/shell/shell.h"

namespace llmc::cli {
namespace {

std::unique_ptr<gui::Content> make_app(gui::ShellServices& shell, gui::AppOptions options) {
    // What a desktop program says later, that it could not open a link, has no frame to be shown in: the terminal.
    auto desktop = std::make_shared<gui::Desktop>([](const std::string&) {});
    gui::AppServices services;
    services.wake = [&shell] { shell.wake(); };
    services.open_link = [desktop](std::string_view url) { return desktop->open_link(url); };
    services.open_path = [desktop](const std::filesystem::path& folder) { return desktop->open_path(folder); };
    services.place = [&shell] { return std::optional(shell.place()); };
    services.offer_selection = [&shell](const std::string& text) { shell.offer_selection(text); };
    services.selection = [&shell] { return shell.selection(); };
    services.renderer = shell.renderer();
    return std::make_unique<gui::App>(std::move(services), std::move(options));
}

}  // namespace

int window_command(const Options& options, Terminal& terminal) {
    const config::Environment environment = config::system_environment();
    gui::AppOptions app;
    app.folders = config::folders(environment);
    app.config_path = options.config.value_or(app.folders.config / "config.json");
    app.files = options.files;
    for (const auto& file : app.files) {
        std::error_code unknown;
        if (std::filesystem::is_regular_file(file, unknown)) continue;
        terminal.complain("There is no command and no file \"" + file.string() +
                          "\". llm-compare --help lists the commands.");
        return kUsage;
    }
    app.discovery_ports = config::discovery_ports(environment("LLMC_DISCOVERY_PORTS"));

    std::error_code ignored;
    const bool has_file = std::filesystem::exists(app.config_path, ignored);
    app.config = config::defaults(app.folders);
    if (auto start = make_window_setup(options, environment)) {
        app.config = std::move(start->config);
        app.config_origin = start->is_from_command_line ? "command line" : has_file ? "config.json" : "defaults";
        app.system_prompt_origin = std::move(start->system_prompt_origin);
    } else if (start.error().kind == ErrorKind::usage) {
        terminal.complain(start.error().message);
        return kUsage;
    } else {
        app.config_trouble = start.error().message;  // said in the window; the file stays as it is
    }

    auto remembered = gui::load_window_state(gui::window_state_path(app.folders.state));
    app.state = std::move(remembered.state);
    app.state_note = std::move(remembered.note);
    const gui::WindowOptions window{.place = app.state.place};
    const auto ended =
        gui::run_window(window, [&app](gui::ShellServices& shell) { return make_app(shell, std::move(app)); });
    if (ended) return *ended;
    terminal.complain(ended.error().message);
    return kUsage;
}

}  // namespace llmc::cli
