#include <cstdlib>

#include "config/config.h"

namespace llmc::config {
namespace {

namespace fs = std::filesystem;

fs::path home(const Environment& environment) {
    const auto value = environment("HOME");
    return value && !value->empty() ? fs::path(*value) : fs::path(".");
}

// The folder that an XDG variable names. A relative one is to be ignored (XDG Base Directory Specification).
fs::path xdg_folder(const Environment& environment, const char* variable, const fs::path& otherwise) {
    const auto value = environment(variable);
    const fs::path folder = value ? fs::path(*value) : fs::path();
    return folder.is_absolute() ? folder : home(environment) / otherwise;
}

}  // namespace

Environment system_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nothing here ever sets one
        if (value == nullptr) return std::nullopt;
        return std::string(value);
    };
}

Folders folders(const Environment& environment) {
    constexpr const char* kProgram = "llm-compare";
    return {.config = xdg_folder(environment, "XDG_CONFIG_HOME", ".config") / kProgram,
            .state = xdg_folder(environment, "XDG_STATE_HOME", ".local/state") / kProgram,
            .cache = xdg_folder(environment, "XDG_CACHE_HOME", ".cache") / kProgram,
            .documents = home(environment) / "Documents" / "LLM Compare"};
}

std::string with_home_as_tilde(const std::filesystem::path& path, const Environment& environment) {
    const std::string home = expand_home("~", environment).string();
    std::string text = path.string();
    if (home.size() > 1 && text.starts_with(home) && (text.size() == home.size() || text[home.size()] == '/'))
        text.replace(0, home.size(), "~");
    return text;
}

fs::path expand_home(const fs::path& path, const Environment& environment) {
    if (path.empty() || *path.begin() != "~") return path;
    fs::path result = home(environment);
    for (auto part = std::next(path.begin()); part != path.end(); ++part) result /= *part;
    return result;
}

}  // namespace llmc::config
