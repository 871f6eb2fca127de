#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "loop_reader.h"
#include "said.h"

namespace llmc::suite {
namespace {

using base::FieldReader;
using base::JsonFile;
using base::OrderedJson;

// A place of the world, once it was found to be one: "./a/" of a folder. Says in `why` what is wrong with it.
std::string place_of(const std::string& key, const OrderedJson& value, std::string& why) {
    const bool is_folder = key.ends_with('/');
    if (is_folder && !value.is_null()) why = "ends in \"/\" and is a folder, whose value must be null";
    if (!is_folder && !value.is_string()) why = "must be a text; a folder's name ends in \"/\", and its value is null";
    auto path = session::world_path(key);
    if (!path) {
        why = "leads out of the world";
        return {};
    }
    if (session::is_too_long(*path))
        why = fmt::format("is longer than {} bytes or deeper than {} folders", session::kMaxWorldPath,
                          session::kMaxWorldDepth);
    if (*path == "./" && !is_folder) why = "is the top folder, and no file";
    if (is_folder && *path != "./") *path += '/';
    return *std::move(path);
}

session::WorldFiles read_files(JsonFile& file, const OrderedJson& value, const std::string& pointer) {
    session::WorldFiles files;
    const auto fail = [&](const std::string& key, std::string_view why) {
        file.fail_as(pointer_to(pointer, key),
                     fmt::format("{}: \"{}\" {}", base::key_name(pointer), base::for_terminal_line(key), why));
    };
    for (const auto& [key, text] : value.items()) {
        std::string why;
        const std::string place = place_of(key, text, why);
        if (!why.empty()) {
            fail(key, why);
        } else if (!files
                        .try_emplace(place, text.is_null()
                                                ? nullptr
                                                : std::make_shared<const std::string>(text.get<std::string>()))
                        .second) {
            fail(key, fmt::format("is the same place as another: {}", place));
        }
    }
    // A file may not be a folder too, by its own key or because something lies in it.
    for (const auto& [key, text] : value.items()) {
        if (file.error()) break;
        std::string why;
        const std::string place = place_of(key, text, why);
        for (auto slash = place.find('/', 2); slash != std::string::npos; slash = place.find('/', slash + 1))
            if (files.contains(place.substr(0, slash)))
                fail(key, fmt::format("makes a folder of the file {}", place.substr(0, slash)));
    }
    return files;
}

}  // namespace

World read_world(JsonFile& file, const OrderedJson& value, const std::string& pointer) {
    World world;
    FieldReader fields(file, value, pointer);
    if (const OrderedJson* files = fields.object("files"))
        world.files = read_files(file, *files, fields.pointer("files"));
    world.offers_tools = fields.flag("tools").value_or(false);
    fields.finish();
    return world;
}

}  // namespace llmc::suite
