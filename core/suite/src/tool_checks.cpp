#include "tool_checks.h"

#include <vector>

#include <fmt/format.h>

#include "base/utf8.h"

namespace llmc::suite {
namespace {

using base::JsonFile;
using base::OrderedJson;

class ToolCheck {
public:
    ToolCheck(JsonFile& file, const Script& script) : file_(file), script_(script) {}

    void need(const OrderedJson& object, const char* key, const std::string& pointer) {
        if (!object.is_object()) return;
        const auto name = object.find(key);
        if (name != object.end()) need(*name, fmt::format("{}/{}", pointer, key));
    }
    void need_all(const OrderedJson& check, const char* key, const std::string& pointer) {
        const auto list = check.find(key);
        if (list == check.end() || !list->is_array()) return;
        for (std::size_t i = 0; i < list->size(); ++i) need((*list)[i], fmt::format("{}/{}/{}", pointer, key, i));
    }
    void need_names(const OrderedJson& check, const char* key, const std::string& pointer) {
        const auto list = check.find(key);
        if (list == check.end() || !list->is_array()) return;
        for (std::size_t i = 0; i < list->size(); ++i)
            need((*list)[i], "name", fmt::format("{}/{}/{}", pointer, key, i));
    }

private:
    void need(const OrderedJson& name, const std::string& pointer) {
        if (!name.is_string()) return;
        const auto& text = name.get_ref<const std::string&>();
        if (script_.tools.contains(text) || (script_.loop && script_.loop->done_tool == text)) return;
        file_.fail(pointer, not_offered(text, script_.tools));
    }

    JsonFile& file_;
    const Script& script_;
};

}  // namespace

std::string not_offered(const std::string& name, const OfferedTools& tools) {
    std::vector<std::string> names;
    for (const auto& [offered, schema] : tools) names.push_back(base::for_terminal_line(offered));
    return fmt::format("no tool \"{}\" is offered ({}{})", base::for_terminal_line(name),
                       names.empty() ? "there are none" : "there are: ", fmt::join(names, ", "));
}

void need_offered_tools(JsonFile& file, const OrderedJson& check, const std::string& pointer, const Script& script) {
    if (!check.is_object() || !check.contains("type")) return;
    const OrderedJson& type = check["type"];
    ToolCheck tools(file, script);
    // Older than loops: a suite without one means what it meant.
    if (type == "tool_call" && script.loop) tools.need(check, "name", pointer);
    if (type == "forbidden_tools" || type == "allowed_tools") tools.need_all(check, "values", pointer);
    if (type == "calls" && !check.contains("rules")) tools.need_names(check, "value", pointer);
    if (type == "milestones") tools.need_names(check, "value", pointer);
}

}  // namespace llmc::suite
