// A damaged config is refused with its place, or read.
#include <cstdint>
#include <cstdlib>

#include "config/config.h"
#include "config/prompts.h"

using namespace llmc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto nothing_set = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
    const auto config = config::parse(bytes, "config.json", {"c", "s", "x", "d"}, nothing_set);
    if (!config.ok() && config.error().message.find("config.json") == std::string::npos) std::abort();
    for (const char* extension : {".txt", ".md", ".jsonl"}) (void)config::parse_prompts(bytes, extension, "prompts");
    return 0;
}
