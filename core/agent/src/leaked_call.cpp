#include "agent/leaked_call.h"

#include <array>

#include "base/ascii.h"
#include "base/json.h"
#include "base/white_space.h"
#include "fence.h"

namespace llmc::agent {
namespace {

using base::Json;
using suite::OfferedTools;

constexpr std::size_t kLongestName = 256;  // bytes that are looked at for the end of a name

bool is_offered(std::string_view name, const OfferedTools& tools) {
    return !name.empty() && name.size() <= kLongestName && tools.contains(std::string(name));
}

// What `text` begins with up to the first of `ends`, trimmed; empty where none of them comes soon.
std::string_view name_before(std::string_view text, std::string_view ends) {
    const auto end = text.substr(0, kLongestName).find_first_of(ends);
    return end == std::string_view::npos ? std::string_view() : base::trim(text.substr(0, end));
}

// The offered tool that a JSON object is a call of; empty where it is none.
std::string tool_of(const Json& call, const OfferedTools& tools) {
    const auto name = base::get_string(call, "name");
    const bool has_arguments = base::find(call, "arguments") != nullptr || base::find(call, "parameters") != nullptr;
    return name && has_arguments && is_offered(*name, tools) ? *name : std::string();
}

std::string tool_of_json(std::string_view text, const OfferedTools& tools) {
    const auto json = base::parse_json(base::trim(text));
    if (!json) return {};
    if (!json->is_array()) return tool_of(*json, tools);
    for (const Json& call : *json)
        if (std::string tool = tool_of(call, tools); !tool.empty()) return tool;
    return {};
}

// {"name": "f" … also where what follows is broken or cut off.
std::string tool_of_head(std::string_view text, const OfferedTools& tools) {
    text = base::trim_start(text);
    for (const std::string_view sign : {"{", "\"name\"", ":", "\""}) {
        if (!text.starts_with(sign)) return {};
        text = text.substr(sign.size());
        if (sign != "\"") text = base::trim_start(text);
    }
    const auto name = name_before(text, "\"");
    return is_offered(name, tools) ? std::string(name) : std::string();
}

// [f(a="b"), g()] as Python writes calls.
std::string tool_of_calls(std::string_view text, const OfferedTools& tools) {
    text = base::trim_start(text);
    if (!text.starts_with('[')) return {};
    int depth = 0;
    char quote = 0;
    std::size_t name_at = std::string_view::npos;  // where a name may stand
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != 0) {
            if (c == '\\') ++i;
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '(' || c == '[' || c == '{') {
            if (c == '(' && depth == 1 && name_at != std::string_view::npos) {
                const auto name = base::trim(text.substr(name_at, i - name_at));
                if (is_offered(name, tools)) return std::string(name);
            }
            name_at = ++depth == 1 ? i + 1 : std::string_view::npos;
        } else if (c == ')' || c == ']' || c == '}') {
            if (--depth <= 0) return {};
        } else if (c == ',' && depth == 1) {
            name_at = i + 1;
        }
    }
    return {};
}

std::string tool_of_lfm(std::string_view body, const OfferedTools& tools) {
    body = body.substr(0, body.find("<|tool_call_end|>"));
    std::string tool = tool_of_calls(body, tools);
    return tool.empty() ? tool_of_json(body, tools) : tool;
}

std::string tool_of_hermes(std::string_view body, const OfferedTools& tools) {
    body = body.substr(0, body.find("</tool_call>"));
    std::string tool = tool_of_head(body, tools);
    return tool.empty() ? tool_of_json(body, tools) : tool;
}

std::string tool_of_mistral(std::string_view body, const OfferedTools& tools) {
    if (base::trim_start(body).starts_with('[')) return tool_of_json(body, tools);
    const auto name = name_before(body, "[{");
    const auto arguments = body.substr(0, 2 * kLongestName).find("[ARGS]");
    if (arguments == std::string_view::npos || !base::trim_start(body.substr(arguments + 6)).starts_with('{'))
        return {};
    return is_offered(name, tools) ? std::string(name) : std::string();
}

