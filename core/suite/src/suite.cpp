#include "suite/suite.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/file.h"
#include "fill_check.h"
#include "output_reader.h"
#include "placeholders.h"
#include "script_reader.h"
#include "suite_reader.h"

namespace llmc::suite {
namespace {

using base::Json;
using base::JsonFile;
using base::OrderedJson;

// What stands for the cases of a suite without any.
const Json kNoCase;

std::size_t case_count(const Suite& suite) {
    return std::max<std::size_t>(suite.cases.size(), 1);
}

const Json& case_at(const Suite& suite, std::size_t index) {
    return suite.cases.empty() ? kNoCase : suite.cases[index];
}

// A prompt with one case's values: what its repeats share.
Task filled(const Suite& suite, std::size_t index, const Json& case_values) {
    const SuitePrompt& prompt = suite.prompts[index];
    Filler filler(case_values);
    Task task{.prompt_id = prompt.id, .prompt = filler.fill(prompt.prompt), .case_values = case_values};
    const PromptScript said =
        prompt.script ? *prompt.script : filled_script(suite.source, index, filler, prompt.tools.value_or(suite.tools));
    task.tools = said.tools;
    task.script = said.script;
    task.messages = said.messages;
    task.tool_choice = said.tool_choice;
    task.parallel_tool_calls = said.parallel_tool_calls;
    task.settings = prompt.settings;
    task.total_timeout_s = prompt.total_timeout_s;
    task.category = filler.fill(prompt.category);
    task.severity = prompt.severity;
    task.response_format = std::make_shared<const OrderedJson>(filler.fill(prompt.response_format, true));
    // It was read with every case before, so that nothing can be wrong.
    if (auto output = filled_output(prompt.output, filler); output && *output)
        task.output = std::make_shared<const Output>(**std::move(output));
    std::vector<check::Check> checks;
    for (std::size_t i = 0; i < prompt.checks.size(); ++i) {
        if (prompt.fixed[i]) {
            checks.push_back(*prompt.fixed[i]);
            continue;
        }
        // It was read with every case before, so that nothing can be wrong.
        auto check = check::parse_check(fill_check(prompt.checks[i], filler));
        if (check) checks.push_back(*std::move(check));
    }
    for (check::Check& check : checks) check.tools = {task.script, &task.script->tools};
    task.checks = std::make_shared<const std::vector<check::Check>>(std::move(checks));
    return task;
}

}  // namespace

Result<Suite> load_suite(const std::filesystem::path& path) {
    const auto text = base::read_file(path, kMaxSuiteFile);
    if (!text) return text.error();
    auto file = JsonFile::parse(*text, path);
    if (!file) return file.error();
    std::error_code unknown;
    return read_suite(*file, path, std::filesystem::absolute(path, unknown).parent_path());
}

Result<Suite> suite_from_json(const OrderedJson& source, const std::filesystem::path& folder) {
    auto file = JsonFile::parse(base::dump_json(source, 2), "suite");
    if (!file) return file.error();
    return read_suite(*file, "suite", folder);
}

Result<void> check_repeat(const Suite& suite, std::int64_t repeat) {
    const auto most =
        static_cast<std::int64_t>(kMaxTasks / std::max<std::size_t>(suite.prompts.size() * case_count(suite), 1));
    if (repeat >= 1 && repeat <= most) return {};
    return Error{ErrorKind::usage, fmt::format("repeat: {} is out of range: 1 to {}", repeat, most)};
}

std::vector<Task> tasks(const Suite& suite, int repeat) {
    const std::size_t cases = case_count(suite);
    std::vector<Task> all;
    const auto add = [&](const Task& task, int number) {
        all.push_back(task);
        all.back().repeat = number;
    };
    if (suite.context == Context::fresh) {
        for (std::size_t prompt = 0; prompt < suite.prompts.size(); ++prompt)
            for (std::size_t i = 0; i < cases; ++i) {
                const Task task = filled(suite, prompt, case_at(suite, i));
                for (int number = 1; number <= repeat; ++number) add(task, number);
            }
        return all;
    }
    std::vector<Task> conversation;
    for (std::size_t i = 0; i < cases; ++i)
        for (std::size_t prompt = 0; prompt < suite.prompts.size(); ++prompt)
            conversation.push_back(filled(suite, prompt, case_at(suite, i)));
    for (int number = 1; number <= repeat; ++number)
        for (const Task& task : conversation) add(task, number);
    return all;
}

session::SuiteRun suite_run(const Suite& suite, int repeat) {
    return {.name = suite.name,
            .role = suite.role,
            .repeat = repeat,
            .is_fresh = suite.context == Context::fresh,
            .source = suite.source};
}

}  // namespace llmc::suite
