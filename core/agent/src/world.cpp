#include "agent/world.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace llmc::agent {
namespace {

using base::Json;

constexpr std::string_view kTop = "./";
constexpr std::int64_t kEntrySize = 64;  // what an entry of the tree takes beside its path and text

constexpr std::string_view kNotThere = "ENOENT: no such file or directory";
constexpr std::string_view kIsFolder = "EISDIR: illegal operation on a directory";
constexpr std::string_view kNoFolder = "ENOTDIR: not a directory";
constexpr std::string_view kIsThere = "EEXIST: file already exists";
constexpr std::string_view kNotEmpty = "ENOTEMPTY: directory not empty";
constexpr std::string_view kIntoItself = "EINVAL: invalid argument";
constexpr std::string_view kIsTop = "EBUSY: resource busy or locked";
constexpr std::string_view kNoRoom = "ENOSPC: no space left on device";
constexpr std::string_view kTooLong = "ENAMETOOLONG: name too long";

ToolSays failed(std::string_view why, std::string_view doing, std::string_view path) {
    return {fmt::format("{}, {} '{}'", why, doing, path), true};
}

std::int64_t size_of(std::string_view path) {
    return static_cast<std::int64_t>(path.size()) + kEntrySize;
}

}  // namespace

struct World::Place {
    std::string written;            // by the model
    std::string path;               // "./a/b"
    bool is_called_folder = false;  // it ends in "/"
};

struct World::Tool {
    std::string_view name, doing;  // as its errors say
    std::array<const char*, 2> paths;
    const char* text = nullptr;  // the name of an argument that is none
    ToolSays (*run)(World& world, const std::array<Place, 2>& places, std::string_view text);
};

const World::Tool* World::find_tool(std::string_view name) {
    using Places = std::array<Place, 2>;
    static constexpr std::array<Tool, 6> kTools = {{
        {"list_directory",
         "scandir",
         {"path"},
         nullptr,
         [](World& world, const Places& at, std::string_view) { return world.list(at[0]); }},
        {"read_file",
         "open",
         {"path"},
         nullptr,
         [](World& world, const Places& at, std::string_view) { return world.read(at[0]); }},
        {"write_file",
         "open",
         {"path"},
         "content",
         [](World& world, const Places& at, std::string_view text) { return world.write(at[0], text); }},
        {"create_directory",
         "mkdir",
         {"path"},
         nullptr,
         [](World& world, const Places& at, std::string_view) { return world.make_folder(at[0]); }},
        {"move_file",
         "rename",
         {"source", "destination"},
         nullptr,
         [](World& world, const Places& at, std::string_view) { return world.move(at[0], at[1]); }},
        {"delete_file",
         "unlink",
         {"path"},
         nullptr,
         [](World& world, const Places& at, std::string_view) { return world.remove(at[0]); }},
    }};
    for (const Tool& tool : kTools)
        if (tool.name == name) return &tool;
    return nullptr;
}

World::World(const session::WorldFiles& files) : files_(files) {
    for (const auto& [path, text] : files)
        make_parents(text ? path : std::string_view(path).substr(0, path.size() - 1));
    files_.erase(std::string(kTop));
}

bool World::has_tool(std::string_view name) {
    return find_tool(name) != nullptr;
}

ToolSays World::call(std::string_view name, const Json& arguments) {
    const Tool* tool = find_tool(name);
    if (tool == nullptr) return {fmt::format("Error: Unknown tool {}", name), true};
    const auto bad = [&](const char* key) {
        return ToolSays{fmt::format("Error: Invalid arguments for {}: {} must be a text", name, key), true};
    };
    std::array<Place, 2> places;
    for (std::size_t i = 0; i < places.size() && tool->paths[i] != nullptr; ++i) {
        auto written = base::get_string(arguments, tool->paths[i]);
        if (!written) return bad(tool->paths[i]);
        places[i].written = *std::move(written);
    }
    std::string text;
    if (tool->text != nullptr) {
        auto given = base::get_string(arguments, tool->text);
        if (!given) return bad(tool->text);
        text = *std::move(given);
    }
    for (Place& place : places) {
        auto path = session::world_path(place.written);
        if (!path) return {fmt::format("EACCES: path outside allowed directories: {}", place.written), true};
        if (session::is_too_long(*path)) return failed(kTooLong, tool->doing, place.written);
        place.path = *std::move(path);
        place.is_called_folder = place.written.ends_with('/');
    }
    return tool->run(*this, places, text);
}

