#include "suite_reader.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "cases_file.h"
#include "check/check_reader.h"
#include "check/json_schema.h"
#include "fill_check.h"
#include "messages_reader.h"
#include "output_reader.h"
#include "placeholders.h"
#include "prompt_notes.h"
#include "said.h"
#include "script_reader.h"
#include "tool_checks.h"

namespace llmc::suite {
namespace {

using base::FieldReader;
using base::Json;
using base::JsonFile;
using base::OrderedJson;
namespace fs = std::filesystem;

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMostWarnings = 20;
constexpr std::size_t kCompiledBytes = 8 << 10;  // a rough measure of what a regular expression or a schema takes

class Reader {
public:
    Reader(JsonFile& file, const fs::path& path, const fs::path& folder) : file_(file), path_(path), folder_(folder) {}

    Result<Suite> read() {
        FieldReader fields(file_, file_.root(), "");
        read_header(fields);
        suite_.source = file_.root();
        suite_.name = fields.text("name").value_or(path_.stem().string());
        suite_.role = fields.text_or_empty("role").value_or("");
        fields.text_or_empty("description");  // for who reads the suite
        suite_.system_prompt = fields.text_or_empty("system_prompt");
        if (const OrderedJson* settings = fields.object("settings")) read_settings(*settings);
        suite_.repeat = static_cast<int>(fields.integer_within("repeat", 1, kMaxTasks).value_or(1));
        read_context(fields);
        suite_.tools = read_tools(fields).value_or(Json());
        fields.object("tool_results");  // session::history() has them from the source
        read_notes(fields, notes_);
        ask_for_script(fields);
        check_suite_script(file_);
        if (const auto cases = read_cases(fields); !cases) return cases.error();
        if (const OrderedJson* prompts = fields.list("prompts"))
            read_prompts(*prompts);
        else
            file_.fail("", "needs \"prompts\": a list of at least one");
        fields.finish();
        check_cases();
        check_tool_results();
        if (file_.error()) return *file_.error();
        if (auto repeat = check_repeat(suite_, suite_.repeat); !repeat) {
            file_.fail_as("/repeat", fmt::format("{}: {} prompts, {} cases", repeat.error().message,
                                                 suite_.prompts.size(), suite_.cases.size()));
            return *file_.error();
        }
        suite_.source["name"] = suite_.name;
        return std::move(suite_);
    }

private:
    void read_header(FieldReader& fields) {
        const auto format = fields.text("format");
        if (!format) file_.fail("", fmt::format("is no suite: \"format\" must be \"{}\"", kSuiteFormat));
        if (format && *format != kSuiteFormat) {
            fields.fail("format", fmt::format("must be \"{}\" in a suite, and is \"{}\"", kSuiteFormat,
                                              base::for_terminal_line(*format)));
        }
        const std::int64_t version = fields.integer("version").value_or(kVersion);
        if (version > kVersion)
            fields.fail("version",
                        fmt::format("the suite is of version {}; this program knows version {}", version, kVersion));
        if (version < 1) fields.fail("version", "must be 1 or more");
    }

    void read_settings(const OrderedJson& value) {
        FieldReader fields(file_, value, "/settings");
        session::read_settings(fields, suite_.settings);
        suite_.total_timeout_s = read_total_timeout(fields);
        fields.finish();
    }

    // Of each request; a session's setting, which is no candidate's own.
    static std::optional<double> read_total_timeout(FieldReader& fields) {
        const session::Setting& setting = *session::find_setting("total_timeout_seconds");
        return fields.number_within(setting.key, setting.lowest, setting.highest);
    }

    void read_context(FieldReader& fields) {
        const auto word = fields.text("context");
        if (!word || *word == "fresh") return;
        suite_.context = Context::continued;
        if (*word != "continued")
            fields.fail("context", fmt::format("\"{}\" is unknown; possible are fresh, continued",
                                               base::for_terminal_line(*word)));
    }

    std::optional<Json> read_tools(FieldReader& fields) {
        const OrderedJson* tools = fields.list("tools");
        if (tools == nullptr) return std::nullopt;
        for (std::size_t i = 0; i < tools->size(); ++i) {
            if (!(*tools)[i].is_object())
                file_.fail(fmt::format("{}/{}", fields.pointer("tools"), i),
                           fmt::format("must be an object, and is {}", base::json_type_name((*tools)[i])));
        }
        return Json(*tools);
    }

    // Errors: what is wrong in the file of the cases.
    Result<void> read_cases(FieldReader& fields) {
        const OrderedJson* cases = fields.list("cases");
        OrderedJson from_file;
        if (const auto name = fields.text("cases_file")) {
            if (cases != nullptr) fields.fail("cases_file", "stands beside \"cases\": only one of them may be given");
            if (file_.error()) return {};
            auto read = read_beside(fields, *name);
            if (!read) return read.error();
            from_file = *std::move(read);
            cases = &from_file;
            suite_.source.erase("cases_file");
            suite_.source["cases"] = from_file;
        }
        if (cases == nullptr) return {};
        if (cases->empty()) fields.fail("cases", "must not be empty");
        for (std::size_t i = 0; i < cases->size(); ++i) {
            if (!(*cases)[i].is_object())
                file_.fail(fmt::format("/cases/{}", i),
                           fmt::format("must be an object, and is {}", base::json_type_name((*cases)[i])));
            suite_.cases.emplace_back((*cases)[i]);
        }
        return {};
    }

