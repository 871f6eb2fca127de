#include "cli/setup.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/prompts.h"

namespace llmc::cli {
namespace {

Error wrong_usage(std::string message) {
    return {ErrorKind::usage, std::move(message)};
}

// A server named on the command line: a configured one by its name or address, else a new one with the key that is kept
// for it.
Result<session::Server> server_from(const std::string& text, const config::Config& config, const base::Json& keys) {
    for (const session::Server& known : config.servers)
        if (session::names_server(text, known)) return known;
    auto url = net::BaseUrl::parse(text);
    if (!url) return wrong_usage("--server: " + url.error().message);
    session::Server server{.url = std::move(url).value()};
    for (const std::string& name : {text, server.url.text(), server.url.host_port()})
        if (const auto key = base::get_string(keys, name); key && server.api_key.empty()) server.api_key = *key;
    return server;
}

// Several may stand in one text, between commas; a configured name may have one, too.
std::vector<std::string> names_of_servers(const std::vector<std::string>& texts, const config::Config& config) {
    std::vector<std::string> names;
    for (const std::string& text : texts) {
        const bool is_one = std::any_of(config.servers.begin(), config.servers.end(),
                                        [&](const auto& known) { return session::names_server(text, known); });
        auto parts = is_one ? std::vector{text} : config::split_names(text, ",\n");
        if (parts.empty()) parts = {text};  // and is refused
        names.insert(names.end(), parts.begin(), parts.end());
    }
    return names;
}

session::Candidate candidate_from(const std::string& text) {
    const std::size_t split = text.find('=');
    session::Candidate candidate{.model_id = text.substr(0, split)};
    if (split != std::string::npos) candidate.display_name = text.substr(split + 1);
    return candidate;
}

// A configured one by its model or name, else any model.
config::JudgeModel judge_from(const std::string& text, const config::Config& config) {
    for (const config::JudgeModel& known : config.judges)
        if (known.model_id == text || known.display_name == text) return known;
    return {.model_id = text, .server = {}, .display_name = {}};
}

// Who is pinned to a server that is not among those of this run is refused.
Result<void> check_pin(const std::string& name, const std::string& pin, const std::vector<session::Server>& servers) {
    const auto is_meant = [&](const session::Server& one) { return session::names_server(pin, one); };
    if (pin.empty() || servers.empty() || std::any_of(servers.begin(), servers.end(), is_meant)) return {};
    return wrong_usage(
        fmt::format("{} is pinned to the server \"{}\", which is not among the servers of this run", name, pin));
}

Result<void> take_command_line(const Options& options, const config::Config& config, const base::Json& keys,
                               Setup& setup) {
    engine::Configure& configure = setup.configure;
    if (!options.servers.empty()) {
        configure.servers.clear();
        for (const std::string& text : names_of_servers(options.servers, config)) {
            auto server = server_from(text, config, keys);
            if (!server) return server.error();
            const bool is_known = std::any_of(configure.servers.begin(), configure.servers.end(),
                                              [&](const auto& one) { return one.url == server->url; });
            if (!is_known) configure.servers.push_back(std::move(server).value());
        }
    }
    if (!options.models.empty()) {
        setup.candidates.clear();
        for (const std::string& text : options.models) setup.candidates.push_back(candidate_from(text));
    }
    if (options.command != Options::Command::report)  // which asks no candidate
        for (const session::Candidate& candidate : setup.candidates)
            if (auto ok = check_pin(candidate.name(), candidate.server, configure.servers); !ok) return ok.error();
    for (const std::string& text : options.judges) {
        setup.judges.push_back(judge_from(text, config));
        const config::JudgeModel& judge = setup.judges.back();
        if (auto ok = check_pin(judge.model_id, judge.server, configure.servers); !ok) return ok.error();
    }
    take_settings(options, configure.settings);
    if (options.out) configure.report_folder = *options.out;
    return {};
}

// The suite's settings beat the configuration's; those of the command line, taken later, beat both.
Result<void> take_suite(const Options& options, Setup& setup) {
    if (!options.suite) return {};
    auto suite = suite::load_suite(*options.suite);
    if (!suite) return wrong_usage("--suite: " + suite.error().message);
    const std::int64_t repeat = options.repeat.value_or(suite->repeat);
    if (auto ok = suite::check_repeat(*suite, repeat); !ok) return wrong_usage("--repeat: " + ok.error().message);
    setup.repeat = static_cast<int>(repeat);
    setup.configure.settings = suite::with_suite(setup.configure.settings, *suite);
    setup.notes.insert(setup.notes.end(), suite->warnings.begin(), suite->warnings.end());
    setup.suite = std::move(*suite);
    return {};
}

}  // namespace

Result<Setup> make_setup(const Options& options, const config::Environment& environment) {
    const config::Folders folders = config::folders(environment);
    const std::filesystem::path path = options.config.value_or(folders.config / "config.json");
    auto config = config::load(path, folders, environment, options.config.has_value());
    if (!config) return config.error();
    auto keys = config::load_keys(path.parent_path() / "keys.json");
    if (!keys) return keys.error();

    Setup setup;
    setup.notes = config->notes;
    setup.configure.servers = config->servers;
    setup.candidates = config->candidates;
    setup.configure.settings = config->settings;
    setup.configure.report_folder = config->report_folder;
    if (config->journal) setup.configure.journal_folder = folders.state;
    if (auto ok = take_suite(options, setup); !ok) return ok.error();
    if (auto ok = take_command_line(options, *config, *keys, setup); !ok) return ok.error();

    if (options.system_prompt_file) {
        auto text = config::read_text_file(*options.system_prompt_file);
        if (!text) return wrong_usage("--system-prompt: " + text.error().message);
        setup.configure.settings.system_prompt = std::move(text).value();
    } else if (setup.suite && setup.suite->system_prompt) {
        setup.configure.settings.system_prompt = *setup.suite->system_prompt;
    } else if (options.command == Options::Command::run) {
        auto prompt = config::system_prompt(*config, path);
        if (!prompt) return prompt.error();
        setup.configure.settings.system_prompt = prompt->text;
    }

    setup.prompts = options.prompts;
    if (options.prompt_file) {
        auto prompts = config::load_prompts(*options.prompt_file);
        if (!prompts) return wrong_usage("--prompts: " + prompts.error().message);
        setup.prompts.insert(setup.prompts.end(), prompts->begin(), prompts->end());
    }
    // A halt, or an interruption, writes what is usual, and what was asked for.
    setup.configure.halt_formats = options.formats;
    for (const report::Format format : report::usual_formats())
        if (std::find(options.formats.begin(), options.formats.end(), format) == options.formats.end())
            setup.configure.halt_formats.push_back(format);
    return setup;
}

Result<WindowSetup> make_window_setup(const Options& options, const config::Environment& environment) {
    const config::Folders folders = config::folders(environment);
    const std::filesystem::path path = options.config.value_or(folders.config / "config.json");
    auto config = config::load(path, folders, environment, options.config.has_value());
    if (!config) return config.error();
    auto setup = make_setup(options, environment);
    if (!setup) return setup.error();

    WindowSetup window;
    window.config = std::move(config).value();
    window.config.servers = std::move(setup->configure.servers);
    window.config.candidates = std::move(setup->candidates);
    window.config.settings = std::move(setup->configure.settings);
    window.config.report_folder = std::move(setup->configure.report_folder);
    window.is_from_command_line = !options.servers.empty() || !options.models.empty() || !options.settings.empty() ||
                                  options.out || options.system_prompt_file;
    if (options.system_prompt_file) {
        window.system_prompt_origin = "--system-prompt " + options.system_prompt_file->string();
        return window;
    }
    auto prompt = config::system_prompt(window.config, path);
    if (!prompt) return prompt.error();
    window.config.settings.system_prompt = std::move(prompt->text);
    window.system_prompt_origin = std::move(prompt->origin);
    return window;
}

std::string some_of(const std::vector<std::string>& names, std::size_t count) {
    if (names.size() <= count) return fmt::format("{}", fmt::join(names, ", "));
    return fmt::format("{} and {} more",
                       fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(count), ", "),
                       names.size() - count);
}

}  // namespace llmc::cli
