#include "cli/command_line.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/ascii.h"
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

void repeatable(CLI::Option* option) {
    option->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

// CLI11 takes a whole number that is too long for its type as the largest there is.
std::string whole_number(const std::string& text) {
    std::int64_t value = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc::result_out_of_range) return {};
    return text + " is out of range";
}

void add_servers(CLI::App& command, RawOptions& raw) {
    command.add_option("--config", raw.config, "the configuration file in place of the usual one")->type_name("FILE");
    repeatable(
        command
            .add_option("--server", raw.servers,
                        "a server: its address, or the name of a configured one; repeatable, or several between commas")
            ->type_name("URL"));
}

CLI::Option* add_judges(CLI::App& command, RawOptions& raw, const char* what) {
    CLI::Option* option =
        command
            .add_option("--judge", raw.judges,
                        fmt::format("who judges {}: a model's id, or a configured judge; repeatable", what))
            ->type_name("ID");
    repeatable(option);
    return option;
}

void add_output(CLI::App& command, RawOptions& raw) {
    command.add_option("--out", raw.out, "the folder for the reports")->type_name("FOLDER");
    command
        .add_option(
            "--format", raw.formats,
            fmt::format("{}; several with commas (default: {})", report::extensions_text(report::all_formats(), ", "),
                        report::extensions_text(report::usual_formats(), ",")))
        ->type_name("LIST");
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
void add_settings(CLI::App& command, RawOptions& raw, Options& options) {
    repeatable(command.add_option("--model", raw.models, "a candidate, with its own label if you like; repeatable")
                   ->type_name("ID[=LABEL]"));
    command.add_option("--system-prompt", raw.system_prompt_file, "a file with the system prompt")->type_name("FILE");
    for (const session::Setting& setting : session::all_settings()) add_setting(command, setting, options);
}

}  // namespace

std::string option_name(const session::Setting& setting) {
    std::string name = fmt::format("--{}", setting.key);
    std::replace(name.begin(), name.end(), '_', '-');
    return setting.is_seconds() ? name.substr(0, name.rfind('-')) : name;
}

CommandLine::CommandLine() {
    app_.set_version_flag("--version", std::string("llm-compare ") + LLMC_VERSION);
    app_.set_help_flag("-h,--help", "this text");
    app_.require_subcommand(0, 1);
    add_window();
    add_run();
    add_models();
    add_export();
    add_report();
    add_recover();
    add_cast();
    add_import();
    add_probe();
    add_doctor();
    add_demo();
    add_document();
    refuse_empty_values();
}

// Without a command: the window.
void CommandLine::add_window() {
    app_.add_option("FILE", raw_.files, "opened in the window: a session, a JSON report, prompts")->type_name("");
    add_servers(app_, raw_);
    add_settings(app_, raw_, options_);
    app_.add_option("--out", raw_.out, "the folder for the reports")->type_name("FOLDER");
}

void CommandLine::add_run() {
    CLI::App& run = *app_.add_subcommand("run", "run prompts against all candidates and write reports");
    add_servers(run, raw_);
    repeatable(run.add_option("--prompt", raw_.prompts, "a prompt: one round; repeatable")->type_name("TEXT"));
    run.add_option("--prompts", raw_.prompt_file, "a file of prompts (.txt, .md, .jsonl), or a suite (.json)")
        ->type_name("FILE");
    add_settings(run, raw_, options_);
    run.add_option("--suite", raw_.suite, "a suite (.json): prompts with checks")->type_name("FILE");
    run.add_option("--repeat", options_.repeat, "how often each prompt of the suite is asked")
        ->check(whole_number)
        ->type_name("N");
    run.add_option(
           "--resume", raw_.resume,
           "a session (.llmc.json) or a JSON report: its failed answers are tried again, then its prompts go on")
        ->type_name("SESSION");
    add_judges(run, raw_, "the answers, once all are there");
    add_output(run, raw_);
    run.add_option("--events", raw_.events, "one JSON object per line, as things happen; - for standard output")
        ->type_name("FILE");
    run.add_flag("--no-progress", raw_.no_progress, "no progress display");
    run.add_flag("--quiet", options_.is_quiet, "print nothing when all is well");
    commands_.emplace_back(&run, Options::Command::run);
}

