#include "tool_checks.h"

#include <vector>

#include <fmt/format.h>

#include "base/utf8.h"
#include "check/check_kind.h"

namespace llmc::suite {
namespace {

using base::OrderedJson;

// Where the text stands, below `pointer`; empty where it does not.
std::string find_text(const OrderedJson& json, const std::string& text, const std::string& pointer) {
    if (json.is_string() && json.get_ref<const std::string&>() == text) return pointer;
    if (!json.is_structured()) return {};
    for (const auto& [key, value] : json.items())
        if (std::string place = find_text(value, text, pointer + '/' + key); !place.empty()) return place;
    return {};
}

bool is_offered(const std::string& tool, const Script& script) {
    return script.tools.contains(tool) || (script.loop && script.loop->done_tool == tool);
}

}  // namespace

std::string not_offered(const std::string& name, const OfferedTools& tools) {
    std::vector<std::string> names;
    for (const auto& [offered, schema] : tools) names.push_back(base::for_terminal_line(offered));
    return fmt::format("no tool \"{}\" is offered ({}{})", base::for_terminal_line(name),
                       names.empty() ? "there are none" : "there are: ", fmt::join(names, ", "));
}

void need_offered_tools(base::JsonFile& file, const check::Check& check, const OrderedJson& json,
                        const std::string& pointer, const Script& script) {
    if (check.kind == nullptr || check.kind->tools == nullptr) return;
    // Older than loops: a suite without one means what it meant.
    if (check.kind->name == "tool_call" && !script.loop) return;
    for (const std::string& tool : check.kind->tools(check)) {
        if (is_offered(tool, script)) continue;
        const std::string place = find_text(json, tool, pointer);
        return file.fail(place.empty() ? pointer : place, not_offered(tool, script.tools));
    }
}

}  // namespace llmc::suite
