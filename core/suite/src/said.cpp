#include "said.h"

#include <vector>

#include <fmt/format.h>

#include "base/utf8.h"

namespace llmc::suite {

using base::OrderedJson;

Said said(const OrderedJson& suite, std::size_t prompt, std::string_view key) {
    const OrderedJson& own = suite.at("prompts").at(prompt);
    if (own.is_object())
        if (const auto found = own.find(key); found != own.end())
            return {&*found, fmt::format("/prompts/{}/{}", prompt, key), true};
    if (const auto found = suite.find(key); found != suite.end()) return {&*found, fmt::format("/{}", key)};
    return {};
}

void need_values(base::JsonFile& file, const Filler& filler, const std::string& pointer) {
    if (!filler.missing()) return;
    const std::string missing = base::for_terminal_line(*filler.missing());
    std::vector<std::string> names;
    for (const auto& [name, value] : filler.values().items())
        if (!value.is_null()) names.push_back(base::for_terminal_line(name));
    const std::string there = names.empty() ? "nor has another name" : "there are: ";
    file.fail(pointer, fmt::format("{{{{{}}}}} has no value ({}{}); \\{{{{{}}}}} would be a text", missing, there,
                                   fmt::join(names, ", "), missing));
}

std::string pointer_to(const std::string& pointer, std::string_view key) {
    std::string whole = pointer + '/';
    for (const char c : key) {
        if (c == '~')
            whole += "~0";
        else if (c == '/')
            whole += "~1";
        else
            whole += c;
    }
    return whole;
}

}  // namespace llmc::suite