std::string tool_of_invoke(std::string_view body, const OfferedTools& tools) {
    body = base::trim_start(body);
    if (!body.starts_with('"') && !body.starts_with('\'')) return {};
    const auto name = name_before(body.substr(1), body.substr(0, 1));
    return is_offered(name, tools) ? std::string(name) : std::string();
}

std::string tool_of_function(std::string_view body, const OfferedTools& tools) {
    const auto name = name_before(body, ">");
    return is_offered(name, tools) ? std::string(name) : std::string();
}

struct Notation {
    std::string_view marker, name;
    // What stands behind the marker, up to the next one.
    std::string (*tool)(std::string_view body, const OfferedTools& tools);
};
constexpr std::array<Notation, 5> kNotations = {{
    {"<|tool_call_start|>", "<|tool_call_start|>", tool_of_lfm},
    {"<tool_call>", "<tool_call>", tool_of_hermes},
    {"[TOOL_CALLS]", "[TOOL_CALLS]", tool_of_mistral},
    {"<invoke name=", "<invoke>", tool_of_invoke},
    {"<function=", "<function=…>", tool_of_function},
}};

// Each body ends at the next marker, so that all of them together are the text.
std::string tool_of_notation(const Notation& notation, std::string_view text, const OfferedTools& tools) {
    for (auto at = text.find(notation.marker); at != std::string_view::npos;) {
        const std::size_t begin = at + notation.marker.size();
        at = text.find(notation.marker, begin);
        if (std::string tool = notation.tool(text.substr(begin, at - begin), tools); !tool.empty()) return tool;
    }
    return {};
}

// <|start|>assistant to=functions.f<|channel|>commentary<|message|>{…}, in either order.
std::string tool_of_harmony(std::string_view text, const OfferedTools& tools) {
    constexpr std::string_view kMessage = "<|message|>", kTo = "to=functions.";
    std::size_t begin = 0;
    for (auto at = text.find(kMessage); at != std::string_view::npos; at = text.find(kMessage, begin)) {
        std::string_view head = text.substr(begin, at - begin);
        begin = at + kMessage.size();
        for (const std::string_view end : {"<|end|>", "<|call|>", "<|start|>"})
            if (const auto last = head.rfind(end); last != std::string_view::npos)
                head = head.substr(last + end.size());
        const auto to = head.rfind(kTo);
        if (to == std::string_view::npos || head.find("<|channel|>") == std::string_view::npos) continue;
        const auto blank = text.find_first_not_of(base::kBlanks, begin);
        if (blank == std::string_view::npos || text[blank] != '{') continue;
        const auto name = head.substr(to + kTo.size());
        const auto end = name.find_first_of(" \t\r\n<");
        if (is_offered(name.substr(0, end), tools)) return std::string(name.substr(0, end));
    }
    return {};
}

std::optional<LeakedCall> find_in(std::string_view text, const OfferedTools& tools) {
    for (const Notation& notation : kNotations)
        if (std::string tool = tool_of_notation(notation, text, tools); !tool.empty())
            return LeakedCall{std::move(tool), notation.name};
    if (std::string tool = tool_of_harmony(text, tools); !tool.empty()) return LeakedCall{std::move(tool), "Harmony"};
    const std::string_view whole = without_fence(text);
    if (!whole.starts_with('{')) return std::nullopt;
    if (std::string tool = tool_of_json(whole, tools); !tool.empty()) return LeakedCall{std::move(tool), "JSON"};
    return std::nullopt;
}

}  // namespace

std::optional<LeakedCall> find_leaked_call(std::string_view text, std::string_view reasoning,
                                           const OfferedTools& tools) {
    if (!base::shows_nothing(text)) return find_in(text, tools);
    auto found = find_in(reasoning, tools);
    if (found) found->is_in_reasoning = true;
    return found;
}

}  // namespace llmc::agent
