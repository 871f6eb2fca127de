// A damaged config is refused with its place, or read; what was read is written and read again as the same.
#include "config/config.h"

#include <string>

#include "config/prompts.h"
#include "targets.h"

namespace llmc::fuzz {

void config(std::string_view bytes) {
    const config::Environment environment = [](const std::string& name) {
        return name == "HOME" ? std::optional<std::string>("/home/ada") : std::nullopt;
    };
    const config::Folders folders = config::folders(environment);
    const auto read = config::parse(bytes, "/c/config.json", folders, environment);
    if (read) {
        const std::string text = config::to_text(*read, folders);
        const auto again = config::parse(text, "/c/config.json", folders, environment);
        promise(again.ok(), "what is written can be read");
        promise(config::to_text(*again, folders) == text, "a config that is read again is the same");
    } else {
        promise(read.error().message.find("/c/config.json") != std::string::npos, "an error names the file");
    }
    for (const char* extension : {".txt", ".md", ".jsonl"}) {
        const auto prompts = config::parse_prompts(bytes, extension, "prompts");
        promise(prompts.ok() ? !prompts->empty() : prompts.error().message.find("prompts") != std::string::npos,
                "there are prompts, or an error that names the file");
    }
}

}  // namespace llmc::fuzz