void CommandLine::add_models() {
    CLI::App& models = *app_.add_subcommand("models", "list every server's models");
    add_servers(models, raw_);
    models.add_flag("--json", options_.as_json, "as JSON");
    commands_.emplace_back(&models, Options::Command::models);
}

void CommandLine::add_export() {
    CLI::App& write =
        *app_.add_subcommand("export", "write reports from a session or report file, or a suite for another program");
    write.add_option("SESSION", raw_.session_file, "a session (.llmc.json) or a JSON report; a suite with --as")
        ->required();
    add_output(write, raw_);
    write
        .add_option("--as", options_.export_as,
                    fmt::format("a suite's prompts for another program: {}", interop::suite_export_formats()))
        ->type_name("FORMAT")
        ->excludes(write.get_option("--format"));
    write.add_option("--config", raw_.config, "the configuration file in place of the usual one")->type_name("FILE");
    write.add_flag("--quiet", options_.is_quiet, "print nothing when all is well");
    commands_.emplace_back(&write, Options::Command::export_reports);
}

void CommandLine::add_report() {
    CLI::App& decision = *app_.add_subcommand(
        "report", "say what the results of a report can carry: who is better, who cannot be told apart");
    decision.add_option("REPORT", raw_.session_file, "a JSON report or a session (.llmc.json) of a suite")->required();
    decision
        .add_option("--baseline", raw_.baseline,
                    "an earlier one, to be compared with; exit status 4 where a candidate got worse beyond doubt")
        ->type_name("REPORT");
    decision
        .add_option("--suite", raw_.suite,
                    "of another program's results: the tests that were run, a suite or that program's file")
        ->type_name("FILE");
    CLI::Option* decision_format =
        decision.add_option("--format", raw_.decision_format, "text or json (default: text)")
            ->type_name("FORMAT")
            ->check(CLI::IsMember({"text", "json"}));
    add_judges(decision, raw_, "the answers, for a new JSON report")
        ->excludes(decision.get_option("--baseline"))
        ->excludes(decision_format);
    add_servers(decision, raw_);
    decision.add_option("--out", raw_.out, "with --judge: the folder for the new report")->type_name("FOLDER");
    decision.add_flag("--quiet", options_.is_quiet, "print nothing, the exit status says it");
    commands_.emplace_back(&decision, Options::Command::report);
}

void CommandLine::add_recover() {
    CLI::App& recover = *app_.add_subcommand(
        "recover", "write reports, or a session, from the crash journal of a program that ended early");
    CLI::Option* lists = recover.add_flag("--list", options_.lists, "say which journals there are, and write nothing");
    CLI::Option* save_as = recover.add_option("--as", raw_.save_as, "write this session file in place of reports");
    save_as->type_name("SESSION");
    add_output(recover, raw_);
    save_as->excludes(lists)->excludes(recover.get_option("--out"))->excludes(recover.get_option("--format"));
    recover.add_option("--config", raw_.config, "the configuration file in place of the usual one")->type_name("FILE");
    recover.add_flag("--quiet", options_.is_quiet, "print nothing when all is well");
    commands_.emplace_back(&recover, Options::Command::recover);
}

void CommandLine::add_cast() {
    CLI::App& cast = *app_.add_subcommand("cast", "write a casting sheet from reports and sessions");
    cast.add_option("REPORT", options_.cast_files, "JSON reports and sessions (.llmc.json)")->required();
    repeatable(cast.add_option("--pick", options_.picks, "your choice in place of the proposal; repeatable")
                   ->type_name("ROLE=LABEL"));
    CLI::Option* sheet_formats =
        cast.add_option("--format", options_.cast_formats, "json, yaml; several with commas (default: json,yaml)")
            ->type_name("LIST");
    CLI::Option* as =
        cast.add_option("--as", options_.cast_as,
                        fmt::format("what another program reads, in place of a sheet: {}", export_names()))
            ->type_name("FORMAT")
            ->excludes(sheet_formats);
    cast.add_option("--into", raw_.cast_into, "that program's own file, to be edited; the old one is kept as FILE.bak")
        ->type_name("FILE")
        ->needs(as);
    cast.add_flag("--dry-run", options_.is_dry_run, "print what would change, and write nothing")->needs(as);
    cast.add_option("--out", raw_.out, "the folder for the casting sheet")->type_name("FOLDER");
    cast.add_option("--config", raw_.config, "the configuration file in place of the usual one")->type_name("FILE");
    cast.add_flag("--quiet", options_.is_quiet, "print nothing when all is well");
    commands_.emplace_back(&cast, Options::Command::cast);
}

