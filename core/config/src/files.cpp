#include <fmt/format.h>

#include "base/file.h"
#include "config/config.h"

namespace llmc::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxConfigFile = std::size_t{1} << 20;  // bytes; of keys.json too

fs::path keys_path(const fs::path& config_path) {
    return config_path.parent_path() / "keys.json";
}

// No word of the file stands in these messages: it may be a key.
Error bad_keys(const fs::path& path, std::string_view what) {
    return {ErrorKind::parse,
            fmt::format("{}: {}. It holds one object: {{\"server's name or URL\": \"key\"}}", path.string(), what)};
}

}  // namespace

Result<Config> load(const fs::path& path, const Folders& folders, const Environment& environment, bool must_exist) {
    const auto text = base::read_file(path, kMaxConfigFile);
    if (!text) {
        if (text.error().kind == ErrorKind::not_found && !must_exist) return defaults(folders);
        return text.error();
    }
    const auto keys = load_keys(keys_path(path));
    if (!keys) return keys.error();
    return parse(*text, path, folders, environment, *keys);
}

Result<void> save(const Config& config, const fs::path& path, const Folders& folders) {
    const Environment nothing_is_set = [](const std::string&) { return std::nullopt; };
    if (const auto old = base::read_file(path, kMaxConfigFile); old) {
        if (const auto readable = parse(*old, path, folders, nothing_is_set); !readable) {
            return Error{ErrorKind::io, fmt::format("The settings were not saved, so that the file is not lost: {}",
                                                    readable.error().message)};
        }
    } else if (old.error().kind != ErrorKind::not_found) {
        return old.error();
    }
    return base::save_file(path, to_text(config, folders));
}

Result<base::Json> load_keys(const fs::path& path) {
    const auto text = base::read_file(path, kMaxConfigFile);
    if (!text) {
        if (text.error().kind == ErrorKind::not_found) return base::Json::object();
        return text.error();
    }
    std::error_code unknown;
    const fs::perms others = fs::perms::group_all | fs::perms::others_all;
    if ((fs::status(path, unknown).permissions() & others) != fs::perms::none) {
        return Error{
            ErrorKind::io,
            fmt::format(
                "{} holds API keys and is open to other users of this machine. Make it yours alone: chmod 600 '{}'",
                path.string(), path.string())};
    }
    auto keys = base::parse_json(*text);
    if (!keys) return bad_keys(path, "not JSON");
    if (!keys->is_object()) return bad_keys(path, "not an object");
    for (const auto& [name, key] : keys->items())
        if (!key.is_string() || key.get_ref<const std::string&>().empty())
            return bad_keys(path, "a key that is no text, or empty");
    return keys;
}

Result<void> save_keys(const fs::path& path, const base::Json& keys) {
    return base::save_file(path, base::dump_json(keys, 2) + "\n", base::FileMode::owner_only);
}

}  // namespace llmc::config
