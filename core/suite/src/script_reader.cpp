#include "script_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "check/json_schema.h"
#include "loop_reader.h"
#include "messages_reader.h"
#include "said.h"
#include "tool_checks.h"
#include "world_tools.h"

namespace llmc::suite {
namespace {

using base::Json;
using base::JsonFile;
using base::OrderedJson;

// What may hold placeholders, and what not.
constexpr std::array kFilledKeys = {"loop", "tool_results", "world", "messages", "follow_ups", "tool_choice"};
constexpr std::array kOtherKeys = {"tools", "parallel_tool_calls"};

Json read_tool_choice(JsonFile& file, const OrderedJson& value, const std::string& pointer) {
    for (const char* word : {"auto", "none", "required"})
        if (value == word) return word;
    if (!value.is_object()) {
        file.fail(pointer, "must be \"auto\", \"none\", \"required\" or {\"name\": a tool}");
        return nullptr;
    }
    base::FieldReader fields(file, value, pointer);
    const std::string name = fields.required_text("name");
    fields.finish();
    return {{"type", "function"}, {"function", {{"name", name}}}};
}

std::vector<std::string> read_follow_ups(JsonFile& file, const OrderedJson& value, const std::string& pointer) {
    std::vector<std::string> texts;
    if (!value.is_array()) file.fail(pointer, fmt::format("must be a list, and is {}", base::json_type_name(value)));
    for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
        if (value[i].is_string() && !value[i].get_ref<const std::string&>().empty())
            texts.push_back(value[i].get<std::string>());
        else
            file.fail(fmt::format("{}/{}", pointer, i), "must be a text that is not empty");
    }
    return texts;
}

class ScriptReader {
public:
    ScriptReader(JsonFile& file, const OrderedJson& suite, std::size_t prompt, Filler& filler)
        : file_(file), suite_(suite), prompt_(prompt), filler_(filler) {}

    PromptScript read(const Json& tools) {
        Script script;
        if (const auto loop = filled("loop")) script.loop = read_loop(file_, *loop, at_);
        if (const auto world = filled("world")) script.world = read_world(file_, *world, at_);
        if (const auto texts = filled("follow_ups")) script.follow_ups = read_follow_ups(file_, *texts, at_);
        PromptScript said{.tools = std::make_shared<const Json>(
                              script.world && script.world->offers_tools ? with_world_tools(tools) : tools)};
        read_tools(*said.tools, script);
        if (script.loop) check_loop(script);
        read_results(script);
        read_sent(script, said);
        if (const auto messages = filled("messages"))
            said.messages = std::make_shared<const std::vector<openai::Message>>(read_messages(file_, *messages, at_));
        else
            said.messages = std::make_shared<const std::vector<openai::Message>>();
        said.script = std::make_shared<const Script>(std::move(script));
        return said;
    }

private:
    // The value of a key with its placeholders filled; `at_` and `is_own_` say where it stands.
    std::optional<OrderedJson> filled(std::string_view key) {
        const Said found = said(suite_, prompt_, key);
        at_ = found.pointer;
        is_own_ = found.is_own;
        if (found.value == nullptr) return std::nullopt;
        OrderedJson value =
            key == "tool_results" ? fill_tool_results(*found.value, filler_) : filler_.fill(*found.value, false);
        need_values(file_, filler_, at_);
        return value;
    }

    // A loop needs tools that can be held against their calls; elsewhere only the server has to understand them.
    void read_tools(const Json& tools, Script& script) {
        const std::string at = said(suite_, prompt_, "tools").pointer;
        for (std::size_t i = 0; tools.is_array() && i < tools.size(); ++i) {
            const std::string name(tool_name(tools[i]));
            const auto fail = [&](std::string_view where, std::string_view what) {
                if (script.loop) file_.fail(fmt::format("{}/{}{}", at, i, where), what);
            };
            if (name.empty()) {
                fail("", "needs a \"function\" with a \"name\" in a loop");
                continue;
            }
            const Json* parameters = base::find(tools[i]["function"], "parameters");
            check::SchemaFault fault;
            auto schema = parameters != nullptr ? check::JsonSchema::compile(*parameters, fault) : nullptr;
            if (parameters != nullptr && !schema) fail("/function/parameters" + fault.pointer, fault.what);
            if (!script.tools.try_emplace(name, std::move(schema)).second)
                fail("/function/name",
                     fmt::format("another tool is called \"{}\" already", base::for_terminal_line(name)));
        }
    }

