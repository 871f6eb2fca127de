#include "config/discovery.h"

#include <algorithm>
#include <charconv>
#include <future>

namespace llmc::config {
namespace {

constexpr std::size_t kMaxPorts = 64;
constexpr std::chrono::milliseconds kLookFor{1800};

// On this machine an answer comes at once or not at all.
constexpr net::Deadlines kDeadlines{
    .connect = std::chrono::milliseconds{500}, .no_progress = std::chrono::seconds{1}, .total = kLookFor};

std::optional<Discovered> look(net::HttpClient& client, const net::BaseUrl& url,
                               const net::Cancellation& cancellation) {
    openai::ManifestHints hints;
    auto manifest = openai::fetch_manifest(client, {.url = url}, kDeadlines, hints, cancellation);
    // Without a list it may be any web server.
    if (!manifest || manifest->list == openai::Manifest::List::none) return std::nullopt;
    return Discovered{url, *std::move(manifest)};
}

}  // namespace

std::vector<int> discovery_ports(const std::optional<std::string>& from_environment) {
    std::vector<int> ports;
    if (!from_environment) {
        for (const openai::Dialect* dialect : openai::dialects())
            for (const int port : dialect->ports)
                if (port != 0) ports.push_back(port);
        return ports;
    }
    const std::string& text = *from_environment;
    for (std::size_t begin = 0; begin < text.size() && ports.size() < kMaxPorts;) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        const std::size_t digits = std::min(text.find_first_not_of(' ', begin), end);
        int port = 0;
        const auto [stop, error] = std::from_chars(text.data() + digits, text.data() + end, port);
        const bool is_number =
            error == std::errc() && text.find_first_not_of(' ', static_cast<std::size_t>(stop - text.data())) >= end;
        if (is_number && port >= 1 && port <= 65535 && std::find(ports.begin(), ports.end(), port) == ports.end())
            ports.push_back(port);
        begin = end + 1;
    }
    return ports;
}

std::vector<Discovered> discover(net::HttpClient& client, const std::vector<int>& ports) {
    net::Cancellation cancellation;
    std::vector<std::future<std::optional<Discovered>>> looks;
    for (const int port : ports) {
        const auto url = net::BaseUrl::parse("http://127.0.0.1:" + std::to_string(port));
        if (url)
            // Deferred where the system has no more threads: it is not looked for there then.
            looks.push_back(std::async(std::launch::async | std::launch::deferred, [&client, url = *url, cancellation] {
                return look(client, url, cancellation);
            }));
    }
    // A manifest takes several requests, each with a deadline of its own: together they get no more than this.
    const auto deadline = std::chrono::steady_clock::now() + kLookFor;
    for (auto& one : looks) one.wait_until(deadline);
    cancellation.cancel();
    std::vector<Discovered> found;
    for (auto& one : looks)
        if (auto discovered = one.get()) found.push_back(*std::move(discovered));
    return found;
}

}  // namespace llmc::config
