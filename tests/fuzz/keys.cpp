// Damaged keys are refused without a word of theirs, or read.
#include <filesystem>
#include <fstream>
#include <string>

#include "base/ids.h"
#include "config/config.h"
#include "targets.h"

namespace llmc::fuzz {
namespace {

namespace fs = std::filesystem;

// A file that only its owner may read, gone at the end of the process's life.
struct PrivateFile {
    PrivateFile() { fs::create_directories(path.parent_path()); }
    ~PrivateFile() { fs::remove_all(path.parent_path()); }
    void put(std::string_view bytes) const {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
        fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    }
    fs::path path = fs::temp_directory_path() / ("llm-compare-fuzz-" + base::random_id()) / "keys.json";
};

}  // namespace

void keys(std::string_view bytes) {
    static const PrivateFile file;
    file.put(bytes);
    const auto keys = config::load_keys(file.path);
    if (keys) {
        promise(keys->is_object(), "keys are an object");
        for (const auto& [name, key] : keys->items()) promise(key.is_string(), "each key is a text");
        return;
    }
    // The same words whatever stands in the file: it may be a key.
    std::string message = keys.error().message;
    promise(message.starts_with(file.path.string() + ": ") || message.find(" holds API keys") != std::string::npos,
            "an error names the file");
    message.erase(0, file.path.string().size());
    promise(message.size() < 200 && message.find("sk-") == std::string::npos, "an error holds nothing of the file");
}

}  // namespace llmc::fuzz