session::WorldChanges World::changes() const {
    session::WorldChanges changes;
    for (const auto& [path, before] : beginning_) {
        const auto found = files_.find(path);
        const auto now = found == files_.end() ? nullptr : found->second;
        if (now != before && (!now || !before || *now != *before)) changes.emplace(path, now);
    }
    return changes;
}

ToolSays World::list(const Place& at) const {
    const Kind kind = kind_of(at.path);
    if (kind == Kind::file || is_below_file(at.path)) return failed(kNoFolder, "scandir", at.written);
    if (kind == Kind::nothing) return failed(kNotThere, "scandir", at.written);
    const std::string prefix = at.path == kTop ? at.path : at.path + '/';
    std::string folders, files;
    for (auto entry = files_.upper_bound(prefix); entry != files_.end() && entry->first.starts_with(prefix);) {
        std::string_view name = std::string_view(entry->first).substr(prefix.size());
        if (!name.ends_with('/')) {
            files.append("[FILE] ").append(name) += '\n';
            ++entry;
            continue;
        }
        name.remove_suffix(1);
        folders.append("[DIR] ").append(name) += '\n';
        // What lies in it comes before the sign that follows '/'.
        entry = files_.lower_bound(prefix + std::string(name) + static_cast<char>('/' + 1));
    }
    folders += files;
    if (!folders.empty()) folders.pop_back();
    return {std::move(folders)};
}

ToolSays World::read(const Place& at) const {
    const Kind kind = kind_of(at.path);
    if (kind == Kind::folder) return {fmt::format("{}, read", kIsFolder), true};
    if (is_below_file(at.path) || (kind == Kind::file && at.is_called_folder))
        return failed(kNoFolder, "open", at.written);
    if (kind == Kind::nothing) return failed(kNotThere, "open", at.written);
    return {*files_.find(at.path)->second};
}

ToolSays World::write(const Place& at, std::string_view content) {
    const Kind kind = kind_of(at.path);
    if (is_below_file(at.path) || (kind == Kind::file && at.is_called_folder))
        return failed(kNoFolder, "open", at.written);
    if (kind == Kind::folder || at.is_called_folder) return failed(kIsFolder, "open", at.written);
    auto more = static_cast<std::int64_t>(content.size());
    if (kind == Kind::file)
        more -= static_cast<std::int64_t>(files_.find(at.path)->second->size());
    else
        more += size_of(at.path) + parents_size(at.path);
    if (!make_room(more)) return failed(kNoRoom, "open", at.written);
    keep_beginning(at.path);
    make_parents(at.path);
    files_[at.path] = std::make_shared<const std::string>(content);
    return {fmt::format("Successfully wrote to {}", at.written)};
}

ToolSays World::make_folder(const Place& at) {
    const Kind kind = kind_of(at.path);
    if (kind == Kind::file) return failed(kIsThere, "mkdir", at.written);
    if (is_below_file(at.path)) return failed(kNoFolder, "mkdir", at.written);
    if (kind == Kind::nothing) {
        if (!make_room(size_of(at.path) + parents_size(at.path))) return failed(kNoRoom, "mkdir", at.written);
        make_parents(at.path);
        files_.emplace(at.path + '/', nullptr);
    }
    return {fmt::format("Successfully created directory {}", at.written)};
}

ToolSays World::move(const Place& from, const Place& to) {
    const auto fail = [&](std::string_view why) {
        return ToolSays{fmt::format("{}, rename '{}' -> '{}'", why, from.written, to.written), true};
    };
    const Kind kind = kind_of(from.path), target = kind_of(to.path);
    if (is_below_file(from.path) || (kind == Kind::file && from.is_called_folder)) return fail(kNoFolder);
    if (kind == Kind::nothing) return fail(kNotThere);
    const bool is_within = from.path == kTop || to.path.starts_with(from.path + '/');
    if (kind == Kind::folder && to.path != from.path && is_within) return fail(kIntoItself);
    if (target == Kind::folder) return fail(kIsFolder);
    if (target == Kind::file) return fail(kIsThere);
    if (is_below_file(to.path) || (kind == Kind::file && to.is_called_folder)) return fail(kNoFolder);
    const std::int64_t longer = static_cast<std::int64_t>(to.path.size()) - static_cast<std::int64_t>(from.path.size());
    std::int64_t entries = 1;
    if (kind == Kind::folder) {
        const auto first = files_.lower_bound(from.path + '/');
        entries = std::distance(first, files_.lower_bound(from.path + static_cast<char>('/' + 1)));
        for (auto entry = first; longer > 0 && entry != files_.end() && entry->first.starts_with(from.path + '/');
             ++entry)
            if (session::is_too_long(to.path + entry->first.substr(from.path.size()))) return fail(kTooLong);
    }
    if (!make_room(longer * entries + parents_size(to.path))) return fail(kNoRoom);
    make_parents(to.path);
    if (kind == Kind::folder) {
        move_folder(from.path, to.path);
    } else {
        note_gone(from.path);
        keep_beginning(to.path);
        auto node = files_.extract(from.path);
        node.key() = to.path;
        files_.insert(std::move(node));
    }
    return {fmt::format("Successfully moved {} to {}", from.written, to.written)};
}

