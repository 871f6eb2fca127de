#include "world_tools.h"

#include <algorithm>
#include <array>
#include <string>

namespace llmc::suite {
namespace {

using base::Json;

struct Parameter {
    const char *name, *description;
};
struct WorldTool {
    const char *name, *description;
    std::array<Parameter, 2> parameters;
};
constexpr std::array<WorldTool, 6> kWorldTools = {{
    {"list_directory",
     "List what is in a directory. A line for each entry, [DIR] or [FILE] before its name.",
     {{{"path", "Path of the directory"}}}},
    {"read_file", "Read a text file.", {{{"path", "Path of the file"}}}},
    {"write_file",
     "Write a text file, in the place of what it held before. Directories on the way are created.",
     {{{"path", "Path of the file"}, {"content", "The whole text of the file"}}}},
    {"create_directory",
     "Create a directory, and those on the way to it. One that exists is left as it is.",
     {{{"path", "Path of the directory"}}}},
    {"move_file",
     "Move or rename a file or a directory. The destination is its whole new path and must not exist.",
     {{{"source", "Path of what is moved"}, {"destination", "Its new path, with its name"}}}},
    {"delete_file", "Delete a file, or a directory that is empty.", {{{"path", "Path of the file"}}}},
}};

Json definition_of(const WorldTool& tool) {
    Json properties = Json::object(), required = Json::array();
    for (const Parameter& parameter : tool.parameters) {
        if (parameter.name == nullptr) continue;
        properties[parameter.name] = {{"type", "string"}, {"description", parameter.description}};
        required.push_back(parameter.name);
    }
    return {{"type", "function"},
            {"function",
             {{"name", tool.name},
              {"description", tool.description},
              {"parameters", {{"type", "object"}, {"properties", properties}, {"required", required}}}}}};
}

}  // namespace

std::string_view tool_name(const Json& definition) {
    const Json* function = base::find(definition, "function");
    const Json* name = function != nullptr ? base::find(*function, "name") : nullptr;
    return name != nullptr && name->is_string() ? std::string_view(name->get_ref<const std::string&>())
                                                : std::string_view();
}

Json with_world_tools(const Json& tools) {
    Json all = tools.is_array() ? tools : Json::array();
    const std::size_t own = all.size();
    for (const WorldTool& tool : kWorldTools) {
        const auto end = all.begin() + static_cast<std::ptrdiff_t>(own);
        if (std::none_of(all.begin(), end, [&](const Json& other) { return tool_name(other) == tool.name; }))
            all.push_back(definition_of(tool));
    }
    return all;
}

}  // namespace llmc::suite
