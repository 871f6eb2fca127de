#include "session/candidate.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "openai/manifest.h"

namespace llmc::session {
namespace {

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

}  // namespace llmc::session