ToolSays World::remove(const Place& at) {
    const Kind kind = kind_of(at.path);
    if (is_below_file(at.path) || (kind == Kind::file && at.is_called_folder))
        return failed(kNoFolder, "unlink", at.written);
    if (kind == Kind::nothing) return failed(kNotThere, "unlink", at.written);
    if (at.path == kTop) return failed(files_.empty() ? kIsTop : kNotEmpty, "rmdir", at.written);
    auto entry = files_.find(kind == Kind::file ? at.path : at.path + '/');
    if (kind == Kind::folder) {
        const auto next = std::next(entry);
        if (next != files_.end() && next->first.starts_with(entry->first))
            return failed(kNotEmpty, "rmdir", at.written);
    } else {
        note_gone(at.path);
        growth_ -= static_cast<std::int64_t>(entry->second->size());
    }
    growth_ -= size_of(at.path);
    files_.erase(entry);
    return {fmt::format("Successfully deleted {}", at.written)};
}

World::Kind World::kind_of(const std::string& path) const {
    if (path == kTop || files_.contains(path + '/')) return Kind::folder;
    return files_.contains(path) ? Kind::file : Kind::nothing;
}

// Whether a folder on the way to `path` is a file.
bool World::is_below_file(std::string_view path) const {
    for (auto slash = path.find('/', kTop.size()); slash != std::string_view::npos; slash = path.find('/', slash + 1))
        if (files_.contains(path.substr(0, slash))) return true;
    return false;
}

std::int64_t World::parents_size(std::string_view path) const {
    std::int64_t bytes = 0;
    for (auto slash = path.find('/', kTop.size()); slash != std::string_view::npos; slash = path.find('/', slash + 1))
        if (!files_.contains(path.substr(0, slash + 1))) bytes += size_of(path.substr(0, slash));
    return bytes;
}

void World::make_parents(std::string_view path) {
    for (auto slash = path.find('/', kTop.size()); slash != std::string_view::npos; slash = path.find('/', slash + 1))
        files_.try_emplace(std::string(path.substr(0, slash + 1)), nullptr);
}

bool World::make_room(std::int64_t bytes) {
    if (bytes > 0 && growth_ + bytes > kMaxWorldGrowth) return false;
    growth_ += bytes;
    return true;
}

void World::keep_beginning(const std::string& path) {
    if (beginning_.contains(path)) return;
    const auto found = files_.find(path);
    beginning_.emplace(path, found == files_.end() ? nullptr : found->second);
    growth_ += size_of(path);
}

void World::note_gone(const std::string& path) {
    const auto found = beginning_.find(path);
    if (found == beginning_.end()) return keep_beginning(path);
    if (found->second) return;
    beginning_.erase(found);  // made and gone again
    growth_ -= size_of(path);
}

void World::move_folder(const std::string& from, const std::string& to) {
    std::vector<session::WorldFiles::node_type> moved;
    for (auto entry = files_.lower_bound(from + '/'); entry != files_.end() && entry->first.starts_with(from + '/');) {
        const auto next = std::next(entry);
        if (entry->second) note_gone(entry->first);
        moved.push_back(files_.extract(entry));
        entry = next;
    }
    for (auto& node : moved) {
        std::string path = to + node.key().substr(from.size());
        if (node.mapped()) keep_beginning(path);
        node.key() = std::move(path);
        files_.insert(std::move(node));
    }
}

}  // namespace llmc::agent
