#include <fmt/format.h>

#include "base/file.h"
#include "base/text_file.h"
#include "config/config.h"

namespace llmc::config {
namespace {

constexpr std::size_t kMaxSystemPrompt = std::size_t{16} << 20;  // bytes

}  // namespace

Result<std::string> read_text_file(const std::filesystem::path& path) {
    const auto bytes = base::read_file(path, kMaxSystemPrompt);
    if (!bytes) return bytes.error();
    if (const auto is_utf8 = base::check_utf8(*bytes, path); !is_utf8) return is_utf8.error();
    std::string_view text = base::without_byte_order_mark(*bytes);
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return std::string(text);
}

Result<SystemPrompt> system_prompt(const Config& config, const std::filesystem::path& config_path) {
    if (config.system_prompt_file) {
        auto text = read_text_file(*config.system_prompt_file);
        if (!text) return text.error();
        return SystemPrompt{*std::move(text),
                            fmt::format("system_prompt_file {}", config.system_prompt_file->string())};
    }
    if (config.has_system_prompt) return SystemPrompt{config.settings.system_prompt, config_path.filename().string()};
    const auto beside = config_path.parent_path() / "system_prompt.txt";
    auto text = read_text_file(beside);
    if (text) return SystemPrompt{*std::move(text), beside.string()};
    if (text.error().kind != ErrorKind::not_found) return text.error();
    return SystemPrompt{session::Settings().system_prompt, "default"};
}

}  // namespace llmc::config
