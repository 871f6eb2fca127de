#include "markdown_text.h"

#include <algorithm>

#include "markdown_scan.h"
#include "plain_text.h"

namespace llmc::report {
namespace {

std::size_t longest_run(std::string_view text, char sign) {
    std::size_t longest = 0, run = 0;
    for (const char c : text) {
        run = c == sign ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

std::string without_last_breaks(std::string text) {
    text.resize(text.find_last_not_of('\n') + 1);
    return text;
}

std::string fenced(std::string_view clean_text, std::string_view info) {
    const std::string fence(std::max<std::size_t>(3, longest_run(clean_text, '`') + 1), '`');
    std::string out;
    out.reserve(clean_text.size() + info.size() + 2 * fence.size() + 100);
    out.append(fence).append(info) += '\n';
    std::string_view previous;
    if (!clean_text.empty()) {
        for (const std::string_view line : lines_of(clean_text)) {
            if (imitates_report(line, previous)) out += ' ';
            out += line;
            out += '\n';
            previous = line;
        }
    }
    return out += fence;
}

}  // namespace

std::string markdown_block(std::string_view text) {
    std::string block = without_last_breaks(clean(text));
    const MarkdownScan scan = scan_markdown(block);
    if (!scan.is_harmless) return fenced(block, {});
    if (!scan.closing_fence.empty()) block += '\n' + scan.closing_fence;
    return block;
}

std::string markdown_fence(std::string_view text, std::string_view info) {
    return fenced(without_last_breaks(clean(text)), info);
}

std::string markdown_quote(std::string_view markdown) {
    std::string out;
    out.reserve(markdown.size() + markdown.size() / 16 + 100);
    for (const std::string_view line : lines_of(markdown)) {
        if (!out.empty()) out += '\n';
        out += line.empty() ? ">" : "> ";
        out += line;
    }
    return out;
}

// Entities and not backslashes: a backslash that already stands there would take the escape away.
std::string markdown_inline(std::string_view text) {
    const std::string line = one_line(text);
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char next = i + 1 < line.size() ? line[i + 1] : ' ';
        if (line[i] == '<' && next != ' ' && next != '=') {
            out += "&lt;";
        } else if (line[i] == '!' && next == '[') {
            out += "&#33;";
        } else if (line[i] == '(' && i > 0 && line[i - 1] == ']') {
            out += "&#40;";
        } else {
            out += line[i];
        }
    }
    return out;
}

std::string markdown_cell(std::string_view text) {
    std::string out;
    for (const char c : markdown_inline(text)) {
        if (c == '|')
            out += "&#124;";
        else
            out += c;
    }
    return out;
}

}  // namespace llmc::report