    Result<OrderedJson> read_beside(FieldReader& fields, const std::string& name) {
        const fs::path relative(name);
        const bool leaves = std::find(relative.begin(), relative.end(), "..") != relative.end();
        if (relative.is_absolute() || leaves || folder_.empty()) {
            fields.fail("cases_file", folder_.empty() ? "there is no folder to find it in"
                                                      : "must lie beside the suite or in a folder there");
            return *file_.error();
        }
        auto cases = read_cases_file(folder_ / relative);
        if (cases) return cases;
        if (cases.error().kind == ErrorKind::parse) {
            // The place is in the file of the cases; the suite's line says where that comes from.
            return Error{ErrorKind::parse,
                         fmt::format("{} (from {})", cases.error().message, file_.place("/cases_file"))};
        }
        fields.fail("cases_file", cases.error().message);
        return *file_.error();
    }

    void read_prompts(const OrderedJson& list) {
        if (list.empty()) file_.fail("/prompts", "must not be empty");
        std::unordered_set<std::string> ids;
        for (std::size_t i = 0; i < list.size() && !file_.error(); ++i) {
            const std::string pointer = fmt::format("/prompts/{}", i);
            suite_.prompts.push_back(read_prompt(list[i], pointer, i));
            if (!ids.insert(suite_.prompts.back().id).second)
                file_.fail(pointer + "/id", fmt::format("another prompt has the id \"{}\" already",
                                                        base::for_terminal_line(suite_.prompts.back().id)));
        }
    }

    SuitePrompt read_prompt(const OrderedJson& value, const std::string& pointer, std::size_t index) {
        SuitePrompt prompt;
        FieldReader fields(file_, value, pointer);
        prompt.id = fields.text("id").value_or(std::to_string(index + 1));
        prompt.prompt = fields.text("prompt").value_or("");
        const Said messages = said(file_.root(), index, "messages");
        if (fields.find("prompt") == nullptr && !(messages.value && ends_with_prompt(*messages.value)))
            file_.fail(pointer, "needs a \"prompt\", or \"messages\" that end with one");
        prompt.tools = read_tools(fields);
        read_own(fields, prompt);
        if (const OrderedJson* format = fields.object("response_format")) prompt.response_format = *format;
        prompt.output = read_output(fields);
        if (!prompt.output.is_null() && !prompt.response_format.is_null())
            fields.fail("output", "stands beside \"response_format\": only one of them may be given");
        if (const OrderedJson* checks = fields.list("checks")) {
            for (std::size_t i = 0; i < checks->size() && !file_.error(); ++i) {
                const OrderedJson& check = (*checks)[i];
                prompt.checks.push_back(check);
                prompt.fixed.emplace_back();
                if (!suite_.cases.empty() && has_placeholder_within(check)) continue;
                const std::string at = fmt::format("{}/checks/{}", pointer, i);
                prompt.fixed.back() = check::read_check(file_, check, at);
                warn_of_schema(*prompt.fixed.back(), check, at);
            }
        }
        fields.finish();
        return prompt;
    }

    // Keywords that no draft knows, or not the schema's: whoever wrote them may believe that they check something.
    void warn_of_schema(const check::Check& check, const OrderedJson& source, const std::string& at) {
        if (!check.schema || file_.error()) return;
        const char* key = source.contains("arguments") ? "arguments" : "value";
        for (const std::string& pointer : check.schema->ignored()) {
            if (suite_.warnings.size() == kMostWarnings) return;
            suite_.warnings.push_back(
                fmt::format("{}: the schema's \"{}\" checks nothing: its draft has no such keyword",
                            file_.place(at + "/" + key + pointer),
                            base::for_terminal_line(pointer.substr(pointer.rfind('/') + 1))));
        }
    }

    void read_own(FieldReader& fields, SuitePrompt& prompt) {
        session::Overrides settings;
        fields.object("settings", [&](FieldReader& own) {
            session::read_settings(own, settings);
            prompt.total_timeout_s = read_total_timeout(own);
            own.finish();
        });
        prompt.settings = std::make_shared<const session::Overrides>(std::move(settings));
        PromptNotes notes = notes_;
        read_notes(fields, notes);
        prompt.category = std::move(notes.category);
        prompt.severity = notes.severity;
        fields.object("tool_results");
        ask_for_script(fields);
    }