    void check_loop(const Script& script) {
        const std::string at = said(suite_, prompt_, "loop").pointer;
        if (script.tools.empty()) file_.fail(at, "needs tools: there are none that a step could call");
        if (const auto context = suite_.find("context"); context != suite_.end() && *context == "continued")
            file_.fail(at, "cannot stand in a suite whose \"context\" is \"continued\"");
    }

    void read_results(Script& script) {
        if (!script.has_steps()) return;
        const auto results = filled("tool_results");
        if (!results) return;
        if (!script.loop) {
            script.tool_results = plain_tool_results(*results);
            return;
        }
        script.tool_results = read_tool_results(file_, *results, at_);
        // The suite's are for all prompts: its reader looks whether one of them offers the tool.
        for (const auto& [tool, result] : script.tool_results)
            if (is_own_ && !script.tools.contains(tool))
                file_.fail(pointer_to(at_, tool), not_offered(tool, script.tools));
    }

    void read_sent(const Script& script, PromptScript& said_of_it) {
        const bool has_tools = said_of_it.tools->is_array() && !said_of_it.tools->empty();
        if (const auto choice = filled("tool_choice")) {
            const Json read = read_tool_choice(file_, *choice, at_);
            const auto name = read.is_object() ? base::get_string(read["function"], "name") : std::nullopt;
            if (name && (has_tools || is_own_) && !script.tools.contains(*name))
                file_.fail(at_, not_offered(*name, script.tools));
            if (is_own_ && !has_tools && read == "required") file_.fail(at_, "needs tools: there are none to call");
            if (has_tools) said_of_it.tool_choice = read;
        }
        const Said parallel = said(suite_, prompt_, "parallel_tool_calls");
        if (parallel.value == nullptr) return;
        if (!parallel.value->is_boolean())
            file_.fail(parallel.pointer,
                       fmt::format("must be true or false, and is {}", base::json_type_name(*parallel.value)));
        else if (has_tools)
            said_of_it.parallel_tool_calls = parallel.value->get<bool>();
    }

    JsonFile& file_;
    const OrderedJson& suite_;
    std::size_t prompt_;
    Filler& filler_;
    std::string at_;
    bool is_own_ = false;
};

}  // namespace

bool script_has_placeholders(const OrderedJson& suite, std::size_t prompt) {
    return std::ranges::any_of(kFilledKeys, [&](const char* key) {
        const Said found = said(suite, prompt, key);
        return found.value != nullptr && has_placeholder_within(*found.value);
    });
}

bool script_is_suites(const OrderedJson& suite, std::size_t prompt) {
    const auto is_own = [&](const char* key) { return said(suite, prompt, key).is_own; };
    return std::ranges::none_of(kFilledKeys, is_own) && std::ranges::none_of(kOtherKeys, is_own);
}

std::size_t script_size(const OrderedJson& suite, std::size_t prompt) {
    std::size_t bytes = 0;
    for (const char* key : kFilledKeys)
        if (const Said found = said(suite, prompt, key); found.value != nullptr)
            bytes += base::dump_json(*found.value).size();
    return bytes;
}

PromptScript read_script(JsonFile& file, std::size_t prompt, Filler& filler, const Json& tools) {
    return ScriptReader(file, file.root(), prompt, filler).read(tools);
}

PromptScript filled_script(const OrderedJson& suite, std::size_t prompt, Filler& filler, const Json& tools) {
    JsonFile nobody = JsonFile::of_program(OrderedJson::object(), "suite");
    return ScriptReader(nobody, suite, prompt, filler).read(tools);
}

void check_suite_script(JsonFile& file) {
    const auto find = [&](const char* key) -> const OrderedJson* {
        const auto found = file.root().find(key);
        return found == file.root().end() || has_placeholder_within(*found) ? nullptr : &*found;
    };
    if (const auto* loop = find("loop")) read_loop(file, *loop, "/loop");
    if (const auto* world = find("world")) read_world(file, *world, "/world");
    if (const auto* texts = find("follow_ups")) read_follow_ups(file, *texts, "/follow_ups");
    if (const auto* choice = find("tool_choice")) read_tool_choice(file, *choice, "/tool_choice");
    if (const auto* messages = find("messages")) read_messages(file, *messages, "/messages");
}

}  // namespace llmc::suite
