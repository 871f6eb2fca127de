#include "settings_diff.h"

#include <fmt/format.h>

namespace llmc::engine {
namespace {

using Changes = std::vector<std::string>;

void compare(Changes& changes, std::string_view name, const base::OrderedJson& before, const base::OrderedJson& after) {
    if (before != after)
        changes.push_back(
            fmt::format("{} {} -> {}", name, session::text_of(before, "unset"), session::text_of(after, "unset")));
}

// Of Settings, or of Overrides.
template <class T>
void compare_settings(Changes& changes, const T& before, const T& after) {
    for (const session::Setting& setting : session::all_settings())
        compare(changes, setting.words, session::value_of(setting, before), session::value_of(setting, after));
    if (before.system_prompt != after.system_prompt) changes.emplace_back("system prompt changed");
}

}  // namespace

Changes settings_diff(const session::Settings& before, const session::Settings& after) {
    Changes changes;
    compare_settings(changes, before, after);
    return changes;
}

Changes candidate_diff(const session::Candidate& before, const session::Candidate& after) {
    Changes changes;
    const auto quoted = [](const std::string& text) { return '"' + text + '"'; };
    compare(changes, "model", quoted(before.model_id), quoted(after.model_id));
    compare(changes, "label", quoted(before.display_name), quoted(after.display_name));
    compare(changes, "server", quoted(before.server), quoted(after.server));
    compare_settings(changes, before.own, after.own);
    compare(changes, "not sent", before.own.not_sent, after.own.not_sent);
    if (before.own.extra_body != after.own.extra_body) changes.emplace_back("extra_body changed");
    for (std::string& one : changes) one = fmt::format("{}: {}", before.name(), one);
    return changes;
}

}  // namespace llmc::engine
