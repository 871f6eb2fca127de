// The files that the tools of a loop work on: a tree in memory, of its own for every answer. Nothing on this machine is
// touched.
//
// Thread contract: one thread. Texts are shared with the suite and with copies.
// Invariants: every folder that something lies in stands in the tree; no path is a file and a folder at once. A call
// costs what it touches and lists, not what the world holds.
// Words of results and errors: those of the MCP filesystem server, PATH as the model wrote it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "session/world_files.h"

namespace llmc::agent {

// By how much the paths and texts of a world may grow; what would pass it fails as on a full disk.
inline constexpr std::int64_t kMaxWorldGrowth = std::int64_t{64} << 20;

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
    // Carries out a call of one of them; `arguments` is an object.
    ToolSays call(std::string_view name, const base::Json& arguments);

    const session::WorldFiles& files() const { return files_; }
    // Against the beginning.
    session::WorldChanges changes() const;

private:
    enum class Kind { nothing, file, folder };
    struct Place;
    struct Tool;
    static const Tool* find_tool(std::string_view name);

    ToolSays list(const Place& at) const;
    ToolSays read(const Place& at) const;
    ToolSays write(const Place& at, std::string_view content);
    ToolSays make_folder(const Place& at);
    ToolSays move(const Place& from, const Place& to);
    ToolSays remove(const Place& at);

    Kind kind_of(const std::string& path) const;
    bool is_below_file(std::string_view path) const;
    std::int64_t parents_size(std::string_view path) const;  // of those that are not there yet
    void make_parents(std::string_view path);
    bool make_room(std::int64_t bytes);
    void keep_beginning(const std::string& path);  // before it changes
    void note_gone(const std::string& path);       // before it goes
    void move_folder(const std::string& from, const std::string& to);

    session::WorldFiles files_;
    session::WorldChanges
        beginning_;  // of the files that calls have touched: their text then, null where there was none
    std::int64_t growth_ = 0;
};

}  // namespace llmc::agent
