#include "session/candidate.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "openai/manifest.h"

namespace llmc::session {
namespace {

constexpr std::array<std::pair<Order, std::string_view>, 4> kOrders{{{Order::swap_aware, "swap-aware"},
                                                                     {Order::rotate, "rotate"},
                                                                     {Order::listed, "listed"},
                                                                     {Order::by_model, "by-model"}}};

constexpr std::array<std::pair<OnFailure, std::string_view>, 2> kOnFailures{
    {{OnFailure::halt, "halt"}, {OnFailure::keep_going, "continue"}}};

template <class Enum, std::size_t N>
std::string_view name_of(Enum value, const std::array<std::pair<Enum, std::string_view>, N>& table) {
    for (const auto& [entry, name] : table)
        if (entry == value) return name;
    return "";
}

template <class Enum, std::size_t N>
std::optional<Enum> value_of(std::string_view name, const std::array<std::pair<Enum, std::string_view>, N>& table) {
    for (const auto& [entry, entry_name] : table)
        if (entry_name == name) return entry;
    return std::nullopt;
}

bool is_place_of(const net::BaseUrl& place, const net::BaseUrl& written) {
    const auto places = openai::places_of(written);
    return std::any_of(places.begin(), places.end(), [&](const auto& one) { return one.text() == place.text(); });
}

}  // namespace

std::vector<std::string> unique_labels(const std::vector<Candidate>& candidates) {
    std::vector<std::string> labels;
    std::unordered_set<std::string> taken;
    labels.reserve(candidates.size());
    for (const Candidate& candidate : candidates) {
        std::string label = candidate.name();
        for (int n = 2; !taken.insert(label).second; ++n) label = fmt::format("{} ({})", candidate.name(), n);
        labels.push_back(std::move(label));
    }
    return labels;
}

bool names_server(std::string_view text, const Server& server) {
    if (text.empty()) return false;
    if (text == server.name || text == server.url.host_port()) return true;
    const auto url = net::BaseUrl::parse(text);
    if (!url) return false;
    // Either may be the address as it was written, the other the place where the server was found.
    return is_place_of(server.url, *url) || is_place_of(*url, server.url);
}

std::string_view order_name(Order order) {
    return name_of(order, kOrders);
}
std::optional<Order> order_from(std::string_view name) {
    return value_of(name, kOrders);
}

std::string_view on_failure_name(OnFailure on_failure) {
    return name_of(on_failure, kOnFailures);
}
std::optional<OnFailure> on_failure_from(std::string_view name) {
    return value_of(name, kOnFailures);
}

AnswerSettings in_force(const Settings& settings, const Overrides& own) {
    AnswerSettings result;
    const auto choose = [&own](const auto& value, const auto& common, std::string_view key) {
        const bool is_left = std::find(own.not_sent.begin(), own.not_sent.end(), key) != own.not_sent.end();
        return value || is_left ? value : common;
    };
    result.temperature = choose(own.temperature, settings.temperature, "temperature");
    result.top_p = choose(own.top_p, settings.top_p, "top_p");
    result.max_tokens = choose(own.max_tokens, settings.max_tokens, "max_tokens");
    result.seed = choose(own.seed, settings.seed, "seed");
    result.stop = own.stop.value_or(settings.stop);
    result.system_prompt = own.system_prompt.value_or(settings.system_prompt);
    result.timeout_s = settings.timeout_s;
    result.extra_body = own.extra_body;
    return result;
}

}  // namespace llmc::session