    // They are read once all of a prompt is known, with its placeholders filled.
    void ask_for_script(FieldReader& fields) {
        for (const char* key : {"loop", "world", "messages", "follow_ups", "tool_choice", "parallel_tool_calls"})
            fields.find(key);
    }

    // Every prompt with every case: what is missing, and what is wrong once it is filled.
    void check_cases() {
        const Json no_case;
        const std::size_t count = std::max<std::size_t>(suite_.cases.size(), 1);
        if (!file_.error() && suite_.prompts.size() * count > kMaxTasks)
            file_.fail("/cases", fmt::format("{} prompts with {} cases are more than {}", suite_.prompts.size(), count,
                                             kMaxTasks));
        std::size_t bytes = 0;
        for (std::size_t p = 0; p < suite_.prompts.size(); ++p) {
            for (std::size_t c = 0; c < count && !file_.error(); ++c) {
                bytes += check_case(p, suite_.cases.empty() ? no_case : suite_.cases[c]);
                if (bytes > kMaxFilledBytes)
                    file_.fail("/cases", fmt::format("the prompts and checks with all cases are larger than {} MiB",
                                                     kMaxFilledBytes >> 20));
                if (!suite_.cases.empty()) file_.add_to_error(fmt::format(" (with cases[{}])", c));
            }
        }
    }

    // Gives the bytes that are filled.
    std::size_t check_case(std::size_t index, const Json& case_values) {
        const SuitePrompt& prompt = suite_.prompts[index];
        const std::string pointer = fmt::format("/prompts/{}", index);
        Filler filler(case_values);
        std::size_t bytes = filler.fill(prompt.prompt).size();
        need_values(file_, filler, pointer + "/prompt");
        fill_notes(file_, index, filler);
        const auto script = check_script(index, filler, bytes);
        if (!prompt.response_format.is_null()) {
            bytes += base::dump_json(filler.fill(prompt.response_format, true)).size();
            need_values(file_, filler, pointer + "/response_format");
        }
        bytes += check_output(file_, prompt.output, filler, pointer + "/output");
        for (std::size_t i = 0; i < prompt.checks.size() && !file_.error(); ++i) {
            const std::string at = fmt::format("{}/checks/{}", pointer, i);
            if (prompt.fixed[i]) {
                need_offered_tools(file_, *prompt.fixed[i], prompt.checks[i], at, *script->script);
                continue;
            }
            const OrderedJson filled = fill_check(prompt.checks[i], filler);
            need_values(file_, filler, at);
            const check::Check check = check::read_check(file_, filled, at);
            if (suite_.cases.empty() || &case_values == &suite_.cases.front()) warn_of_schema(check, filled, at);
            if (!file_.error()) need_offered_tools(file_, check, filled, at, *script->script);
            bytes += base::dump_json(filled).size() + (check.regex || check.schema ? kCompiledBytes : 0);
        }
        return bytes + prompt.checks.size() * sizeof(check::Check);
    }

    // What the prompt says beside its text in a case; adds what is made for it to `bytes`.
    std::shared_ptr<const PromptScript> check_script(std::size_t index, Filler& filler, std::size_t& bytes) {
        SuitePrompt& prompt = suite_.prompts[index];
        if (prompt.script) return prompt.script;
        const bool is_suites = script_is_suites(file_.root(), index);
        const bool is_fixed = suite_.cases.empty() || !script_has_placeholders(file_.root(), index);
        if (is_fixed && is_suites && suites_script_) return prompt.script = suites_script_;
        bytes += script_size(file_.root(), index);
        auto script = std::make_shared<const PromptScript>(
            read_script(file_, index, filler, prompt.tools.value_or(suite_.tools)));
        for (const auto& [tool, schema] : script->script->tools) offered_.insert(tool);
        has_loop_with_suites_results_ |= script->script->loop && !said(file_.root(), index, "tool_results").is_own;
        if (is_fixed) prompt.script = script;
        if (is_fixed && is_suites) suites_script_ = script;
        return script;
    }

    // In a loop every tool that says something has to be one that can be called.
    void check_tool_results() {
        const auto results = file_.root().find("tool_results");
        if (file_.error() || !has_loop_with_suites_results_ || results == file_.root().end()) return;
        for (const auto& [tool, result] : results->items())
            if (!offered_.contains(tool) && !(has_placeholder(tool) && !suite_.cases.empty()))
                file_.fail(pointer_to("/tool_results", tool), "no prompt offers a tool of that name");
    }

    JsonFile& file_;
    const fs::path& path_;
    const fs::path& folder_;
    Suite suite_;
    PromptNotes notes_;                                  // the suite's
    std::shared_ptr<const PromptScript> suites_script_;  // of the prompts that have nothing of their own
    std::unordered_set<std::string> offered_;            // tools of any prompt
    bool has_loop_with_suites_results_ = false;
};

}  // namespace

Result<Suite> read_suite(JsonFile& file, const fs::path& path, const fs::path& folder) {
    return Reader(file, path, folder).read();
}

}  // namespace llmc::suite
