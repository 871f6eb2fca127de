#include "config/prompts.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text_file.h"

namespace llmc::config {
namespace {

namespace fs = std::filesystem;

std::string_view trim(std::string_view text) {
    constexpr std::string_view kWhite = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(kWhite);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

// Takes the next line off `rest`; its line break is left out.
std::string_view take_line(std::string_view& rest) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

bool is_separator(std::string_view line) {
    const auto end = line.find_last_not_of(" \t\r");
    return end != std::string_view::npos && end >= 2 && line.find_first_not_of('-') >= end + 1;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> prompts;
    while (!text.empty())
        if (const auto line = trim(take_line(text)); !line.empty()) prompts.emplace_back(line);
    return prompts;
}

std::vector<std::string> blocks_of(std::string_view text) {
    std::vector<std::string> prompts;
    std::string block;
    const auto end_block = [&] {
        if (const auto prompt = trim(block); !prompt.empty()) prompts.emplace_back(prompt);
        block.clear();
    };
    while (!text.empty()) {
        std::string_view line = take_line(text);
        if (is_separator(line)) {
            end_block();
            continue;
        }
        if (line.ends_with('\r')) line.remove_suffix(1);
        block.append(line).push_back('\n');
    }
    end_block();
    return prompts;
}

Result<std::vector<std::string>> json_lines_of(std::string_view text, const fs::path& path) {
    std::vector<std::string> prompts;
    for (int number = 1; !text.empty(); ++number) {
        const auto line = trim(take_line(text));
        if (line.empty()) continue;
        const auto fail = [&](std::string_view what) {
            return Error{ErrorKind::parse, fmt::format("{}:{}: {}. Each line holds one {{\"prompt\": \"…\"}}",
                                                       path.string(), number, what)};
        };
        const auto json = base::parse_json(line);
        if (!json) return fail(json.error().message);
        const auto prompt = base::get_string(*json, "prompt");
        if (!prompt) return fail("there is no text \"prompt\" in this line");
        if (trim(*prompt).empty()) return fail("the prompt is empty");
        prompts.push_back(*prompt);
    }
    return prompts;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

Error too_large(const fs::path& path) {
    return {ErrorKind::limit, fmt::format("{}: the file is larger than {} MiB", path.string(), kMaxPromptFile >> 20)};
}

}  // namespace

Result<std::vector<std::string>> parse_prompts(std::string_view bytes, std::string_view extension,
                                               const fs::path& path) {
    const std::string kind = lower(std::string(extension));
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
