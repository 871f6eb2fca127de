#include "session/candidate.h"

#include <array>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

namespace llmc::session {
namespace {

constexpr int kUsualPort = 1234;  // LM Studio's; tried where an address has no port

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
    const std::string wanted = server.url.text();
    return url->text() == wanted || (!url->has_explicit_port() && url->with_port(kUsualPort).text() == wanted);
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
    result.temperature = own.temperature.value_or(settings.temperature);
    result.top_p = own.top_p ? own.top_p : settings.top_p;
    result.max_tokens = own.max_tokens.value_or(settings.max_tokens);
    result.seed = own.seed ? own.seed : settings.seed;
    result.stop = own.stop.value_or(settings.stop);
    result.system_prompt = own.system_prompt.value_or(settings.system_prompt);
    result.timeout_s = settings.timeout_s;
    result.extra_body = own.extra_body;
    return result;
}

}  // namespace llmc::session
