#include "cli/options.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/command_docs.h"
#include "cli/command_line.h"

namespace llmc::cli {
namespace {

Error wrong(std::string message) {
    return {ErrorKind::usage, std::move(message)};
}

Result<void> check(const RawOptions& raw, Options& options) {
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
    CommandLine line;
    try {
        line.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const bool is_answer = error.get_exit_code() == 0;  // --help, --version
        std::ostringstream out, err;
        line.app().exit(error, out, err);
        std::string text = is_answer ? out.str() : err.str();
        while (!text.empty() && text.back() == '\n') text.pop_back();
        return {std::nullopt, text, is_answer ? kOk : kUsage};
    }
    Options& options = line.options();
    if (options.command == Options::Command::document)
        return {std::nullopt, command_document(line.app(), options.document), kOk};
    if (auto ok = check(line.raw(), options); !ok) return {std::nullopt, ok.error().message, kUsage};
    return {std::move(options), {}, kOk};
}

}  // namespace llmc::cli
