// The files that the tools of a loop work on: a tree in memory, of its own for every answer. Nothing on this machine is
// touched.
//
// Thread contract: one thread. Texts are shared with the suite and with copies.
// Words of results and errors: those of the MCP filesystem server, PATH as the model wrote it.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "session/world_files.h"

namespace llmc::agent {

struct ToolSays {
    std::string text;
    bool is_error = false;
};

class World {
public:
    explicit World(const session::WorldFiles& files);

    // Whether a tool of that name is the world's: list_directory, read_file, write_file, create_directory, move_file,
    // delete_file.
    static bool has_tool(std::string_view name);
    // Carries out a call; `arguments` is an object.
    ToolSays call(std::string_view name, const base::Json& arguments);

    const session::WorldFiles& files() const { return files_; }
    // Against the beginning.
    session::WorldChanges changes() const;

private:
    session::WorldFiles files_, initial_;
};

}  // namespace llmc::agent
