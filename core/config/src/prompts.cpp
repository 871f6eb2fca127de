#include "config/prompts.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text_file.h"
#include "base/white_space.h"

namespace llmc::config {
namespace {

namespace fs = std::filesystem;

using base::shows_nothing;
using base::trimmed;

// Takes the next line off `rest`; its end is left out: LF, CR LF or CR.
std::string_view take_line(std::string_view& rest) {
    const auto end = std::min(rest.find_first_of("\r\n"), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end);
    rest.remove_prefix(rest.starts_with("\r\n") ? 2 : std::min<std::size_t>(rest.size(), 1));
    return line;
}

bool is_separator(std::string_view line) {
    line = base::trim_end(line);
    return line.size() >= 3 && line.find_first_not_of('-') == std::string_view::npos;
}

// What a line that opens or closes a fenced code block begins with: "```" or more, "~~~" or more.
struct Fence {
    char sign = 0;  // 0: none
    std::size_t size = 0;
    std::string_view info;
};

Fence fence_of(std::string_view line) {
    line = base::trim_start(line);
    if (!line.starts_with("```") && !line.starts_with("~~~")) return {};
    const std::size_t size = std::min(line.find_first_not_of(line[0]), line.size());
    const std::string_view info = base::trim_end(line.substr(size));
    if (line[0] == '`' && info.find('`') != std::string_view::npos) return {};  // code in a line of text
    return {line[0], size, info};
}

// The text behind the line that closes `fence`; nothing where none does: then it is no fence.
std::optional<std::string_view> behind(const Fence& fence, std::string_view rest) {
    while (!rest.empty()) {
        const Fence end = fence_of(take_line(rest));
        if (end.sign == fence.sign && end.size >= fence.size && end.info.empty()) return rest;
    }
    return std::nullopt;
}

// "title: x" and the like.
bool is_yaml_key(std::string_view line) {
    const auto end = line.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.\"'");
    if (end == 0 || end == std::string_view::npos || line[end] != ':') return false;
    return end + 1 == line.size() || line[end + 1] == ' ' || line[end + 1] == '\t';
}

// Without the front matter of Jekyll, Hugo, Obsidian and others: YAML between lines of three dashes at the top. What is
// no YAML mapping there is a prompt.
std::string_view without_front_matter(std::string_view text) {
    std::string_view rest = text;
    if (base::trim_end(take_line(rest)) != "---") return text;
    bool has_key = false;
    while (!rest.empty()) {
        const std::string_view line = base::trim_end(take_line(rest));
        if (line == "---" || line == "...") return has_key ? rest : text;
        const bool is_key = is_yaml_key(line);
        const bool goes_on = line.empty() || line[0] == '#' ||
                             (has_key && std::string_view(" \t-]}").find(line[0]) != std::string_view::npos);
        if (!is_key && !goes_on) return text;
        has_key = has_key || is_key;
    }
    return text;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> prompts;
    while (!text.empty())
        if (const auto line = take_line(text); !shows_nothing(line)) prompts.emplace_back(trimmed(line));
    return prompts;
}

// Without what shows nothing before and behind it; the first line keeps its indentation, which means something.
std::string_view block_text(std::string_view block) {
    std::size_t begin = block.size(), end = 0;
    for (std::string_view rest = block; !rest.empty();) {
        const std::size_t at = block.size() - rest.size();
        const std::string_view line = take_line(rest);
        if (shows_nothing(line)) continue;
        begin = std::min(begin, at);
        end = at + line.size();
    }
    return begin < end ? base::trim_end(block.substr(begin, end - begin)) : std::string_view();
}

std::vector<std::string> blocks_of(std::string_view text) {
    std::vector<std::string> prompts;
    std::string block;
    const auto end_block = [&] {
        if (const auto prompt = block_text(block); !prompt.empty()) prompts.emplace_back(prompt);
        block.clear();
    };
    text = without_front_matter(text);
    std::string_view behind_fence = text;  // lines before it lie in a fence
    std::size_t never_closed_from[2] = {std::string::npos, std::string::npos};
    while (!text.empty()) {
        const bool is_fenced = text.size() > behind_fence.size();
        const std::string_view line = take_line(text);
        if (!is_fenced) {
            if (is_separator(line)) {
                end_block();
                continue;
            }
            // Where a fence of some size is not closed, no longer one is.
            const Fence fence = fence_of(line);
            std::size_t& never_closed = never_closed_from[fence.sign == '~'];
            if (fence.sign != 0 && fence.size < never_closed) {
                if (const auto rest = behind(fence, text))
                    behind_fence = *rest;
                else
                    never_closed = fence.size;
            }
        }
        block.append(line).push_back('\n');
    }
    end_block();
    return prompts;
}

Result<std::vector<std::string>> json_lines_of(std::string_view text, const fs::path& path) {
    std::vector<std::string> prompts;
    for (int number = 1; !text.empty(); ++number) {
        const auto line = trimmed(take_line(text));
        if (shows_nothing(line)) continue;
        const auto fail = [&](std::string_view what) {
            return Error{ErrorKind::parse, fmt::format("{}:{}: {}. Each line holds one {{\"prompt\": \"…\"}}",
                                                       path.string(), number, what)};
        };
        const auto json = base::parse_json(line);
        if (!json) return fail(json.error().message);
        const auto prompt = base::get_string(*json, "prompt");
        if (!prompt) return fail("there is no text \"prompt\" in this line");
        if (shows_nothing(*prompt)) return fail("the prompt is empty");
        prompts.push_back(*prompt);
    }
    return prompts;
}

Error too_large(const fs::path& path) {
    return {ErrorKind::limit, fmt::format("{}: the file is larger than {} MiB", path.string(), kMaxPromptFile >> 20)};
}

}  // namespace

Result<std::vector<std::string>> parse_prompts(std::string_view bytes, std::string_view extension,
                                               const fs::path& path) {
    const std::string kind = base::to_lower(extension);
    if (kind == ".json") {
        return Error{ErrorKind::usage,
                     fmt::format("{}: a .json file is a suite, not a list of prompts", path.string())};
    }
    if (kind != ".txt" && kind != ".md" && kind != ".jsonl") {
        return Error{ErrorKind::usage,
                     fmt::format("{}: prompts are read from .txt, .md and .jsonl files only", path.string())};
    }
    if (bytes.size() > kMaxPromptFile) return too_large(path);
    if (const auto is_utf8 = base::check_utf8(bytes, path); !is_utf8) return is_utf8.error();

    const std::string_view text = base::without_byte_order_mark(bytes);
    Result<std::vector<std::string>> prompts = kind == ".jsonl" ? json_lines_of(text, path)
                                               : kind == ".md"  ? blocks_of(text)
                                                                : lines_of(text);
    if (prompts && prompts->empty())
        return Error{ErrorKind::parse, fmt::format("{}: there is no prompt in this file", path.string())};
    return prompts;
}

Result<std::vector<std::string>> load_prompts(const fs::path& path) {
    const auto bytes = base::read_file(path, kMaxPromptFile);
    if (!bytes) return bytes.error().kind == ErrorKind::limit ? too_large(path) : bytes.error();
    return parse_prompts(*bytes, path.extension().string(), path);
}

}  // namespace llmc::config
