#include "plain_text.h"

#include <array>
#include <utility>

#include "ascii.h"
#include "base/utf8.h"

namespace llmc::openai {
namespace {

constexpr std::size_t kMaxText = 64 * 1024;  // bytes of a body that are looked at

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kEntities = {{
    {"&lt;", "<"},
    {"&gt;", ">"},
    {"&quot;", "\""},
    {"&#39;", "'"},
    {"&nbsp;", " "},
    {"&amp;", "&"},  // last, so that "&amp;lt;" stays "&lt;"
}};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

// Every tag becomes a line break, so that the words of two elements are not glued together.
std::string without_tags(std::string_view html) {
    std::string text;
    std::size_t pos = 0;
    while (pos < html.size()) {
        if (html[pos] != '<') {
            text += html[pos++];
            continue;
        }
        const std::string name = to_lower(html.substr(pos, 8));
        std::string_view end = ">";
        if (name.starts_with("<script")) end = "</script>";
        if (name.starts_with("<style")) end = "</style>";
        if (name.starts_with("<!--")) end = "-->";
        const auto close = html.find(end, pos);
        if (close == std::string_view::npos) break;
        pos = close + end.size();
        text += '\n';
    }
    return text;
}

}  // namespace

std::string first_line(std::string_view body, bool is_html) {
    const std::string valid = base::to_valid_utf8(body.substr(0, kMaxText));
    const std::string text = is_html ? without_tags(valid) : valid;
    for (std::string_view rest = text; !rest.empty();) {
        const auto end = rest.find('\n');
        const std::string_view line = trim(rest.substr(0, end));
        if (!line.empty()) {
            std::string words(line);
            if (is_html)
                for (const auto& [entity, sign] : kEntities) replace_all(words, entity, sign);
            return words;
        }
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 1);
    }
    return {};
}

bool looks_like_html(std::string_view content_type, std::string_view body) {
    return to_lower(content_type).find("html") != std::string::npos || trim_start(body).starts_with('<');
}

}  // namespace llmc::openai
