#include "cli/options.h"

#include <algorithm>
#include <charconv>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "config/config.h"
#include "interop/cast_export.h"
#include "interop/suite_export.h"

namespace llmc::cli {
namespace {

// "las, litellm, env"
std::string export_names() {
    std::string names;
    for (const interop::ExportFormat& format : interop::export_formats())
        names += (names.empty() ? "" : ", ") + std::string(format.name);
    return names;
}

// What the arguments look like before they are checked.
struct Raw {
    std::string config, prompt_file, system_prompt_file, out, formats, events, session_file, resume, suite, save_as,
        cast_into, baseline, decision_format = "text";
    std::vector<std::string> servers, models, judges, prompts, files;
    bool no_progress = false;
};

void repeatable(CLI::Option* option) {
    option->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

// CLI11 takes a whole number that is too long for its type as the largest there is.
std::string whole_number(const std::string& text) {
    std::int64_t value = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc::result_out_of_range) return {};
    return text + " is out of range";
}

void add_servers(CLI::App& command, Raw& raw) {
    command.add_option("--config", raw.config, "the configuration file in place of the usual one")->type_name("FILE");
    repeatable(
        command
            .add_option("--server", raw.servers,
                        "a server: its address, or the name of a configured one; repeatable, or several between commas")
            ->type_name("URL"));
}

CLI::Option* add_judges(CLI::App& command, Raw& raw, const char* what) {
    CLI::Option* option =
        command
            .add_option("--judge", raw.judges,
                        fmt::format("who judges {}: a model's id, or a configured judge; repeatable", what))
            ->type_name("ID");
    repeatable(option);
    return option;
}

void add_output(CLI::App& command, Raw& raw) {
    command.add_option("--out", raw.out, "the folder for the reports")->type_name("FOLDER");
    command
        .add_option(
            "--format", raw.formats,
            fmt::format("{}; several with commas (default: {})", report::extensions_text(report::all_formats(), ", "),
                        report::extensions_text(report::usual_formats(), ",")))
        ->type_name("LIST");
}

// "--max-tokens", "--timeout"
std::string option_name(const session::Setting& setting) {
    std::string name = fmt::format("--{}", setting.key);
    std::replace(name.begin(), name.end(), '_', '-');
    return setting.is_seconds() ? name.substr(0, name.rfind('-')) : name;
}

template <class T>
CLI::Option* add_setting_of(CLI::App& command, const session::Setting& setting, Options& options) {
    const std::string range = setting.range();
    std::string help = setting.help;
    help.front() = base::to_lower(help.front());
    return command.add_option_function<T>(
        option_name(setting), [&options, &setting](const T& value) { options.settings.emplace_back(&setting, value); },
        fmt::format("{}{}{}", help, range.empty() ? "" : "; ", range));
}

void add_setting(CLI::App& command, const session::Setting& setting, Options& options) {
    using Kind = session::Setting::Kind;
    switch (setting.kind()) {
        case Kind::real:
            add_setting_of<double>(command, setting, options)->type_name(setting.is_seconds() ? "SECONDS" : "NUMBER");
            break;
        case Kind::whole:
            add_setting_of<std::int64_t>(command, setting, options)->check(whole_number)->type_name("N");
            break;
        case Kind::choice: add_setting_of<std::string>(command, setting, options)->type_name("WORD"); break;
        case Kind::words:
            repeatable(add_setting_of<std::vector<std::string>>(command, setting, options)->type_name("TEXT"));
            break;
    }
}

// What the window and `run` take alike.
void add_settings(CLI::App& command, Raw& raw, Options& options) {
    repeatable(command.add_option("--model", raw.models, "a candidate, with its own label if you like; repeatable")
                   ->type_name("ID[=LABEL]"));
    command.add_option("--system-prompt", raw.system_prompt_file, "a file with the system prompt")->type_name("FILE");
    for (const session::Setting& setting : session::all_settings()) add_setting(command, setting, options);
}

Error wrong(std::string message) {
    return {ErrorKind::usage, std::move(message)};
}

Result<void> check(const Raw& raw, Options& options) {
    if (!raw.config.empty()) options.config = raw.config;
    if (!raw.prompt_file.empty()) options.prompt_file = raw.prompt_file;
    if (!raw.system_prompt_file.empty()) options.system_prompt_file = raw.system_prompt_file;
    if (!raw.out.empty()) options.out = raw.out;
    if (!raw.events.empty()) options.events = raw.events;
    if (!raw.resume.empty()) options.resume = raw.resume;
    if (!raw.suite.empty()) options.suite = raw.suite;
    if (!raw.save_as.empty()) options.save_as = raw.save_as;
    if (!raw.cast_into.empty()) options.cast_into = raw.cast_into;
    if (!raw.baseline.empty()) options.baseline = raw.baseline;
    options.as_json |= raw.decision_format == "json";
    options.session_file = raw.session_file;
    options.files.assign(raw.files.begin(), raw.files.end());
    options.shows_progress = !raw.no_progress;
    options.servers = raw.servers;
    options.models = raw.models;
    options.judges = raw.judges;
    options.prompts = raw.prompts;
    if (options.prompt_file && !options.suite && options.prompt_file->extension() == ".json")
        options.suite = std::exchange(options.prompt_file, std::nullopt);
    if (options.suite && (!options.prompts.empty() || options.prompt_file))
        return wrong("--suite: a suite brings its own prompts; leave out --prompt and --prompts");
    if (options.suite && options.resume)
        return wrong(
            "--suite: a session that is resumed goes on with its own suite; leave out one of --suite and --resume");
    if (options.repeat && !options.suite)
        return wrong("--repeat: only a suite is repeated; name one with --suite FILE");
    for (const std::string& prompt : options.prompts) {
        if (prompt.find_first_not_of(" \t\r\n") == std::string::npos) return wrong("--prompt: the text is empty");
        if (!base::is_valid_utf8(prompt)) return wrong("--prompt: the text is not UTF-8");
    }
    for (const std::string& model : options.models)
        if (model.empty() || model.front() == '=' || model.back() == '=')
            return wrong(fmt::format("--model: \"{}\" is no ID or ID=LABEL", model));
    session::Settings any;
    for (const auto& [setting, value] : options.settings)
        if (auto ok = session::set(*setting, value, any); !ok)
            return wrong(fmt::format("{}: {}", option_name(*setting), ok.error().message));
    options.formats = report::usual_formats();
    if (!raw.formats.empty()) {
        auto formats = report::formats_from(raw.formats);
        if (!formats) return wrong("--format: " + formats.error().message);
        options.formats = std::move(formats).value();
    }
    return {};
}

}  // namespace

void take_settings(const Options& options, session::Settings& settings) {
    for (const auto& [setting, value] : options.settings) (void)session::set(*setting, value, settings);
}

Parsed parse_options(int argc, const char* const* argv) {
    Options options;
    Raw raw;
    CLI::App app{"LLM Compare: audition language models side by side.", "llm-compare"};
    app.set_version_flag("--version", std::string("llm-compare ") + LLMC_VERSION);
    app.set_help_flag("-h,--help", "this text");
    app.require_subcommand(0, 1);
    // Without a command: the window.
    app.add_option("FILE", raw.files, "opened in the window: a session, a JSON report, prompts")->type_name("");
    add_servers(app, raw);
    add_settings(app, raw, options);
    app.add_option("--out", raw.out, "the folder for the reports")->type_name("FOLDER");

    CLI::App& run = *app.add_subcommand("run", "run prompts against all candidates and write reports");
    add_servers(run, raw);
    repeatable(run.add_option("--prompt", raw.prompts, "a prompt: one round; repeatable")->type_name("TEXT"));
    run.add_option("--prompts", raw.prompt_file, "a file of prompts (.txt, .md, .jsonl), or a suite (.json)")
        ->type_name("FILE");
    add_settings(run, raw, options);
    run.add_option("--suite", raw.suite, "a suite (.json): prompts with checks")->type_name("FILE");
    run.add_option("--repeat", options.repeat, "how often each prompt of the suite is asked")
        ->check(whole_number)
        ->type_name("N");
    run.add_option(
           "--resume", raw.resume,
           "a session (.llmc.json) or a JSON report: its failed answers are tried again, then its prompts go on")
        ->type_name("SESSION");
    add_judges(run, raw, "the answers, once all are there");
    add_output(run, raw);
    run.add_option("--events", raw.events, "one JSON object per line, as things happen; - for standard output")
        ->type_name("FILE");
    run.add_flag("--no-progress", raw.no_progress, "no progress display");
    run.add_flag("--quiet", options.is_quiet, "print nothing when all is well");

    CLI::App& models = *app.add_subcommand("models", "list every server's models");
    add_servers(models, raw);
    models.add_flag("--json", options.as_json, "as JSON");

    CLI::App& write =
        *app.add_subcommand("export", "write reports from a session or report file, or a suite for another program");
    write.add_option("SESSION", raw.session_file, "a session (.llmc.json) or a JSON report; a suite with --as")
        ->required();
    add_output(write, raw);
    write
        .add_option("--as", options.export_as,
                    fmt::format("a suite's prompts for another program: {}", interop::suite_export_formats()))
        ->type_name("FORMAT")
        ->excludes(write.get_option("--format"));
    write.add_option("--config", raw.config, "the configuration file in place of the usual one")->type_name("FILE");
    write.add_flag("--quiet", options.is_quiet, "print nothing when all is well");

    CLI::App& decision = *app.add_subcommand(
        "report", "say what the results of a report can carry: who is better, who cannot be told apart");
    decision.add_option("REPORT", raw.session_file, "a JSON report or a session (.llmc.json) of a suite")->required();
    decision
        .add_option("--baseline", raw.baseline,
                    "an earlier one, to be compared with; exit status 4 where a candidate got worse beyond doubt")
        ->type_name("REPORT");
    decision
        .add_option("--suite", raw.suite,
                    "of another program's results: the tests that were run, a suite or that program's file")
        ->type_name("FILE");
    CLI::Option* decision_format = decision.add_option("--format", raw.decision_format, "text or json (default: text)")
                                       ->type_name("FORMAT")
                                       ->check(CLI::IsMember({"text", "json"}));
    add_judges(decision, raw, "the answers, for a new JSON report")
        ->excludes(decision.get_option("--baseline"))
        ->excludes(decision_format);
    add_servers(decision, raw);
    decision.add_option("--out", raw.out, "with --judge: the folder for the new report")->type_name("FOLDER");
    decision.add_flag("--quiet", options.is_quiet, "print nothing, the exit status says it");

    CLI::App& recover = *app.add_subcommand(
        "recover", "write reports, or a session, from the crash journal of a program that ended early");
    CLI::Option* lists = recover.add_flag("--list", options.lists, "say which journals there are, and write nothing");
    CLI::Option* save_as = recover.add_option("--as", raw.save_as, "write this session file in place of reports");
    save_as->type_name("SESSION");
    add_output(recover, raw);
    save_as->excludes(lists)->excludes(recover.get_option("--out"))->excludes(recover.get_option("--format"));
    recover.add_option("--config", raw.config, "the configuration file in place of the usual one")->type_name("FILE");
    recover.add_flag("--quiet", options.is_quiet, "print nothing when all is well");

    CLI::App& cast = *app.add_subcommand("cast", "write a casting sheet from reports and sessions");
    cast.add_option("REPORT", options.cast_files, "JSON reports and sessions (.llmc.json)")->required();
    repeatable(cast.add_option("--pick", options.picks, "your choice in place of the proposal; repeatable")
                   ->type_name("ROLE=LABEL"));
    CLI::Option* sheet_formats =
        cast.add_option("--format", options.cast_formats, "json, yaml; several with commas (default: json,yaml)")
            ->type_name("LIST");
    CLI::Option* as =
        cast.add_option("--as", options.cast_as,
                        fmt::format("what another program reads, in place of a sheet: {}", export_names()))
            ->type_name("FORMAT")
            ->excludes(sheet_formats);
    cast.add_option("--into", raw.cast_into, "that program's own file, to be edited; the old one is kept as FILE.bak")
        ->type_name("FILE")
        ->needs(as);
    cast.add_flag("--dry-run", options.is_dry_run, "print what would change, and write nothing")->needs(as);
    cast.add_option("--out", raw.out, "the folder for the casting sheet")->type_name("FOLDER");
    cast.add_option("--config", raw.config, "the configuration file in place of the usual one")->type_name("FILE");
    cast.add_flag("--quiet", options.is_quiet, "print nothing when all is well");

    CLI::App& import = *app.add_subcommand(
        "import",
        "make a suite of other programs' files: prompt-prix, BFCL, Inspect, promptfoo, traces, conversations");
    import.add_option("FILE", options.import_files, "files of one kind, which their content tells")->required();
    import
        .add_option(
            "--as", options.import_as,
            "the suite's file; the folder, where there is a suite for each specialist (default: FILE.suite.json "
            "in the current folder)")
        ->type_name("SUITE");
    import.add_option("--role", options.role, "the role that the suite tests")->type_name("ROLE");
    import.add_flag("--force", options.replaces, "replace a file that is there");
    import.add_flag("--strict", options.is_strict, "write nothing where something cannot be taken over");
    import.add_flag("--quiet", options.is_quiet, "say only what was not taken over");

    CLI::App& probe = *app.add_subcommand("probe", "try which request forms work with the models");
    add_servers(probe, raw);
    repeatable(probe.add_option("--model", raw.models, "a model; repeatable")->type_name("ID"));
    probe.add_flag("--json", options.as_json, "as JSON");

    CLI::App& demo = *app.add_subcommand("demo", "start demo servers and print their addresses");
    demo.add_option("--port", options.demo_port, "the first of two ports (default: free ones)")
        ->check(CLI::Range(1, 65533))
        ->type_name("PORT");
    demo.add_option("--fault", options.demo_fault,
                    "how the model demo-fragile fails, in every answer; \"list\" names them")
        ->type_name("NAME");
    demo.add_option("--speed", options.demo_tokens_per_s, "tokens per second; 0: at once")
        ->check(CLI::Range(0.0, 100'000.0))
        ->type_name("N");

    // An empty value is a mistake in a script, not a wish for the default.
    for (CLI::App* command : app.get_subcommands({}))
        for (CLI::Option* option :
             command->get_options([](const CLI::Option* one) { return one->get_items_expected_max() > 0; }))
            option->check([](const std::string& value) {
                return value.empty() ? std::string("the value is empty") : std::string();
            });

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const bool is_answer = error.get_exit_code() == 0;  // --help, --version
        std::ostringstream out, err;
        app.exit(error, out, err);
        std::string text = is_answer ? out.str() : err.str();
        while (!text.empty() && text.back() == '\n') text.pop_back();
        return {std::nullopt, text, is_answer ? kOk : kUsage};
    }
    if (run.parsed()) options.command = Options::Command::run;
    if (models.parsed()) options.command = Options::Command::models;
    if (write.parsed()) options.command = Options::Command::export_reports;
    if (recover.parsed()) options.command = Options::Command::recover;
    if (cast.parsed()) options.command = Options::Command::cast;
    if (import.parsed()) options.command = Options::Command::import_suites;
    if (decision.parsed()) options.command = Options::Command::report;
    if (probe.parsed()) options.command = Options::Command::probe;
    if (demo.parsed()) options.command = Options::Command::demo;
    if (auto ok = check(raw, options); !ok) return {std::nullopt, ok.error().message, kUsage};
    return {std::move(options), {}, kOk};
}

}  // namespace llmc::cli
