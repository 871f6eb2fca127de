#include "settings_diff.h"

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

}  // namespace

std::vector<std::string> settings_diff(const session::Settings& before, const session::Settings& after) {
    std::vector<std::string> changes;
    compare(changes, "temperature", before.temperature, after.temperature);
    compare(changes, "top_p", before.top_p, after.top_p);
    compare(changes, "max tokens", before.max_tokens, after.max_tokens);
    compare(changes, "seed", before.seed, after.seed);
    compare(changes, "stop", before.stop, after.stop);
    compare(changes, "timeout (s)", before.timeout_s, after.timeout_s);
    compare(changes, "connect timeout (s)", before.connect_timeout_s, after.connect_timeout_s);
    compare(changes, "total timeout (s)", before.total_timeout_s, after.total_timeout_s);
    if (before.system_prompt != after.system_prompt) changes.push_back("system prompt changed");
    if (before.order != after.order)
        changes.push_back(
            fmt::format("order {} -> {}", session::order_name(before.order), session::order_name(after.order)));
    if (before.on_failure != after.on_failure)
        changes.push_back(fmt::format("on failure {} -> {}", session::on_failure_name(before.on_failure),
                                      session::on_failure_name(after.on_failure)));
    return changes;
}

std::vector<std::string> candidate_diff(const session::Candidate& before, const session::Candidate& after) {
    std::vector<std::string> changes;
    compare(changes, "model", before.model_id, after.model_id);
    compare(changes, "label", before.display_name, after.display_name);
    compare(changes, "server", before.server, after.server);
    compare(changes, "temperature", before.own.temperature, after.own.temperature);
    compare(changes, "top_p", before.own.top_p, after.own.top_p);
    compare(changes, "max tokens", before.own.max_tokens, after.own.max_tokens);
    compare(changes, "seed", before.own.seed, after.own.seed);
    compare(changes, "not sent", before.own.not_sent, after.own.not_sent);
    compare(changes, "stop", before.own.stop, after.own.stop);
    if (before.own.system_prompt != after.own.system_prompt) changes.push_back("system prompt changed");
    if (before.own.extra_body != after.own.extra_body) changes.push_back("extra_body changed");
    for (std::string& one : changes) one = fmt::format("{}: {}", before.name(), one);
    return changes;
}

}  // namespace llmc::engine
