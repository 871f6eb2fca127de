#include "cli/command_docs.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/cli.h"

namespace llmc::cli {
namespace {

enum class Takes { nothing, word, file, folder };

struct Argument {
    std::string name;   // "--out"; "-h"; "FILE" of what stands by itself
    std::string value;  // "FOLDER"; empty: nothing follows
    std::string help;
    Takes takes = Takes::nothing;
    bool is_option() const { return name.starts_with('-'); }
};

struct Command {
    std::string name;  // empty: the window
    std::string help;
    std::vector<Argument> arguments;
};

Takes takes_of(const std::string& value) {
    for (const char* file : {"FILE", "SESSION", "REPORT", "SUITE"})
        if (value == file) return Takes::file;
    return value == "FOLDER" ? Takes::folder : Takes::word;
}

Argument argument_of(const CLI::Option& option) {
    Argument argument{.help = option.get_description()};
    if (option.get_positional()) {
        argument.name = argument.value = option.get_name(true);
        argument.takes = takes_of(argument.value);
        return argument;
    }
    argument.name =
        option.get_lnames().empty() ? "-" + option.get_snames().front() : "--" + option.get_lnames().front();
    if (option.get_items_expected_max() == 0) return argument;
    argument.value = option.get_type_name();
    argument.takes = takes_of(argument.value);
    return argument;
}

Command command_of(const CLI::App& app, bool is_window) {
    Command command{.name = is_window ? "" : app.get_name(), .help = app.get_description(), .arguments = {}};
    for (const CLI::Option* option : app.get_options()) command.arguments.push_back(argument_of(*option));
    return command;
}

// The window first, then every command that the help lists.
std::vector<Command> commands_of(const CLI::App& app) {
    std::vector<Command> commands{command_of(app, true)};
    for (const CLI::App* one : app.get_subcommands([](const CLI::App* any) { return !any->get_group().empty(); }))
        commands.push_back(command_of(*one, false));
    return commands;
}

std::string replaced(std::string_view text, char sign, std::string_view with) {
    std::string out;
    for (const char c : text)
        if (c == sign)
            out += with;
        else
            out += c;
    return out;
}

// --- man

std::string roff(std::string_view text) {
    std::string out = replaced(replaced(text, '\\', "\\e"), '-', "\\-");
    if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
    return out;
}

struct ExitStatus {
    int status;
    const char* means;
};
constexpr ExitStatus kStatuses[] = {
    {kOk, "All rounds are complete, and all checks passed."},
    {kUsage, "Wrong usage or configuration."},
    {kNoServer, "No server is reachable, or a model is missing."},
    {kHalted, "A failure halted the session; the reports are written."},
    {kChecksFailed, "Every answer is there, and checks failed; with report \\-\\-baseline: a candidate got worse."},
    {kInterrupted, "Interrupted; the reports are written."},
};

void write_arguments(std::string& out, const Command& command) {
    for (const Argument& one : command.arguments) {
        const bool has_value = one.is_option() && !one.value.empty();
        out += fmt::format(".TP\n.B {}{}\n{}\n", roff(one.name), has_value ? " \\fI" + roff(one.value) + "\\fR" : "",
                           roff(one.help));
    }
}

std::string man_page(const std::vector<Command>& commands) {
    std::string out = fmt::format(
        ".TH LLM\\-COMPARE 1 \"\" \"llm\\-compare {}\" \"User Commands\"\n.SH NAME\nllm\\-compare \\- compare the "
        "answers of language models side by side\n.SH SYNOPSIS\n.B llm\\-compare\n[\\fIOPTIONS\\fR] "
        "[\\fIFILE\\fR ...]\n.br\n.B llm\\-compare\n\\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n.SH DESCRIPTION\nOne prompt "
        "goes to every candidate model, each answers in its own conversation, and the outcome is a report. Without a "
        "command the window opens.\n.SH OPTIONS\n",
        LLMC_VERSION);
    write_arguments(out, commands.front());
    out += ".SH COMMANDS\n";
    for (const Command& command : commands) {
        if (command.name.empty()) continue;
        out += fmt::format(".SS {}\n{}\n", roff(command.name), roff(command.help));
        write_arguments(out, command);
    }
    out += ".SH EXIT STATUS\n";
    for (const ExitStatus& one : kStatuses) out += fmt::format(".TP\n.B {}\n{}\n", one.status, one.means);
    out +=
        ".SH FILES\n.TP\n.I $XDG_CONFIG_HOME/llm\\-compare/config.json\nThe configuration.\n.TP\n.I "
        "$XDG_STATE_HOME/llm\\-compare\nWhat the window remembers, and the crash journals.";
    return out;
}

// --- Shells

std::vector<std::string> option_names(const Command& command, std::string_view besides = {}) {
    std::vector<std::string> names;
    for (const Argument& one : command.arguments)
        if (one.is_option()) names.push_back(one.name);
    if (!besides.empty()) names.emplace_back(besides);
    return names;
}

std::vector<std::string> names_that_take(const std::vector<Command>& commands, Takes what) {
    std::vector<std::string> names;
    for (const Command& command : commands)
        for (const Argument& one : command.arguments)
            if (one.is_option() && one.takes == what && std::ranges::find(names, one.name) == names.end())
                names.push_back(one.name);
    return names;
}

std::string bash(const std::vector<Command>& commands) {
    std::vector<std::string> names;
    for (const Command& command : commands)
        if (!command.name.empty()) names.push_back(command.name);
    std::string out = fmt::format(
        "# Completions of llm-compare for bash.\n_llm_compare() {{\n    local current=${{COMP_WORDS[COMP_CWORD]}} "
        "before=${{COMP_WORDS[COMP_CWORD - 1]}} command= word options\n    for word in "
        "\"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n        case $word in\n            {})\n                "
        "command=$word\n                break\n                ;;\n        esac\n    done\n    case $before in\n       "
        " "
        "{})\n            mapfile -t COMPREPLY < <(compgen -d -- \"$current\")\n            return\n            ;;\n"
        "        {})\n            mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n            return\n           "
        " "
        ";;\n        {})\n            return\n            ;;\n    esac\n    case $command in\n",
        fmt::join(names, " | "), fmt::join(names_that_take(commands, Takes::folder), " | "),
        fmt::join(names_that_take(commands, Takes::file), " | "),
        fmt::join(names_that_take(commands, Takes::word), " | "));
    for (const Command& command : commands)
        out += fmt::format("        {}) options='{}' ;;\n", command.name.empty() ? "''" : command.name,
                           fmt::join(option_names(command), " "));
    out += fmt::format(
        "    esac\n    if [[ $current == -* ]]; then\n        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- "
        "\"$current\")\n    elif [[ -z $command ]]; then\n        mapfile -t COMPREPLY < <(compgen -W '{}' -- "
        "\"$current\")\n        mapfile -t -O ${{#COMPREPLY[@]}} COMPREPLY < <(compgen -f -- \"$current\")\n    else\n"
        "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n    fi\n}}\ncomplete -o filenames -F "
        "_llm_compare "
        "llm-compare",
        fmt::join(names, " "));
    return out;
}

std::string in_quotes(std::string_view text) {
    return "'" + replaced(text, '\'', "'\\''") + "'";
}

std::string zsh_argument(const Argument& one) {
    constexpr std::string_view kActions[] = {"", " ", "_files", "_files -/"};
    const std::string help = replaced(replaced(replaced(one.help, ':', "\\:"), '[', "("), ']', ")");
    if (!one.is_option()) return in_quotes(fmt::format("*:{}:_files", help));
    const std::string value =
        one.value.empty() ? "" : fmt::format(":{}:{}", one.value, kActions[static_cast<std::size_t>(one.takes)]);
    return in_quotes(fmt::format("*{}[{}]{}", one.name, help, value));
}

std::string zsh(const std::vector<Command>& commands) {
    std::string out =
        "#compdef llm-compare\n# Completions of llm-compare for zsh.\n_llm_compare() {\n    local -a commands\n    "
        "commands=(\n";
    for (const Command& command : commands)
        if (!command.name.empty())
            out += fmt::format("        {}\n", in_quotes(command.name + ":" + replaced(command.help, ':', "\\:")));
    out +=
        "    )\n    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n        _describe command commands\n        "
        "_files\n        return\n    fi\n    case $words[2] in\n";
    for (std::size_t i = 1; i <= commands.size(); ++i) {  // the window, which stands first, is what is left
        const Command& command = commands[i % commands.size()];
        out += fmt::format("        {})\n            _arguments", command.name.empty() ? "*" : command.name);
        for (const Argument& one : command.arguments) out += " \\\n                " + zsh_argument(one);
        out += "\n            ;;\n";
    }
    return out + "    esac\n}\n_llm_compare \"$@\"";
}

std::string fish(const std::vector<Command>& commands) {
    std::string out = "# Completions of llm-compare for fish.\n";
    const std::string none = "__fish_use_subcommand";
    for (const Command& command : commands)
        if (!command.name.empty())
            out +=
                fmt::format("complete -c llm-compare -n {} -a {} -d {}\n", none, command.name, in_quotes(command.help));
    for (const Command& command : commands)
        for (const Argument& one : command.arguments) {
            if (!one.name.starts_with("--")) continue;
            const std::string where =
                command.name.empty() ? none : in_quotes("__fish_seen_subcommand_from " + command.name);
            constexpr std::string_view kTakes[] = {"", " -x", " -r -F", " -x -a '(__fish_complete_directories)'"};
            out += fmt::format("complete -c llm-compare -n {} -l {}{} -d {}\n", where, one.name.substr(2),
                               kTakes[static_cast<std::size_t>(one.takes)], in_quotes(one.help));
        }
    out.pop_back();
    return out;
}

}  // namespace

std::string command_document(const CLI::App& app, std::string_view kind) {
    const std::vector<Command> commands = commands_of(app);
    if (kind == "bash") return bash(commands);
    if (kind == "zsh") return zsh(commands);
    return kind == "fish" ? fish(commands) : man_page(commands);
}

}  // namespace llmc::cli