void CommandLine::add_import() {
    CLI::App& import = *app_.add_subcommand(
        "import",
        "make a suite of other programs' files: prompt-prix, BFCL, Inspect, promptfoo, traces, conversations");
    import.add_option("FILE", options_.import_files, "files of one kind, which their content tells")->required();
    import
        .add_option(
            "--as", options_.import_as,
            "the suite's file; the folder, where there is a suite for each specialist (default: FILE.suite.json "
            "in the current folder)")
        ->type_name("SUITE");
    import.add_option("--role", options_.role, "the role that the suite tests")->type_name("ROLE");
    import.add_flag("--force", options_.replaces, "replace a file that is there");
    import.add_flag("--strict", options_.is_strict, "write nothing where something cannot be taken over");
    import.add_flag("--quiet", options_.is_quiet, "say only what was not taken over");
    commands_.emplace_back(&import, Options::Command::import_suites);
}

void CommandLine::add_probe() {
    CLI::App& probe = *app_.add_subcommand("probe", "try which request forms work with the models");
    add_servers(probe, raw_);
    repeatable(probe.add_option("--model", raw_.models, "a model; repeatable")->type_name("ID"));
    probe.add_flag("--json", options_.as_json, "as JSON");
    commands_.emplace_back(&probe, Options::Command::probe);
}

void CommandLine::add_doctor() {
    CLI::App& doctor = *app_.add_subcommand(
        "doctor",
        "look for what may be wrong here: servers, folders, keys, journals, fonts; exit status 1 where something is");
    add_servers(doctor, raw_);
    doctor.add_flag("--json", options_.as_json, "as JSON");
    commands_.emplace_back(&doctor, Options::Command::doctor);
}

void CommandLine::add_demo() {
    CLI::App& demo = *app_.add_subcommand("demo", "start demo servers and print their addresses");
    demo.add_option("--port", options_.demo_port, "the first of two ports (default: free ones)")
        ->check(CLI::Range(1, 65533))
        ->type_name("PORT");
    demo.add_option("--fault", options_.demo_fault,
                    "how the model demo-fragile fails, in every answer; \"list\" names them")
        ->type_name("NAME");
    demo.add_option("--speed", options_.demo_tokens_per_s, "tokens per second; 0: at once")
        ->check(CLI::Range(0.0, 100'000.0))
        ->type_name("N");
    commands_.emplace_back(&demo, Options::Command::demo);
}

// For packages: what a system shows of the command line, of the same table.
void CommandLine::add_document() {
    CLI::App& document = *app_.add_subcommand("document", "print the man page, or the completions of a shell");
    document.group("");  // nobody's daily work: not in the list
    document.add_option("KIND", options_.document, "man, bash, zsh, fish")
        ->required()
        ->check(CLI::IsMember({"man", "bash", "zsh", "fish"}));
    commands_.emplace_back(&document, Options::Command::document);
}

// An empty value is a mistake in a script, not a wish for the default.
void CommandLine::refuse_empty_values() {
    for (CLI::App* command : app_.get_subcommands({}))
        for (CLI::Option* option :
             command->get_options([](const CLI::Option* one) { return one->get_items_expected_max() > 0; }))
            option->check([](const std::string& value) {
                return value.empty() ? std::string("the value is empty") : std::string();
            });
}

void CommandLine::parse(int argc, const char* const* argv) {
    app_.parse(argc, argv);
    for (const auto& [command, what] : commands_)
        if (command->parsed()) options_.command = what;
}

}  // namespace llmc::cli
