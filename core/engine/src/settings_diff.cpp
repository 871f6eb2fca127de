#include "settings_diff.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace llmc::engine {
namespace {

std::string words(double value) {
    return fmt::format("{}", value);
}
std::string words(std::int64_t value) {
    return fmt::format("{}", value);
}
std::string words(const std::string& value) {
    return fmt::format("\"{}\"", value);
}
std::string words(const std::vector<std::string>& value) {
    return fmt::format("[{}]", fmt::join(value, ", "));
}
template <class T>
std::string words(const std::optional<T>& value) {
    return value ? words(*value) : "unset";
}

template <class T>
void compare(std::vector<std::string>& changes, std::string_view name, const T& before, const T& after) {
    if (before != after) changes.push_back(fmt::format("{} {} -> {}", name, words(before), words(after)));
}

void compare_own(std::vector<std::string>& changes, const std::string& label, const session::Candidate& before,
                 const session::Candidate& after) {
    std::vector<std::string> own;
    compare(own, "model", before.model_id, after.model_id);
    compare(own, "label", before.display_name, after.display_name);
    compare(own, "server", before.server, after.server);
    compare(own, "temperature", before.own.temperature, after.own.temperature);
    compare(own, "top_p", before.own.top_p, after.own.top_p);
    compare(own, "max tokens", before.own.max_tokens, after.own.max_tokens);
    compare(own, "seed", before.own.seed, after.own.seed);
    compare(own, "not sent", before.own.not_sent, after.own.not_sent);
    compare(own, "stop", before.own.stop, after.own.stop);
    if (before.own.system_prompt != after.own.system_prompt) own.push_back("system prompt changed");
    if (before.own.extra_body != after.own.extra_body) own.push_back("extra_body changed");
    for (std::string& one : own) changes.push_back(fmt::format("{}: {}", label, one));
}

}  // namespace

std::vector<std::string> settings_diff(const session::Session& before, const session::Settings& settings,
                                       const std::vector<session::Candidate>& candidates) {
    std::vector<std::string> changes;
    compare(changes, "temperature", before.settings.temperature, settings.temperature);
    compare(changes, "top_p", before.settings.top_p, settings.top_p);
    compare(changes, "max tokens", before.settings.max_tokens, settings.max_tokens);
    compare(changes, "seed", before.settings.seed, settings.seed);
    compare(changes, "stop", before.settings.stop, settings.stop);
    compare(changes, "timeout (s)", before.settings.timeout_s, settings.timeout_s);
    if (before.settings.system_prompt != settings.system_prompt) changes.push_back("system prompt changed");
    if (before.settings.order != settings.order)
        changes.push_back(fmt::format("order {} -> {}", session::order_name(before.settings.order),
                                      session::order_name(settings.order)));

    for (const session::Candidate& old : before.candidates) {
        if (old.is_removed) continue;
        const auto now =
            std::find_if(candidates.begin(), candidates.end(), [&](const auto& one) { return one.id == old.id; });
        if (now == candidates.end())
            changes.push_back(fmt::format("{} removed", old.name()));
        else
            compare_own(changes, old.name(), old, *now);
    }
    for (const session::Candidate& candidate : candidates)
        if (!before.find_candidate(candidate.id)) changes.push_back(fmt::format("{} added", candidate.name()));
    return changes;
}

}  // namespace llmc::engine
